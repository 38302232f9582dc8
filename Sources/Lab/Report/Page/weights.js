// Weights: each gate of each tensor as a picture; a click shows the weight's history.
const sourceName = (tensor, row) =>
  tensor.source === "bias" ? (row === 0 ? "bias" : "recurrent_bias") : (tensor.source ?? "row ") + row;

const weightPictures = element => {
  const key = element.dataset.film;
  const film = Source.film(key);
  const reading = htmlElement("p", { class: "told", role: "status" });
  const pictures = [];
  let numbers = null;
  let first = 0;
  film.layout.tensors.forEach((tensor, index) => {
    const figure = element.querySelector(`[data-tensor="${index}"]`);
    const [rows, units] = tensor.shown;
    const gates = tensor.gates.length ? tensor.gates : [null];
    const width = units * gates.length;
    const isExact = rows === tensor.rows && units === tensor.units;
    const history = htmlElement("div", { class: "history" });
    figure.append(history);
    gates.forEach((gate, number) => {
      const start = first;
      const place = ([row, col]) => start + row * width + number * units + col;
      const name = ([row, col]) => isExact
        ? `${tensor.path}${gate ? " · " + gate : ""} · from ${sourceName(tensor, row)} to unit ${col}`
        : `${tensor.path}${gate ? " · " + gate : ""} · mean of the block in row ${row}, column ${col}`;
      const picture = heatPicture(
        figure.querySelectorAll(".gate")[number], rows, units,
        `${tensor.path} ${gate ?? ""}, ${rows} rows, ${units} columns`, {
          tell: cell => {
            reading.textContent = cell === null ? "" : !slider.state.isThere
              ? `${name(cell)}: no number, the epoch is left out of this page`
              : `${name(cell)} = ${exact(numbers[place(cell)])}`;
            if (cell && slider.state.isThere) {
              reading.dataset.row = cell[0];
              reading.dataset.col = number * units + cell[1];
            }
          },
          choose: cell => weightHistory(history, key, film, place(cell), name(cell), slider.state),
        });
      pictures.push({ picture, tensor, value: (row, col) => numbers[place([row, col])] });
    });
    first += rows * width;
  });
  const bar = element.querySelector(".slider");
  const draw = async state => {
    numbers = await Source.frame(key, state.epoch);
    for (const { picture, tensor, value } of pictures) {
      picture.draw(value, tensor.scale);
      picture.refresh();
    }
    element.classList.toggle("left-out", !state.isThere);
    for (const mark of element.querySelectorAll(".now")) mark.dispatchEvent(new Event("epoch"));
  };
  const slider = epochSlider(film, bar, element.querySelector("output"), draw);
  bar.append(reading);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(slider.state));
  return draw(slider.state);
};

// The chart of one weight over the film's epochs.
const weightHistory = async (place, key, film, index, name, state) => {
  const values = [];
  for (const epoch of film.epochs) values.push((await Source.frame(key, epoch))[index]);
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const [left, right, top, bottom] = [92, 468, 14, 116];
  const [start, end] = [film.epochs[0], film.epochs.at(-1)];
  const x = epoch => left + (right - left) * (epoch - start) / (end - start || 1);
  const y = value => high > low ? bottom - (bottom - top) * (value - low) / (high - low) : (top + bottom) / 2;
  const svg = svgElement("svg", { viewBox: "0 0 480 140", role: "img", "aria-label": "History of " + name });
  const text = (at, up, anchor, content) =>
    svg.append(svgElement("text", { x: at, y: up, "text-anchor": anchor, "font-size": 12 }, content));
  text(left - 6, top + 4, "end", high.toPrecision(4));
  if (high > low) text(left - 6, bottom + 4, "end", low.toPrecision(4));
  text(left, 134, "middle", start);
  if (end > start) text(right, 134, "middle", end);
  const points = film.epochs.flatMap((epoch, at) =>
    Number.isFinite(values[at]) ? [`${x(epoch).toFixed(1)},${y(values[at]).toFixed(1)}`] : []);
  svg.append(svgElement("polyline", {
    points: points.join(" "), fill: "none", stroke: "var(--accent)", "stroke-width": 1.8,
  }));
  const now = svgElement("line", { class: "cross now", y1: top, y2: bottom });
  const mark = () => { for (const end of ["x1", "x2"]) now.setAttribute(end, x(state.epoch)); };
  now.addEventListener("epoch", mark);
  mark();
  svg.append(now);
  const close = htmlElement("button", { type: "button", "aria-label": "Close the history" }, "×");
  close.addEventListener("click", () => place.replaceChildren());
  const thinned = film.epochs.length < film.stored.length
    ? `; ${film.epochs.length} of ${film.stored.length} epochs` : "";
  place.replaceChildren(htmlElement("p", {}, name + " by epoch" + thinned + " ", close), svg);
};

for (const element of document.querySelectorAll('[data-film^="weights-"]'))
  whenSeen(element, () => weightPictures(element));
