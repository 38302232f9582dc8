// Charts: curves with a plain or a logarithmic axis. More than twelve runs become a band from the
// least to the greatest with the median in it; those that are picked in the legend are drawn.
const nearest = (list, value) => {
  let best = 0;
  for (let i = 1; i < list.length; i++)
    if (Math.abs(list[i] - value) < Math.abs(list[best] - value)) best = i;
  return best;
};

const mostDrawn = 12;
const picked = new Set();
const redraws = [];

// Round numbers that divide a range.
const ticksOf = (low, high, isLog) => {
  if (isLog) {
    const exponents = [];
    for (let e = Math.ceil(Math.log10(low) - 1e-9); e <= Math.log10(high) + 1e-9; e++) exponents.push(e);
    const step = Math.ceil(exponents.length / 6);
    if (exponents.length > 1) return exponents.filter((_, i) => i % step === 0).map(e => 10 ** e);
    return [low, high];
  }
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find(factor => factor * power >= raw * 0.999) * power;
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++) ticks.push(i * step);
  return ticks;
};

// The least, middle and greatest value of some curves at each epoch that one of them has.
const bandOf = curves => {
  const at = new Map();
  for (const curve of curves)
    curve.epochs.forEach((epoch, i) => {
      if (!at.has(epoch)) at.set(epoch, []);
      at.get(epoch).push(curve.values[i]);
    });
  return [...at].sort((a, b) => a[0] - b[0]).map(([epoch, values]) => {
    values.sort((a, b) => a - b);
    return { epoch, low: values[0], middle: values[values.length >> 1], high: values.at(-1), count: values.length };
  });
};

