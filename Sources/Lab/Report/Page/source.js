// Where the page's numbers come from. In a report they are in the page itself; a page that is served gets
// them with its parts, and asks for an epoch's numbers where a film has none: whoever reads `Source`
// waits for promises.
const Source = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const films = new Map();
  const results = new Map();
  // The numbers of epochs, those that were asked for last behind the others.
  const kept = new Map();
  const asked = new Map();
  const room = 64 << 20;
  // The most epochs of a history that is asked for.
  const mostAsked = 240;
  let size = 0;
  const decode = text => {
    const bytes = atob(text);
    const array = new Uint8Array(bytes.length);
    for (let i = 0; i < array.length; i++) array[i] = bytes.charCodeAt(i);
    return new Float32Array(array.buffer);
  };
  const forget = name => {
    size -= kept.get(name)?.byteLength ?? 0;
    kept.delete(name);
  };
  const keep = (name, numbers) => {
    forget(name);
    kept.set(name, numbers);
    size += numbers.byteLength;
    for (const oldest of kept.keys()) {
      if (size <= room || oldest === name) break;
      forget(oldest);
    }
    return numbers;
  };
  const ask = (film, epoch, name) => {
    if (!asked.has(name)) {
      const isOwn = () => asked.get(name) === own;
      const own = source.fetchFrame(film.key, epoch)
        .then(numbers => isOwn() ? keep(name, numbers) : numbers)
        .finally(() => { if (isOwn()) asked.delete(name); });
      asked.set(name, own);
    }
    return asked.get(name);
  };
  const source = {
    charts: data.charts,
    // The runs: columns, rows, the family of forks.
    runs: data.runs,
    // What a run's result makes of its data; undefined where nothing is known.
    result: run => results.get(run),
    // The float32 numbers that a text stands for.
    numbers: decode,
    // What a film holds: epochs with numbers, stored epochs, layout. Undefined where there is none.
    film: key => films.get(key),
    // The float32 numbers of one of the film's epochs.
    async frame(key, epoch) {
      const name = key + "@" + epoch;
      const numbers = kept.get(name);
      if (numbers) return keep(name, numbers);
      const film = films.get(key);
      return film.frames ? keep(name, decode(film.frames[film.epochs.indexOf(epoch)])) : ask(film, epoch, name);
    },
    // The numbers of all epochs of a film; of one that has not its numbers in the page every second, fourth,
    // … and the last, as many as there is room for: in a longer film they are the same and a few more.
    async history(key) {
      const film = films.get(key);
      let { epochs } = film;
      if (!film.frames) {
        const { byteLength } = await source.frame(key, epochs.at(-1));
        const most = Math.min(mostAsked, Math.max(2, Math.floor(room / 2 / byteLength)));
        let step = 1;
        while (epochs.length / step > most) step *= 2;
        epochs = epochs.filter((_, at) => at % step === 0 || at === epochs.length - 1);
      }
      const frames = new Array(epochs.length);
      let next = 0;
      // A few at a time: who looks at an epoch meanwhile does not wait for all of them.
      await Promise.all([1, 2, 3].map(async () => {
        while (next < epochs.length) {
          const at = next++;
          frames[at] = await source.frame(key, epochs[at]);
        }
      }));
      return { epochs, frames };
    },
    // Asks for numbers that are not in the page.
    fetchFrame: key => Promise.reject(new NoAnswer(key + ": no numbers")),
    // Takes the films and results that a part of the page brings.
    take(part) {
      for (const film of part.films ?? []) {
        source.drop(film.key);
        films.set(film.key, film);
      }
      for (const result of part.results ?? []) results.set(result.run, result);
    },
    // Forgets a film.
    drop(key) {
      films.delete(key);
      for (const name of [...kept.keys(), ...asked.keys()]) {
        if (!name.startsWith(key + "@")) continue;
        forget(name);
        asked.delete(name);
      }
    },
  };
  source.take(data);
  return source;
})();
