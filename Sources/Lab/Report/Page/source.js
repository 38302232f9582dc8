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

const svgElement = (name, attributes = {}, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

const htmlElement = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
};

// The fewest digits that read back to the same float32.
const exact = value => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  for (let digits = 1; digits < 10; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text)).replace("-", "−");
  }
  return String(value).replace("-", "−");
};
