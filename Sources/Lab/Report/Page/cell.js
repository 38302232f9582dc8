// The picture of a cell with a run's numbers: for a sample, a layer, a unit, a step and an epoch.
const chooser = (label, texts) => {
  const select = htmlElement("select", {}, ...texts.map((text, value) =>
    htmlElement("option", { value }, text)));
  return [select, htmlElement("label", { class: texts.length < 2 ? "alone" : "" }, label + " ", select)];
};

const cellPicture = element => {
  const key = element.dataset.film;
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
  let numbers = null;
  let drawn = null;

  const layout = () => {
    const sample = samples[sampleInput.value];
    const layer = sample.layers[layerInput.value];
    stepInput.max = sample.steps - 1;
    const units = layer.planes.find(plane => plane.name === "hidden_state").width;
    unitInput.max = units - 1;
    unitInput.value = Math.max(0, Math.min(units - 1, Math.round(Number(unitInput.value)) || 0));
    return { sample, layer, unit: Number(unitInput.value), step: Number(stepInput.value) };
  };
  const prepare = layer => {
    const svg = svgElement("svg", { viewBox: "0 0 1000 530", role: "img", "aria-label":
      `One ${layer.cell} cell; its numbers are in the list below` });
    const marker = svgElement("marker", {
      id: "tip-" + key, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto",
    });
    marker.append(svgElement("path", { d: "M0 0L10 5L0 10z", class: "tip" }));
    svg.append(marker);
    Drawing[layer.cell](pen(svg, layer));
    for (const wire of svg.querySelectorAll("[marker-end]")) wire.setAttribute("marker-end", `url(#tip-${key})`);
    picture.replaceChildren(svg);
    list.replaceChildren(...equations(layer).flatMap(([left, right, name]) => [
      htmlElement("dt", {}, `${left} = ${right}`), htmlElement("dd", { "data-name": name })]));
    drawn = layer;
  };
  const draw = () => {
    const { sample, layer, unit, step } = layout();
    if (drawn !== layer) prepare(layer);
    const isThere = slider.state.isThere;
    stepTold.textContent = step + (sample.characters ? ` “${sample.characters[step]}”` : "");
    const plane = name => layer.planes.find(plane => plane.name === name);
    const before = layer.direction === "backward" ? step + 1 : step - 1;
    const value = name => {
      const isBefore = name.endsWith("_before");
      const found = plane(isBefore ? name.slice(0, -7) : name);
      const at = isBefore ? before : step;
      return at < 0 || at >= sample.steps ? 0 : numbers[found.at(at, unit)];
    };
    const vector = () => {
      const x = plane("x");
      const shown = Array.from({ length: Math.min(x.width, 4) }, (_, i) => exact(numbers[x.at(step, i)]));
      return "(" + shown.join(", ") + (x.of > shown.length ? `, … ${x.of} in all` : "") + ")";
    };
    for (const place of element.querySelectorAll("[data-name]")) {
      const text = !isThere ? "–" : place.dataset.name === "x" ? vector() : exact(value(place.dataset.name));
      place.textContent = (place.dataset.letter ? place.dataset.letter + " " : "") + text;
    }
    element.classList.toggle("left-out", !isThere);
  };

  bar.append(sampleLabel, layerLabel, htmlElement("label", {}, "Unit ", unitInput),
    htmlElement("span", { class: "group" },
      htmlElement("label", {}, "Step ", stepInput, " ", stepTold), stepPlay));
  element.append(head, bar, picture, list);
  const slider = epochSlider(film, bar, head.querySelector("output"), async state => {
    numbers = await Source.frame(key, state.epoch);
    draw();
  });
  for (const input of [sampleInput, layerInput, unitInput, stepInput]) input.addEventListener("input", draw);
  stepInput.max = samples[0].steps - 1;
  stepInput.value = samples[0].steps - 1;
  return slider.move();
};

for (const element of document.querySelectorAll('[data-film^="cell-"]')) {
  element.hidden = false;
  whenSeen(element, () => cellPicture(element));
}
