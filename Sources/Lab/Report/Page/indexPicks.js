// The runs that are picked. Each has a place, which gives its colour; it keeps it as long as it is picked.
const Picks = (() => {
  const { state } = State;
  const dashes = ["", "7 3", "7 3 2 3"];
  const runs = () => state.places.filter(run => run !== null);
  const has = run => state.places.includes(run);
  const add = run => {
    const free = state.places.indexOf(null);
    if (has(run)) return true;
    if (free < 0 && state.places.length === State.mostPicked) return false;
    state.places[free < 0 ? state.places.length : free] = run;
    return true;
  };
  const remove = run => {
    if (has(run)) state.places[state.places.indexOf(run)] = null;
    while (state.places.at(-1) === null) state.places.pop();
  };
  const colour = run => palette[Math.max(0, state.places.indexOf(run)) % palette.length];
  const dash = run => dashes[Math.floor(Math.max(0, state.places.indexOf(run)) / palette.length) % dashes.length];
  return { runs, has, add, remove, colour, dash };
})();
