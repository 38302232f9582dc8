// Charts beside the weights: one weight's history with its gate's gradients, and the norms of all gates.
// What was asked for last in a place of histories.
const histories = new WeakMap();

// The chart of one weight over the film's epochs, and that of its gate's gradients.
const weightHistory = async (place, { key, run, film, part, gate, index, name, state }) => {
  const own = {};
  histories.set(place, own);
  const { epochs, frames } = await Source.history(key);
  const values = frames.map(frame => frame[index]);
  const mark = () => state.epoch;
  const charts = [lineChart({ label: "History of " + name, unit: "epoch", height: 140, mark,
    lines: [{ name: "weight", colour: "var(--accent)", xs: epochs, ys: values }] })];
  const norms = Source.film("norms-" + run);
  const path = part.tensor.path.split("/");
  const at = norms?.layout.parts.findIndex(one => one.layer === path[0] && (one.gate ?? null) === gate
    && (one.direction === undefined || one.direction === path[1])) ?? -1;
  if (at >= 0) {
    const own = await Source.history("norms-" + run);
    const lengths = own.frames.map(frame => frame[3 * at + 2]);
    charts.push(lineChart({ label: "Length of the gradient of " + (gate ? gate + " of " : "") + path[0], unit: "epoch",
      height: 110, mark, lines: [{ name: "gradient", colour: "var(--plus)", xs: own.epochs, ys: lengths }] }));
  }
  const close = htmlElement("button", { type: "button", "aria-label": "Close the history" }, "×");
  close.addEventListener("click", () => {
    histories.delete(place);
    place.replaceChildren();
  });
  if (histories.get(place) !== own) return;
  const thinned = epochs.length < film.stored.length
    ? `; ${epochs.length} of ${film.stored.length} epochs` : "";
  const titles = charts.length > 1
    ? [htmlElement("p", {}, `Length of the gradient of ${gate ? "its gate" : "its layer"}, last batch of each epoch`)] : [];
  place.replaceChildren(htmlElement("p", {}, name + " by epoch" + thinned + " ", close), charts[0], ...titles, ...charts.slice(1));
};

// The norms of a run's gates over the epochs.
const normPictures = async place => {
  const key = place.dataset.norms;
  const film = Source.film(key);
  if (!film || film.epochs.length < 2) return;
  const [what, label] = chooser("Length of", ["the weights", "what an epoch moved", "the gradients"], 2);
  const log = htmlElement("input", { type: "checkbox" });
  const box = htmlElement("div");
  const { epochs, frames } = await Source.history(key);
  const draw = () => box.replaceChildren(lineChart({ label: "Norms by gate", unit: "epoch", height: 240, isLog: log.checked,
    lines: film.layout.parts.map((part, at) => ({
      name: [part.layer, part.direction, part.gate].filter(Boolean).join(" "), colour: palette[at % palette.length],
      dash: at < palette.length ? "" : "6 3", xs: epochs, ys: frames.map(frame => frame[3 * at + Number(what.value)]),
    })) }));
  for (const input of [what, log]) input.addEventListener("input", draw);
  place.append(htmlElement("p", { class: "tools group" }, label, htmlElement("label", {}, log, " logarithmic")), box);
  draw();
};

drawSeen("[data-norms]", normPictures);
