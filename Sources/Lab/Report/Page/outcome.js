// The output of a sample in every epoch that the page has, and what it should be.
const outputPicture = async (place, key, film, sample, state) => {
  if (film.epochs.length < 2 || !sample.output.length) return;
  const rows = sample.output.length;
  const [rowInput, rowLabel] = chooser("Row", sample.output.map((_, row) => row), rows - 1);
  const box = htmlElement("div");
  const { epochs, frames } = await Source.history(key);
  const draw = () => {
    const row = Number(rowInput.value);
    const target = sample.target[row] ?? [];
    const most = Math.min(sample.outputs, 10);
    // Of many outputs those that should be greatest, and then the first ones.
    const numbers = Array.from({ length: sample.outputs }, (_, i) => i)
      .sort((a, b) => sample.outputs > most ? (target[b] ?? 0) - (target[a] ?? 0) : 0).slice(0, most).sort((a, b) => a - b);
    box.replaceChildren(lineChart({ label: "Output epoch by epoch", unit: "epoch", height: 190, mark: () => state.epoch,
      lines: numbers.map((number, i) => ({
        name: `output ${number}` + (target[number] === undefined || target[number] === null ? "" : ` (target ${exact(Math.fround(target[number]))})`),
        colour: palette[i % palette.length], dash: i < palette.length ? "" : "6 3", xs: epochs,
        ys: frames.map(frame => frame[sample.outputAt(row, number)]) })) }));
  };
  rowInput.addEventListener("input", draw);
  place.replaceChildren(htmlElement("p", {}, htmlElement("b", {}, `What the model makes of sample ${sample.sample}, epoch by epoch `), rowLabel), box);
  draw();
};
