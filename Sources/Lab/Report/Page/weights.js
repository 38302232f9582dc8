// Weights: each gate of each tensor as a picture, or its change since another epoch; a click shows a
// weight's history.
const sourceName = (tensor, row) =>
  tensor.source === "bias" ? (row === 0 ? "bias" : "recurrent_bias") : (tensor.source ?? "row ") + row;

// The parts of a film's tensors: where the numbers of each gate stand, and what they are called.
const weightParts = film => {
  let first = 0;
  return film.layout.tensors.map((tensor, index) => {
    const [rows, units] = tensor.shown;
    const gates = tensor.gates.length ? tensor.gates : [null];
    const width = units * gates.length;
    const start = first;
    first += rows * width;
    const isExact = rows === tensor.rows && units === tensor.units;
    const name = (gate, row, col) => `${tensor.path}${gate ? " · " + gate : ""} · ` + (isExact
      ? `from ${sourceName(tensor, row)} to unit ${col}`
      : `mean of the block in row ${row}, column ${col}`);
    return { tensor, index, rows, units, gates, width, start, count: rows * width, isExact, name };
  });
};

const weightPictures = element => {
  const key = element.dataset.film;
  const run = key.split("-")[1];
  const film = Source.film(key);
  const parts = weightParts(film);
  const reading = htmlElement("p", { class: "told", role: "status" });
  const [against, againstLabel] = chooser("Change since", ["–"]);
  againstLabel.className = "";
  // The epochs that there are now to compare with; the chosen one stays.
  const offer = () => {
    const others = [...against.options].slice(1).map(option => Number(option.textContent.slice(6)));
    const chosen = others[against.value - 1];
    const same = others.findIndex((epoch, at) => epoch !== film.epochs[at]);
    for (const option of [...against.options].slice(1 + (same < 0 ? others.length : same))) option.remove();
    for (let at = against.options.length - 1; at < film.epochs.length; at++)
      against.append(htmlElement("option", { value: at + 1 }, "epoch " + film.epochs[at]));
    against.value = film.epochs.indexOf(chosen) + 1;
    againstLabel.hidden = film.epochs.length < 2;
  };
  offer();
  const pictures = [];
  // How each history that was opened is drawn anew.
  const opened = new Map();
  let numbers = null;
  let base = null;
  let asked = 0;
  const valueAt = index => base ? numbers[index] - base[index] : numbers[index];
  // Where in the pictures a number of the film stands.
  const cellOf = index => {
    const part = parts.find(part => index < part.start + part.count);
    const at = index - part.start;
    const [row, col] = [Math.floor(at / part.width), at % part.width];
    return { part, number: Math.floor(col / part.units), row, col: col % part.units };
  };
  const nameOf = index => {
    const { part, number, row, col } = cellOf(index);
    return part.name(part.gates[number], row, col);
  };
  const tell = index => {
    if (!slider.state.isThere) return `${nameOf(index)}: no number, the epoch is left out of this page`;
    const text = `${nameOf(index)} = ${exact(numbers[index])}`;
    if (!base) return text;
    const by = Math.fround(numbers[index] - base[index]);
    return `${text}; in epoch ${film.epochs[against.value - 1]} ${exact(base[index])}, moved ${exact(by)}`;
  };
  const openHistory = (history, part, gate, index) => {
    opened.set(history, () => openHistory(history, part, gate, index));
    return whileBusy(element, weightHistory(history, { key, run, film, part, gate, index, name: nameOf(index), state: slider.state }));
  };
  for (const part of parts) {
    const figure = element.querySelector(`[data-tensor="${part.index}"]`);
    const history = htmlElement("div", { class: "history" });
    figure.append(history);
    part.gates.forEach((gate, number) => {
      const place = (row, col) => part.start + row * part.width + number * part.units + col;
      const picture = heatPicture(
        figure.querySelectorAll(".gate")[number], part.rows, part.units,
        `${part.tensor.path} ${gate ?? ""}, ${part.rows} rows, ${part.units} columns`, {
          tell: cell => {
            if (!numbers) return;
            reading.textContent = cell === null ? "" : tell(place(...cell));
            if (!cell || !slider.state.isThere) return;
            reading.dataset.row = cell[0];
            reading.dataset.col = number * part.units + cell[1];
          },
          choose: cell => openHistory(history, part, gate, place(...cell)),
        });
      pictures.push({ picture, part, number, history, value: (row, col) => valueAt(place(row, col)) });
    });
  }
  const scaleOf = part => {
    if (!base) return part.tensor.scale;
    let most = 0;
    for (let index = part.start; index < part.start + part.count; index++)
      most = Math.max(most, Math.abs(valueAt(index)) || 0);
    return most;
  };
  const moved = htmlElement("details", { class: "more" }, htmlElement("summary", {}, "What moved most"));
  const movedPlace = htmlElement("div");
  const listMoves = async () => {
    if (!moved.open || !numbers) return;
    const from = base ? film.epochs[against.value - 1] : film.epochs[0];
    const before = base ?? await Source.frame(key, from);
    const shown = slider.state.epoch;
    const go = index => {
      const { part, number, row, col } = cellOf(index);
      const found = pictures.find(one => one.part === part && one.number === number);
      found.picture.go([row, col]);
      return openHistory(found.history, part, part.gates[number], index);
    };
    movedPlace.replaceChildren(
      htmlElement("p", { class: "scale" }, `From epoch ${from} to epoch ${shown}; a click shows where it is`),
      from === shown ? htmlElement("p", {}, "Choose another epoch: nothing has moved yet.")
        : moveList(mostMoved(before, numbers, 10), nameOf, go));
  };
  moved.append(movedPlace);
  moved.addEventListener("toggle", () => whileBusy(element, listMoves()));
  const spreadOut = htmlElement("details", { class: "more" }, htmlElement("summary", {}, "Histogram over epochs"));
  const [tensorInput, tensorLabel] = chooser("Tensor", parts.map(part => part.tensor.path));
  const spreadPlace = htmlElement("div");
  const drawSpread = () => {
    const part = parts[tensorInput.value];
    if (spreadOut.open) whileBusy(element, histogram(spreadPlace, key, part.tensor, part.start, part.count));
  };
  spreadOut.append(htmlElement("p", { class: "tools" }, tensorLabel), spreadPlace);
  spreadOut.addEventListener("toggle", drawSpread);
  tensorInput.addEventListener("input", drawSpread);

  const bar = element.querySelector(".slider");
  const draw = async state => {
    const own = ++asked;
    const other = Number(against.value) ? film.epochs[against.value - 1] : null;
    const frames = await Promise.all([state.epoch, other].map(epoch => epoch === null ? null : Source.frame(key, epoch)));
    // Who came later has drawn, or will.
    if (own !== asked) return;
    [numbers, base] = frames;
    let [last, scale] = [null, 0];
    for (const { picture, part, value } of pictures) {
      if (part !== last) [last, scale] = [part, scaleOf(part)];
      picture.draw(value, scale);
      picture.refresh();
    }
    element.classList.toggle("left-out", !state.isThere);
    element.classList.toggle("compared", base !== null);
    for (const mark of element.querySelectorAll(".now")) mark.dispatchEvent(new Event("epoch"));
    await listMoves();
  };
  const slider = epochSlider(film, bar, element.querySelector("output"), draw);
  const redraw = () => whileBusy(element, draw(slider.state));
  against.addEventListener("input", redraw);
  bar.append(againstLabel, reading);
  bar.after(moved, spreadOut);
  onTheme(element, redraw);
  // New epochs change the scales, too.
  element.addEventListener("longer", event => {
    let isRescaled = false;
    offer();
    for (const part of parts) {
      const { scale } = event.detail.tensors[part.index];
      if (part.tensor.scale === scale) continue;
      const ramp = element.querySelector(`[data-tensor="${part.index}"] .ramp`);
      part.tensor.scale = scale;
      ramp.previousSibling.textContent = `−${metricText(part.tensor.scale)} `;
      ramp.nextSibling.textContent = ` ${metricText(part.tensor.scale)}; 99 of 100 weights lie within`;
      isRescaled = true;
    }
    for (const [history, again] of opened) if (history.firstChild) again();
    if (isRescaled && !element.hasAttribute("aria-busy")) redraw();
  });
  return slider.move();
};

drawSeen('[data-film^="weights-"]', weightPictures);
