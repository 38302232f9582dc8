// Where each plane of each layer of each sample begins in an epoch's numbers, and each output.
const placed = film => {
  let first = 0;
  return film.layout.samples.map(sample => {
    const layers = sample.layers.map(layer => ({
      ...layer,
      planes: layer.planes.map(plane => {
        const start = first;
        first += plane.width * sample.steps;
        return { ...plane, at: (step, unit) => start + step * plane.width + unit };
      }),
    }));
    const start = first;
    const outputs = sample.output[0] ?? 0;
    first += outputs * sample.output.length;
    return { ...sample, layers, outputs, outputAt: (row, number) => start + row * outputs + number };
  });
};

// The units of a layer so that like ones stand side by side: from the liveliest on, each time the one
// whose hidden state is nearest.
const byLikeness = (plane, steps, numbers) => {
  const states = Array.from({ length: plane.width }, (_, unit) =>
    Array.from({ length: steps }, (_, step) => numbers[plane.at(step, unit)]));
  const distance = (a, b) => states[a].reduce((sum, value, step) => sum + (value - states[b][step]) ** 2, 0);
  const size = unit => states[unit].reduce((sum, value) => sum + value * value, 0);
  const left = states.map((_, unit) => unit).sort((a, b) => size(b) - size(a) || a - b);
  const order = [left.shift()];
  while (left.length) {
    const last = order.at(-1);
    let best = 0;
    for (let i = 1; i < left.length; i++)
      if (distance(last, left[i]) < distance(last, left[best])) best = i;
    order.push(...left.splice(best, 1));
  }
  return order;
};

// Gates over time: inputs above, gates and states below them, output and target at the end.
const gatePictures = element => {
  const run = element.dataset.film.split("-")[1];
  const computed = Source.film("cell-" + run);
  const film = Source.film(element.dataset.film) ?? computed;
  const samples = placed(film);
  const known = computed ? placed(computed) : [];
  const reading = htmlElement("p", { class: "told", role: "status" });
  let numbers = null;
  // What was computed of the same epoch: inputs and outputs of what was recorded, too.
  let beside = null;
  const [orderInput, orderLabel] = chooser("Units", ["as they are", "like ones together"]);
  // The unit in each row of a figure's pictures.
  const orders = [];
  const pictures = [];
  const besideOf = index => slider.state.isThere && beside ? exact(beside[index]) : null;
  const numberOf = index => slider.state.isThere ? exact(numbers[index]) : null;
  const tell = (text, value) => {
    reading.textContent = `${text}${value === null
      ? ": no number, the epoch is left out of this page" : " = " + value}`;
  };
  const add = (place, name, rows, cols, options) => {
    const picture = heatPicture(place, rows, cols, `${name}, ${rows} rows, ${cols} columns`, {
      dots: options.isGate, choose: undefined,
      tell: cell => {
        if (cell === null || !numbers) reading.textContent = "";
        else options.tell(...cell);
      },
    });
    pictures.push({ picture, ...options });
  };
  const box = (name, signs) => {
    const place = htmlElement("div", { class: "gate" }, htmlElement("span", {}, name));
    if (signs && signs.length <= 200) {
      const line = htmlElement("div", { class: "signs", "aria-hidden": "true" }, ...signs.map(sign => htmlElement("span", {}, sign)));
      line.style.setProperty("--c", signs.length);
      requestAnimationFrame(() => place.append(line));
    }
    return place;
  };
  for (const figure of element.querySelectorAll("figure")) {
    const sample = samples[figure.dataset.sample];
    const layer = sample.layers[figure.dataset.layer];
    const twin = known.find(other => other.sample === sample.sample && other.steps === sample.steps);
    const gates = figure.querySelector(".gates");
    const order = { layer, steps: sample.steps, units: [] };
    orders.push(order);
    const unitOf = row => order.units[row] ?? row;
    const told = (name, unit, step, what) =>
      `sample ${sample.sample} · ${name} · ${what} ${unit} · step ${step}`
      + (twin?.characters ? ` “${twin.characters[step]}”` : "");
    const input = twin?.layers.find(other =>
      other.layer === layer.layer && other.direction === layer.direction)
      ?.planes.find(plane => plane.kind === "input");
    if (input) {
      const place = box("input x", twin.characters);
      gates.before(htmlElement("div", { class: "gates" }, place));
      add(place, "input", input.width, sample.steps, {
        scale: input.scale, value: (row, col) => beside?.[input.at(col, row)] ?? 0,
        tell: (row, col) => tell(told("x", row, col, "input"), besideOf(input.at(col, row))),
      });
    }
    const shown = layer.planes.filter(plane => ["gate", "candidate", "state"].includes(plane.kind));
    shown.forEach((plane, number) => {
      const place = gates.children[number];
      const isGate = plane.kind === "gate";
      add(place, plane.name, plane.width, sample.steps, {
        isGate, scale: plane.scale, value: (row, col) => numbers[plane.at(col, unitOf(row))],
        tell: (row, col) => tell(told(plane.name, unitOf(row), col, "unit"), numberOf(plane.at(col, unitOf(row)))),
      });
    });
    const isLast = figure === [...element.querySelectorAll(
      `figure[data-sample="${figure.dataset.sample}"]`)].at(-1);
    if (!twin || !isLast) continue;
    const rows = twin.output.length;
    const [place, target] = [box("model's output"), box("target")];
    gates.after(htmlElement("div", { class: "gates" }, place, target));
    add(place, "output", twin.outputs, rows, {
      scale: 1, value: (row, col) => beside?.[twin.outputAt(col, row)] ?? 0,
      tell: (row, col) => tell(`sample ${sample.sample} · output ${row} · row ${col}`,
        besideOf(twin.outputAt(col, row))),
    });
    add(target, "target", twin.outputs, rows, {
      scale: 1, value: (row, col) => twin.target[col][row] ?? NaN,
      tell: (row, col) => tell(`sample ${sample.sample} · target ${row} · row ${col}`,
        exact(Math.fround(twin.target[col][row] ?? NaN))),
    });
  }
  const isFull = value => value < 0.05 || value > 0.95;
  const draw = async state => {
    const [shown, other] = await Promise.all([Source.frame(film.key, state.epoch),
      computed?.epochs.includes(state.epoch) ? Source.frame(computed.key, state.epoch) : null]);
    [numbers, beside] = [shown, other];
    for (const order of orders) {
      const state = order.layer.planes.find(plane => plane.name === "hidden_state");
      order.units = Number(orderInput.value) && state ? byLikeness(state, order.steps, numbers) : [];
    }
    for (const { picture, value, scale } of pictures) {
      picture.draw(value, scale, isFull);
      picture.refresh();
    }
    element.classList.toggle("left-out", !state.isThere);
  };
  const bar = element.querySelector(".slider");
  const slider = epochSlider(film, bar, element.querySelector("output"), draw);
  if (orders.some(({ layer }) => layer.planes.some(plane => plane.width > 2 && plane.kind !== "input"))) bar.append(orderLabel);
  orderInput.addEventListener("input", () => draw(slider.state));
  bar.append(reading);
  onTheme(element, () => draw(slider.state));
  return draw(slider.state);
};

drawSeen('[data-film^="gates-"]', gatePictures);
