"use strict";
// Where the page's numbers come from. Here they are in the page itself; a page that is served can ask
// for them instead: whoever reads `Source` waits for promises.
const Source = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const films = new Map(data.films.map(film => [film.key, film]));
  const kept = new Map();
  const decode = text => {
    const bytes = atob(text);
    const array = new Uint8Array(bytes.length);
    for (let i = 0; i < array.length; i++) array[i] = bytes.charCodeAt(i);
    return new Float32Array(array.buffer);
  };
  return {
    charts: data.charts,
    // The runs: columns, rows, the family of forks.
    runs: data.runs,
    // What a run's result makes of its data; undefined where nothing is known.
    result: run => data.results.find(result => result.run === run),
    // The float32 numbers that a text stands for.
    numbers: decode,
    // What a film holds: epochs with numbers, stored epochs, layout. Undefined where there is none.
    film: key => films.get(key),
    // The float32 numbers of one of the film's epochs.
    async frame(key, epoch) {
      const name = key + "@" + epoch;
      if (!kept.has(name)) {
        const film = films.get(key);
        kept.set(name, decode(film.frames[film.epochs.indexOf(epoch)]));
      }
      return kept.get(name);
    },
  };
})();
