// What moved: the weights that differ most between two epochs, and how the values of a tensor are spread
// in each epoch.
const mostMoved = (before, after, count) => {
  const found = [];
  for (let index = 0; index < after.length; index++) {
    const by = after[index] - before[index];
    if (!(Math.abs(by) > (found.length < count ? 0 : Math.abs(found[count - 1].by)))) continue;
    found.push({ index, by });
    found.sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
    found.length = Math.min(found.length, count);
  }
  return found;
};

// Returns a list of the weights that moved most; each leads to its place in the pictures.
const moveList = (moves, nameOf, go) => htmlElement("ol", { class: "moves" }, ...moves.map(({ index, by }) => {
  const button = htmlElement("button", { type: "button" }, nameOf(index));
  button.addEventListener("click", () => go(index));
  return htmlElement("li", {}, button, ` ${by < 0 ? "−" : "+"}${exact(Math.abs(Math.fround(by)))}`);
}));

// The histogram of a tensor over the film's epochs: a column an epoch, a row a range of
// values, darker where more weights are.
const histogram = async (place, key, tensor, start, count) => {
  const bins = 40;
  const { epochs, frames: whole } = await Source.history(key);
  const frames = whole.map(frame => frame.subarray(start, start + count));
  let [low, high] = [Infinity, -Infinity];
  for (const values of frames)
    for (const value of values)
      if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  if (!(high > low)) {
    place.replaceChildren(htmlElement("p", { class: "scale" }, "All values are equal."));
    return;
  }
  const counts = frames.map(values => {
    const row = new Array(bins).fill(0);
    for (const value of values)
      if (Number.isFinite(value)) row[Math.min(bins - 1, Math.floor((value - low) / (high - low) * bins))]++;
    return row;
  });
  const most = Math.max(...counts.flat());
  const reading = htmlElement("p", { class: "told", role: "status" });
  const box = htmlElement("div", { class: "gate histogram" });
  const edge = bin => (low + (high - low) * bin / bins).toPrecision(3).replaceAll("-", "−");
  const picture = heatPicture(box, bins, epochs.length,
    `Histogram of ${tensor.path} over epochs, ${bins} rows, ${epochs.length} columns`, {
      tell: cell => {
        reading.textContent = cell === null ? "" : `epoch ${epochs[cell[1]]}: ${counts[cell[1]][bins - 1 - cell[0]]} of `
          + `${count} values from ${edge(bins - 1 - cell[0])} to ${edge(bins - cell[0])}`;
      },
    });
  const draw = () => picture.draw((row, col) => Math.sqrt(counts[col][bins - 1 - row] / most), 1);
  onTheme(box, draw);
  draw();
  place.replaceChildren(
    htmlElement("p", { class: "scale" }, `${tensor.path}: from ${edge(0)} below to ${edge(bins)} above, epoch `
      + `${epochs[0]} on the left to ${epochs.at(-1)} on the right; darker where more weights are`), box, reading);
};
