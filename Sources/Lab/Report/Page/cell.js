// The picture of a cell with a run's numbers: for a sample, a layer, a unit, a step and an epoch. A
// number leads to the line that computes it.
const cellPicture = element => {
  const key = element.dataset.film;
  const run = key.split("-")[1];
  const film = Source.film(key);
  const samples = placed(film);
  const head = htmlElement("h3", {}, "The cell in epoch ", htmlElement("output"));
  const [sampleInput, sampleLabel] = chooser("Sample", samples.map(sample => sample.sample));
  const [layerInput, layerLabel] = chooser("Layer", samples[0].layers.map(layer =>
    layer.layer + (layer.direction ? ", " + layer.direction : "")));
  const unitInput = htmlElement("input", { type: "number", min: 0, value: 0 });
  const stepInput = htmlElement("input", { type: "range", min: 0, value: 0 });
  const stepTold = htmlElement("output");
  const stepPlay = player(() => {
    stepInput.value = stepInput.value === stepInput.max ? 0 : Number(stepInput.value) + 1;
    draw();
  }, "Play the steps", 600);
  const bar = htmlElement("div", { class: "slider" });
  const picture = htmlElement("div", { class: "scroll drawing", tabindex: 0, role: "region", "aria-label": "The cell" });
  const list = htmlElement("dl", { class: "equations" });
  const hand = htmlElement("div", { class: "hand", role: "status" });
  const way = htmlElement("div", { class: "way" });
  let numbers = null;
  let drawn = null;
  let chosen = null;
  let asked = 0;

  const layout = () => {
    const sample = samples[sampleInput.value];
    const layer = sample.layers[layerInput.value];
    stepInput.max = sample.steps - 1;
    const units = layer.planes.find(plane => plane.name === "hidden_state").width;
    unitInput.max = units - 1;
    unitInput.value = Math.max(0, Math.min(units - 1, Math.round(Number(unitInput.value)) || 0));
    return { sample, layer, unit: Number(unitInput.value), step: Number(stepInput.value) };
  };
  const choose = name => {
    chosen = chosen === name ? null : name;
    draw();
  };
  const prepare = layer => {
    const svg = svgElement("svg", { viewBox: "0 0 1000 530", role: "group", "aria-label":
      `One ${layer.cell} cell; its numbers are in the list below` });
    const marker = svgElement("marker", {
      id: "tip-" + key, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto",
    });
    marker.append(svgElement("path", { d: "M0 0L10 5L0 10z", class: "tip" }));
    svg.append(marker);
    Drawing[layer.cell](pen(svg, layer));
    for (const wire of svg.querySelectorAll("[marker-end]")) wire.setAttribute("marker-end", `url(#tip-${key})`);
    picture.replaceChildren(svg);
    const lines = equations(layer);
    if (!lines.some(([, , name]) => name === chosen)) chosen = null;
    for (const number of svg.querySelectorAll("[data-name]")) {
      const { name } = number.dataset;
      if (!lines.some(line => line[2] === name)) continue;
      for (const [attribute, value] of Object.entries({ tabindex: 0, role: "button" })) number.setAttribute(attribute, value);
      number.addEventListener("click", () => choose(name));
      number.addEventListener("keydown", event => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(name);
      });
    }
    list.replaceChildren(...lines.flatMap(([left, right, name]) => {
      const button = htmlElement("button", { type: "button", "data-line": name }, `${left} = ${right}`);
      button.addEventListener("click", () => choose(name));
      return [htmlElement("dt", {}, button), htmlElement("dd", { "data-name": name }),
        htmlElement("dd", { class: "bars", "data-bars": name })];
    }));
    drawn = layer;
  };
  // The same number of every unit; a click takes the unit.
  const bars = (place, plane, step, unit) => {
    const { width, scale } = plane;
    const wide = width <= 8 ? 12 : width <= 32 ? 7 : 4;
    if (!place.firstChild) {
      const svg = svgElement("svg", { viewBox: `0 0 ${width * wide} 24`, width: width * wide, height: 24, "aria-hidden": "true" });
      svg.append(...["p", "n", "own"].map(kind => svgElement("path", { class: kind })));
      svg.addEventListener("click", event => {
        const box = svg.getBoundingClientRect();
        unitInput.value = Math.floor((event.clientX - box.left) / box.width * width);
        draw();
      });
      place.append(svg);
    }
    const paths = ["", "", ""];
    for (let other = 0; other < width; other++) {
      const value = numbers[plane.at(step, other)];
      const size = scale > 0 && Number.isFinite(value) ? Math.max(.5, Math.min(1, Math.abs(value) / scale) * 12) : .5;
      const bar = `M${other * wide} 12h${wide - 1}v${(value < 0 ? size : -size).toFixed(1)}h${1 - wide}z`;
      paths[value < 0 ? 1 : 0] += bar;
      if (other === unit) paths[2] = bar;
    }
    paths.forEach((path, i) => place.firstChild.children[i].setAttribute("d", path));
  };
  const draw = () => {
    if (!numbers) return;
    const { sample, layer, unit, step } = layout();
    if (drawn !== layer) prepare(layer);
    const isThere = slider.state.isThere;
    stepTold.textContent = step + (sample.characters ? ` “${sample.characters[step]}”` : "");
    const plane = name => layer.planes.find(plane => plane.name === name);
    const before = layer.direction === "backward" ? step + 1 : step - 1;
    const value = (name, of = unit) => {
      const isBefore = name.endsWith("_before");
      const found = plane(isBefore ? name.slice(0, -7) : name);
      const at = isBefore ? before : step;
      return at < 0 || at >= sample.steps ? 0 : numbers[found.at(at, of)];
    };
    const x = plane("x");
    const inputs = Array.from({ length: x.width }, (_, i) => numbers[x.at(step, i)]);
    const vector = () => {
      const shown = inputs.slice(0, 4).map(shortest);
      return "(" + shown.join(", ") + (x.of > shown.length ? `, … ${x.of} in all` : "") + ")";
    };
    for (const place of element.querySelectorAll("[data-name]")) {
      const { name, letter } = place.dataset;
      const text = !isThere ? "–" : name === "x" ? vector() : shortest(value(name));
      place.textContent = (letter ? letter + " " : "") + text;
      place.classList.toggle("chosen", name === chosen);
    }
    for (const place of list.querySelectorAll("[data-bars]")) bars(place, plane(place.dataset.bars), step, unit);
    element.classList.toggle("left-out", !isThere);
    const states = ["cell_state", "hidden_state"].map(plane).filter(Boolean);
    const steps = Array.from({ length: sample.steps }, (_, at) => at);
    way.replaceChildren(...(sample.steps < 2 ? [] : [lineChart({
      label: `State of unit ${unit} over the steps`, unit: "step", height: 150, mark: () => step,
      lines: states.map((state, number) => ({ name: state.name === "cell_state" ? "C" : "h", colour: palette[number],
        xs: steps, ys: steps.map(at => isThere ? numbers[state.at(at, unit)] : NaN) })) })]));
    whileBusy(element, tell({ sample, layer, unit, step, isThere, inputs, value, units: plane("hidden_state").width }));
  };
  // The line that computes the chosen number, and the command that prints all of them.
  const tell = async ({ sample, layer, unit, step, isThere, inputs, value, units }) => {
    const own = ++asked;
    const line = equations(layer).find(([, , name]) => name === chosen);
    if (!line || !isThere) {
      hand.replaceChildren(htmlElement("span", { class: "scale" }, "A click on a number shows how it is computed."));
      return;
    }
    const [left, right, name, filled] = line;
    const { epoch } = slider.state;
    const hidden = Array.from({ length: units }, (_, of) => value("hidden_state_before", of));
    const text = filled ? filled.replace(/\{(\w+)\}/g, (_, inner) => byHand(value(inner)))
      : await termsOf(run, layer, name, unit, epoch, { hidden, x: inputs, of: value });
    if (own !== asked) return;
    hand.replaceChildren(
      htmlElement("p", {}, `${left}[${unit}] = ${right}`),
      htmlElement("p", {}, `= ${text ?? "… (the page has not these weights)"}`),
      htmlElement("p", {}, "= ", htmlElement("b", {}, exact(value(name)))),
      htmlElement("code", {}, `lstm-lab explain ${run}@${epoch} --split train --sample ${sample.sample} --step ${step} --unit ${unit}`));
  };

  bar.append(sampleLabel, layerLabel, htmlElement("label", {}, "Unit ", unitInput),
    htmlElement("span", { class: "group" },
      htmlElement("label", {}, "Step ", stepInput, " ", stepTold), stepPlay));
  const after = htmlElement("div", { class: "outcome" });
  element.append(head, bar, picture, hand, htmlElement("div", { class: "beside" }, list, way), after);
  const slider = epochSlider(film, bar, head.querySelector("output"), async state => {
    numbers = await Source.frame(key, state.epoch);
    draw();
    for (const mark of after.querySelectorAll(".now")) mark.dispatchEvent(new Event("epoch"));
  });
  const again = () => outputPicture(after, key, film, samples[sampleInput.value], slider.state);
  for (const input of [sampleInput, layerInput, unitInput, stepInput]) input.addEventListener("input", draw);
  sampleInput.addEventListener("input", again);
  stepInput.max = samples[0].steps - 1;
  stepInput.value = samples[0].steps - 1;
  return slider.move().then(again);
};

onPart(root => { for (const element of root.querySelectorAll('[data-film^="cell-"]')) element.hidden = false; });
drawSeen('[data-film^="cell-"]', cellPicture);
