// The laboratory's page: its parts, and what one tells the others.
const indexPage = (section, curveSection, empty) => {
  const { state } = State;
  const [size, mostOwn] = [50, 8];
  // What is known of runs: names as they were seen, statuses as they were told.
  const [names, statuses] = [new Map(), new Map()];
  let newest = 0;
  // The search that the rows are of: the last one that was right.
  let [search, right] = [state.search, ""];

  const show = ({ own = false, left = 0 } = {}) => {
    if (!own) State.write();
    picks.draw(left);
    table.shade();
  };
  const choose = change => {
    state.isOwnChoice = false;
    const left = change();
    show({ left });
    curves.ask();
  };
  const add = runs => choose(() => runs.filter(run => !Picks.add(run)).length);
  const remove = run => choose(() => Picks.remove(run));
  const toggle = run => Picks.has(run) ? remove(run) : add([run]);
  const turn = change => {
    Object.assign(state, change);
    State.write();
    table.element.setAttribute("aria-busy", true);
    rows.ask();
  };

  const table = indexTable({
    toggle,
    sort(column) {
      const isRun = column.role === "run";
      const isBy = state.sort === null ? isRun : state.sort === column.title;
      const isDescending = isBy && !(state.sort === null || state.isDescending);
      // The newest first is how it is without an order.
      turn({ page: 1, sort: isRun && isDescending ? null : column.title, isDescending });
    },
  });
  const searching = searchTool(input => {
    search = input.value.trim();
    turn({ page: 1, search });
  });
  const columns = columnsTool(table, () => {
    State.write();
    table.draw();
    columns.draw();
  });
  const pages = pagesTool(size, page => turn({ page }));
  const picks = picksTool({
    all: () => add(table.runs()),
    none: () => choose(() => { state.places.length = 0; }),
  });
  const news = newsList();
  const learning = indexCurves({ section: curveSection, nameOf: run => names.get(run) ?? "", remove });

  const rows = question(() => {
    if (live.isLost()) return null;
    const query = new URLSearchParams({ offset: (state.page - 1) * size, limit: size });
    if (search) query.set("search", search);
    if (state.sort !== null) query.set("sort", state.sort);
    if (state.sort !== null && state.isDescending) query.set("descending", "1");
    return "/api/runs?" + query;
  }, told => {
    table.element.removeAttribute("aria-busy");
    if (told.error !== undefined) {
      searching.draw(told.error);
      search = right;
      if (!table.columns().length) rows.ask();
      return;
    }
    right = search;
    live.failed("");
    const last = pages.lastOf(told.matching);
    if (state.page > last) return turn({ page: last });
    drawRows(told);
  }, text => {
    table.element.removeAttribute("aria-busy");
    live.failed(text);
  });
  // Whether there are rows yet: whatever else is asked comes after them.
  let [total, isShown] = [0, false];
  const drawRows = told => {
    const before = table.runs();
    table.take(told);
    if (told.total < total) {
      const here = new Set(table.runs());
      check([...new Set([...Picks.runs(), ...before])].filter(run => !here.has(run)));
    }
    total = told.total;
    const isNewestFirst = !search && state.sort === null && state.page === 1;
    if (!isShown && isNewestFirst) newest = told.rows[0]?.run ?? 0;
    for (const row of told.rows) {
      names.set(row.run, shortened(valueOf(told, row, "name") ?? ""));
      // Of a run that is new an event tells.
      if (!statuses.has(row.run) && row.run <= newest) statuses.set(row.run, valueOf(told, row, "status"));
    }
    for (const part of [section, curveSection]) hide(part, told.total === 0);
    hide(empty, told.total > 0);
    if (search === state.search) searching.draw(null);
    columns.draw();
    pages.draw(told);
    learning.draw();
    if (!isShown) catchUp.ask();
    isShown = true;
  };
  const curves = (() => {
    const address = () => Picks.runs().length && !live.isLost() ? "/api/curves?runs=" + Picks.runs() : null;
    const asked = question(address, ({ charts }) => {
      for (const chart of charts) for (const curve of chart.curves) names.set(curve.run, shortened(curve.name));
      learning.take(charts);
    }, text => {
      learning.fail(text);
      check(Picks.runs());
    });
    return {
      look: asked.look,
      // What is not picked any more goes at once.
      ask() {
        if (Picks.runs().length) learning.draw();
        else learning.none();
        asked.ask();
      },
    };
  })();

  // Where nobody has picked, the page picks what is in training, or the newest run.
  const own = runs => {
    if (!state.isOwnChoice) return;
    const before = Picks.runs().length;
    for (const run of runs) if (Picks.runs().length < mostOwn) Picks.add(run);
    if (Picks.runs().length === before) return;
    show({ own: true });
    curves.ask();
  };
  const tell = ({ run, status, epochs, message }) => {
    const isNew = run > newest;
    newest = Math.max(newest, run);
    const before = statuses.get(run);
    statuses.set(run, status);
    table.tell({ run, status, epochs });
    const isBegun = status === "running" && before !== "running";
    if (isBegun) news.add(run, "is running");
    if (isBegun || isNew) own([run]);
    if (status !== "running" && (isNew || before === "running"))
      news.add(run, `${status} after epoch ${epochs}${message ? ": " + message : ""}`);
  };
  const leave = run => {
    // Its number may be given again.
    if (run === newest) newest -= 1;
    if (statuses.delete(run) || Picks.has(run)) news.add(run, "is deleted", true);
    if (!Picks.has(run)) return;
    Picks.remove(run);
    show({ own: state.isOwnChoice });
    curves.ask();
  };
  // How far these runs are, and all that are in training.
  const mostStates = 400;
  const statesOf = runs => ask("/api/states" + (runs.length ? "?runs=" + runs.slice(0, mostStates) : ""));
  // Which run is the newest, which are in training, and how those ended that were `training`.
  const catchUp = oneAtATime(async () => {
    const training = [...statuses.keys()].filter(run => statuses.get(run) === "running");
    const told = await statesOf(training).catch(() => null);
    if (!told) return;
    newest = Math.max(newest, told.newest);
    for (const state of told.runs) if (training.includes(state.run)) tell(state);
    for (const run of told.gone) leave(run);
    const running = told.runs.filter(state => state.status === "running").map(state => state.run);
    for (const run of running) statuses.set(run, "running");
    if (running.length) own(running);
    else if (newest && !Picks.runs().length) own([newest]);
  });
  // Some may be gone: picked ones of a bookmark, or whatever was there before there were fewer.
  const check = async runs => {
    if (!runs.length || live.isLost()) return;
    const told = await statesOf(runs).catch(() => null);
    if (told) for (const run of told.gone) leave(run);
    else setTimeout(check, 1000, runs);
  };
  const live = liveEvents({
    again() {
      rows.look();
      if (!isShown) return;
      curves.look();
      catchUp.look();
    },
    changed({ runs, gone }) {
      for (const change of runs) tell(change);
      for (const run of gone) leave(run);
      rows.look();
      if (runs.some(change => Picks.has(change.run))) curves.look();
    },
  });

  document.querySelector("main").before(live.banner);
  section.append(htmlElement("h2", {}, "Runs"),
    htmlElement("p", { class: "search" }, searching.element, columns.element), pages.element, table.element,
    picks.element, news.element);
  addEventListener("hashchange", () => {
    State.read();
    search = state.search;
    searching.input.value = search;
    picks.draw();
    rows.ask();
    curves.ask();
  });
  picks.draw();
  rows.ask();
  curves.ask();
};
indexPage(...[".runs", ".curves", ".empty"].map(name => document.querySelector("section" + name)));