const curveChart = figure => {
  const chart = Source.charts[figure.dataset.chart];
  const svg = figure.querySelector("svg");
  const reading = figure.querySelector(".reading");
  const [left, top, right, bottom] = [58, 12, 468, 256];
  const runs = new Set(chart.curves.map(curve => curve.run));
  const isBand = runs.size > mostDrawn;
  const metrics = [...new Set(chart.curves.map(curve => curve.metric))];
  const bands = isBand
    ? metrics.map(metric => ({ metric, points: bandOf(chart.curves.filter(curve => curve.metric === metric)) }))
    : [];
  const all = chart.curves.flatMap(curve => curve.values);
  const least = all.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const epochs = chart.curves.flatMap(curve => [curve.epochs[0], curve.epochs.at(-1)]);
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  const log = htmlElement("input", { type: "checkbox" });
  const canLog = least > 0 && greatest > least;
  figure.querySelector("figcaption").append(htmlElement("label", canLog ? {} : { hidden: "" }, log, " logarithmic"));
  if (isBand) figure.querySelector("small").append(
    "; grey from the least to the greatest of all runs, the median in it; pick runs in the legend");
  let cross = null;
  let epoch = null;
  const x = at => left + (right - left) * (at - first) / (last - first || 1);
  const drawnCurves = () => chart.curves.filter(curve => !isBand || picked.has(curve.run));

  const draw = () => {
    const isLog = log.checked;
    const pad = greatest > least ? (greatest - least) * 0.03 : Math.abs(greatest) * 0.05 || 0.5;
    const [low, high] = isLog ? [least, greatest] : [least - pad, greatest + pad];
    const scale = isLog ? Math.log : value => value;
    const y = value => bottom - (bottom - top) * (scale(value) - scale(low)) / (scale(high) - scale(low));
    const axes = svgElement("g", { class: "axes", "font-size": 13 });
    const ticks = ticksOf(low, high, isLog);
    const digits = ticks.length > 1 ? Math.max(0, Math.ceil(-Math.log10(ticks[1] - ticks[0]) - 1e-9)) : 4;
    const label = tick => isLog ? String(Number(tick.toPrecision(3)))
      : digits > 6 ? tick.toPrecision(3) : tick.toFixed(digits);
    for (const tick of ticks) {
      axes.append(svgElement("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }));
      axes.append(svgElement("text", { x: left - 6, y: y(tick), dy: ".35em", "text-anchor": "end" },
        label(tick)));
    }
    for (const tick of last > first ? ticksOf(first, last, false).filter(Number.isInteger) : [first])
      axes.append(svgElement("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle" }, tick));
    const lines = svgElement("g", { fill: "none", "stroke-width": 1.8, "stroke-linejoin": "round" });
    const place = (at, value) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
    bands.forEach(({ points }, number) => {
      lines.append(svgElement("polygon", { class: "band", points: [
        ...points.map(point => place(point.epoch, point.high)),
        ...points.toReversed().map(point => place(point.epoch, point.low))].join(" ") }));
      lines.append(svgElement("polyline", { class: "middle", "stroke-dasharray": number ? "1.5 3" : "",
        points: points.map(point => place(point.epoch, point.middle)).join(" ") }));
    });
    for (const curve of drawnCurves()) {
      const points = curve.epochs.map((at, i) => place(at, curve.values[i]));
      if (points.length === 1) points.push(points[0]);
      const line = svgElement("polyline", {
        stroke: curve.colour, "stroke-dasharray": curve.dash, points: points.join(" "), "data-run": curve.run,
        "stroke-linecap": points[0] === points[1] ? "round" : "butt",
      });
      line.append(svgElement("title", {}, `run ${curve.run} ${curve.name}, ${curve.metric}`));
      lines.append(line);
      if (metrics.length > 1 && curve.metric === chart.metric) continue;
      const best = curve.values.indexOf(curve.values.reduce((a, b) => chart.isHigherBetter ? Math.max(a, b) : Math.min(a, b)));
      lines.append(svgElement("circle", { class: "best", r: 4, stroke: curve.colour,
        cx: x(curve.epochs[best]), cy: y(curve.values[best]) }));
    }
    cross = svgElement("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" });
    svg.replaceChildren(axes, lines, cross);
    if (epoch !== null) show(epoch);
  };

  const show = wanted => {
    epoch = Math.max(first, Math.min(last, wanted));
    cross.setAttribute("x1", x(epoch));
    cross.setAttribute("x2", x(epoch));
    cross.setAttribute("visibility", "visible");
    reading.replaceChildren(htmlElement("b", {}, "epoch " + epoch));
    for (const { metric, points } of bands) {
      const point = points.find(point => point.epoch === epoch);
      if (point) reading.append(` ${metric} of ${point.count} runs ${point.low.toPrecision(4)} to `
        + `${point.high.toPrecision(4)}, median ${point.middle.toPrecision(4)}`);
    }
    for (const curve of drawnCurves()) {
      const at = curve.epochs.indexOf(epoch);
      const isBlank = at < 0;
      const text = isBlank ? (epoch < curve.epochs[0] || epoch > curve.epochs.at(-1) ? "–" : "left out")
        : String(curve.values[at]);
      const key = htmlElement("i");
      key.style.background = curve.colour;
      reading.append(" ", key, htmlElement("span", { "data-curve": curve.metric, "data-run": curve.run },
        `run ${curve.run}${metrics.length > 1 ? " " + curve.metric : ""} ${text} `));
    }
  };
  const hide = () => {
    epoch = null;
    cross.setAttribute("visibility", "hidden");
    reading.replaceChildren();
  };
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    show(Math.round(first + (at - left) / (right - left) * (last - first)));
  });
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("blur", hide);
  svg.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (event.key === "Home") show(first);
    else if (event.key === "End") show(last);
    else if (event.key === "Escape") hide();
    else if (step) show((epoch ?? (step > 0 ? first - 1 : last + 1)) + step);
    else return;
    event.preventDefault();
  });
  log.addEventListener("change", draw);
  redraws.push(draw);
  draw();
};
for (const figure of document.querySelectorAll("[data-chart]")) curveChart(figure);

// The legend: a click picks a run, and makes its curves stand out.
for (const item of document.querySelectorAll(".legend li")) {
  const button = htmlElement("button", { type: "button", "aria-pressed": "false" }, ...item.childNodes);
  item.append(button);
  const run = Number(item.dataset.run);
  button.addEventListener("click", () => {
    if (!picked.delete(run)) picked.add(run);
    button.setAttribute("aria-pressed", picked.has(run));
    for (const draw of redraws) draw();
    for (const line of document.querySelectorAll(".chart polyline[data-run]"))
      line.classList.toggle("dim", picked.size > 0 && !picked.has(Number(line.dataset.run)));
  });
}
