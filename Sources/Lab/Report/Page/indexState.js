// What is shown, kept in the address, so that it is there again after a reload and can be a bookmark.
// Picked runs have places, which give them their colours; a place may be empty.
const State = (() => {
  const mostPicked = 50;
  const state = {};
  const read = () => {
    const told = new URLSearchParams(location.hash.slice(1));
    const whole = (text, least) => /^\d{1,15}$/.test(text ?? "") && Number(text) >= least ? Number(text) : null;
    const page = whole(told.get("page"), 1) ?? 1;
    const places = told.get("picks")?.split(",").slice(0, mostPicked).map(text => whole(text, 0));
    Object.assign(state, {
      search: told.get("search") ?? "", sort: told.get("sort"), isDescending: told.get("descending") === "1",
      page, columns: told.has("columns") ? told.get("columns").split("|").filter(title => title) : null,
      // Nobody has picked yet: the page does.
      isOwnChoice: !places,
      places: (places ?? []).map((run, at) => run !== null && places.indexOf(run) === at ? run : null),
    });
  };
  const address = () => {
    const told = new URLSearchParams();
    if (state.search) told.set("search", state.search);
    if (state.sort !== null) told.set("sort", state.sort);
    if (state.sort !== null && state.isDescending) told.set("descending", "1");
    if (state.page > 1) told.set("page", state.page);
    if (state.columns) told.set("columns", state.columns.join("|"));
    if (!state.isOwnChoice) told.set("picks", state.places.map(run => run ?? "").join());
    const text = told.toString().replaceAll("%2C", ",").replaceAll("%7C", "|");
    return location.pathname + location.search + (text && "#" + text);
  };
  // A browser takes so many changes a second and no more.
  let [last, timer] = [-Infinity, null];
  const write = () => {
    clearTimeout(timer);
    const wait = last + 250 - performance.now();
    if (wait > 0) timer = setTimeout(write, wait);
    else {
      last = performance.now();
      history.replaceState(null, "", address());
    }
  };
  read();
  return { state, read, write, mostPicked };
})();
