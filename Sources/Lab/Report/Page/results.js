// What a run's result makes of its data: the cells of the confusion matrix open their samples, dots tell
// theirs, and a sample shows what the model read and what it says.
const resultPictures = element => {
  const run = Number(element.dataset.result);
  const result = Source.result(run);
  if (!result) return;
  const outputs = Source.numbers(result.outputs);
  const targets = result.targets === undefined ? null : Source.numbers(result.targets);
  const { rows, width, classes, told } = result;
  const perSample = result.rowsPerSample;
  const opened = htmlElement("div", { class: "opened" });
  const nameOf = at => perSample === undefined ? `row ${rows[at]}`
    : `sample ${Math.floor(rows[at] / perSample)}` + (perSample > 1 ? `, row ${rows[at] % perSample}` : "");
  const say = text => text === " " ? "␣" : text;

  // What the model says of a row, and what it read.
  const sampleOf = at => {
    const own = outputs.subarray(at * width, (at + 1) * width);
    const lines = Array.from(own, (value, i) => i).sort((a, b) => own[b] - own[a]).slice(0, 12);
    const isClass = classes !== undefined && width > 1;
    const most = Math.max(...Array.from(own, Math.abs), 1e-30);
    const list = htmlElement("dl", { class: "outputs" }, ...(isClass ? lines : lines.sort((a, b) => a - b)).flatMap(i => {
      const meter = htmlElement("i", { class: "meter" });
      meter.style.setProperty("--part", Math.abs(own[i]) / (isClass ? 1 : most));
      const title = isClass ? say(classes[i]) : classes ? say(classes[1]) : result.names[i % result.names.length] + (width > result.names.length ? `, ${Math.floor(i / result.names.length) + 1} ahead` : "");
      return [htmlElement("dt", {}, title), htmlElement("dd", {}, meter, exact(own[i])
        + (targets ? `, should be ${exact(targets[at * width + i])}` : ""))];
    }));
    const input = perSample === undefined ? undefined
      : result.inputs.find(one => one.sample === Math.floor(rows[at] / perSample));
    const parts = [htmlElement("p", {}, htmlElement("b", {}, nameOf(at)), " of the " + (result.split === "train" ? "training" : result.split) + " data"
      + (told?.[at].length ? `: ${say(classes[told[at][0]])}, taken for ${say(classes[told[at][1]])}` : "")), list];
    if (input) {
      const values = Source.numbers(input.values);
      const steps = Array.from({ length: values.length / input.features }, (_, step) => step);
      parts.push(lineChart({ label: "What the model reads, scaled as for training", unit: "step", height: 170,
        lines: Array.from({ length: Math.min(8, input.features) }, (_, feature) => ({ name: "x" + feature, colour: palette[feature],
          xs: steps, ys: steps.map(step => values[step * input.features + feature]) })) }),
      htmlElement("p", { class: "scale" }, "Inputs as the model reads them, scaled"
        + (input.features > 8 ? `; the first 8 of ${input.features}` : "")));
    } else parts.push(htmlElement("p", { class: "scale" }, "The inputs of this sample are left out of this page."));
    return parts;
  };
  const detail = htmlElement("div", { class: "detail" });
  const openRow = at => detail.replaceChildren(...sampleOf(at));
  const close = htmlElement("button", { type: "button", "aria-label": "Close the samples" }, "×");
  close.addEventListener("click", () => opened.replaceChildren());
  const openRows = (title, list) => {
    const buttons = list.slice(0, 60).map(at => {
      const button = htmlElement("button", { type: "button" }, nameOf(at));
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", other === button);
        openRow(at);
      });
      return button;
    });
    detail.replaceChildren();
    opened.replaceChildren(htmlElement("p", {}, htmlElement("b", {}, title), " ", close),
      htmlElement("p", { class: "samples" }, ...buttons,
        ...(list.length > 60 ? [` … ${list.length} in all`] : [])), detail);
    buttons[0]?.click();
    buttons[0]?.focus();
  };

  // A number of the confusion matrix becomes a button.
  const openCell = (cell, target, predicted) => {
    const list = told.flatMap((pair, at) => pair[0] === target && pair[1] === predicted ? [at] : []);
    const count = Number(cell.textContent);
    if (!list.length) return;
    const title = `${say(classes[target])}, taken for ${say(classes[predicted])}: `
      + (list.length < count ? `${list.length} of ${count} are in this page` : `${count}`);
    const button = htmlElement("button", { type: "button", "aria-label": title }, cell.textContent);
    button.addEventListener("click", () => openRows(title, list));
    cell.replaceChildren(button);
  };
  const table = element.querySelectorAll(".tables table")[1];
  if (table && told) {
    const isWhole = table.tBodies[0].rows.length === classes.length && table.tHead.rows[0].cells.length === classes.length + 1;
    [...table.tBodies[0].rows].forEach((row, target) => {
      if (isWhole) {
        for (let predicted = 0; predicted < classes.length; predicted++) openCell(row.cells[predicted + 1], target, predicted);
        return;
      }
      const [a, b] = [0, 1].map(at => classes.indexOf(row.cells[at].textContent.replace(/^␣$/, " ")));
      if (a >= 0 && b >= 0) openCell(row.cells[2], a, b);
    });
  }
  const dots = targets && dotPictures(element, { result, outputs, targets, nameOf, openRow: at => {
    opened.replaceChildren(htmlElement("p", {}, close), detail);
    openRow(at);
  } });
  (table?.closest(".tables") ?? dots ?? element.lastElementChild).after(opened);
};

drawSeen("[data-result]", resultPictures);
