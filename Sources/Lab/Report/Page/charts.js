// Learning curves. More than twelve runs become a band from the least to the greatest with the median in
// it; those that are picked are drawn. Curves are smoothed and zoomed by everyone at once.
const mostDrawn = 12;
const view = { smoothing: 0, from: null, to: null };
const redraws = [];
const redrawAll = () => { for (const draw of redraws) draw(); };

// A figure without a picture yet, for a chart that the page was not made with.
const chartFigure = chart => htmlElement("figure", { class: "chart" },
  htmlElement("figcaption", {}, chart.title + " ", htmlElement("small")),
  svgElement("svg", { viewBox: "0 0 480 290", role: "img", tabindex: 0 }),
  htmlElement("p", { class: "reading", role: "status" }));

// Draws a chart in a figure. What is returned takes new numbers: how the curves are zoomed, smoothed and
// picked stays. `close` ends it. More than `most` runs become a band.
const curveChart = (figure, shown, most = mostDrawn) => {
  const svg = figure.querySelector("svg");
  const reading = figure.querySelector(".reading");
  const [left, top, right, bottom] = [58, 12, 468, 256];
  const log = htmlElement("input", { type: "checkbox" });
  const logLabel = htmlElement("label", {}, log, " logarithmic");
  const whole = htmlElement("button", { type: "button", hidden: "" }, "all epochs");
  figure.querySelector("figcaption").append(htmlElement("span", { class: "group" }, whole, logLabel));
  let chart, text, runs, isBand, metrics, bands, start, end, first, last;
  const take = taken => {
    chart = taken;
    text = JSON.stringify(chart);
    runs = new Set(chart.curves.map(curve => curve.run));
    isBand = runs.size > most;
    metrics = [...new Set(chart.curves.map(curve => curve.metric))];
    bands = isBand
      ? metrics.map(metric => ({ metric, points: bandOf(chart.curves.filter(curve => curve.metric === metric)) }))
      : [];
    const epochs = chart.curves.flatMap(curve => [curve.epochs[0], curve.epochs.at(-1)]);
    [start, end] = [Math.min(...epochs), Math.max(...epochs)];
    const least = chart.curves.reduce((low, curve) => curve.values.reduce((a, b) => Math.min(a, b), low), Infinity);
    logLabel.hidden = least <= 0;
    if (logLabel.hidden) log.checked = false;
    svg.setAttribute("aria-label", `${chart.title} by epoch, ${runs.size} run${runs.size === 1 ? "" : "s"}`);
    figure.querySelector("small").textContent = "by epoch"
      + (metrics.length > 1 ? "; training drawn through, validation dotted" : "")
      + (chart.hasBest ? "; a ring marks the best" : "")
      + (isBand ? "; grey from the least to the greatest of all runs, the median in it; pick runs in the table"
        + (document.querySelector(".legend") ? " or the legend" : "") : "");
  };
  take(shown);
  let [cross, epoch, near, drag] = [null, null, null, null];
  let place = () => [0, 0];
  const x = at => left + (right - left) * (at - first) / (last - first || 1);
  const epochAt = event => {
    const box = svg.getBoundingClientRect();
    return first + ((event.clientX - box.left) / box.width * 480 - left) / (right - left) * (last - first);
  };
  const drawnCurves = () => chart.curves.filter(curve => !isBand || picked.has(curve.run));
  const inSight = list => list.filter(point => point.epoch >= first && point.epoch <= last);

  const draw = () => {
    [first, last] = [Math.max(start, view.from ?? start), Math.min(end, view.to ?? end)];
    if (last <= first) [first, last] = [start, end];
    whole.hidden = first === start && last === end;
    const isLog = log.checked;
    const points = drawnCurves().map(curve => {
      const soft = smoothed(curve.values, view.smoothing);
      return { curve, list: inSight(curve.epochs.map((at, i) => ({ epoch: at, value: curve.values[i], soft: soft[i] }))) };
    });
    const strips = bands.map(band => inSight(band.points));
    let [low, high] = [Infinity, -Infinity];
    const take = value => { low = Math.min(low, value); high = Math.max(high, value); };
    for (const { list } of points) for (const point of list) take(point.value);
    for (const strip of strips) for (const point of strip) { take(point.low); take(point.high); }
    if (low > high) [low, high] = [0, 1];
    const flat = high === low ? [high] : null;
    const pad = high > low ? (high - low) * 0.03 : Math.abs(high) * 0.05 || 0.5;
    if (!isLog) [low, high] = [low - pad, high + pad];
    const scale = isLog ? Math.log : value => value;
    const y = value => high > low ? bottom - (bottom - top) * (scale(value) - scale(low)) / (scale(high) - scale(low)) : (top + bottom) / 2;
    place = (at, value) => [x(at), y(value)];
    const axes = svgElement("g", { class: "axes", "font-size": 13 });
    const ticks = flat ?? ticksOf(low, high, isLog);
    const label = labelOf(ticks, isLog);
    for (const tick of ticks) {
      axes.append(svgElement("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }));
      axes.append(svgElement("text", { x: left - 6, y: y(tick), dy: ".35em", "text-anchor": "end" },
        label(tick)));
    }
    for (const tick of last > first ? ticksOf(first, last, false).filter(Number.isInteger) : [first])
      axes.append(svgElement("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle" }, tick));
    const lines = svgElement("g", { fill: "none", "stroke-width": 1.8, "stroke-linejoin": "round" });
    const at = (epoch, value) => `${x(epoch).toFixed(1)},${y(value).toFixed(1)}`;
    strips.forEach((strip, number) => {
      lines.append(svgElement("polygon", { class: "band", points: [
        ...strip.map(point => at(point.epoch, point.high)),
        ...strip.toReversed().map(point => at(point.epoch, point.low))].join(" ") }));
      lines.append(svgElement("polyline", { class: "middle", "stroke-dasharray": number ? "1.5 3" : "",
        points: strip.map(point => at(point.epoch, point.middle)).join(" ") }));
    });
    for (const { curve, list } of points) {
      if (!list.length) continue;
      if (view.smoothing) lines.append(svgElement("polyline", { class: "raw", stroke: curve.colour,
        points: list.map(point => at(point.epoch, point.value)).join(" ") }));
      const ends = list.map(point => at(point.epoch, point.soft));
      if (ends.length === 1) ends.push(ends[0]);
      const line = svgElement("polyline", {
        stroke: curve.colour, "stroke-dasharray": curve.dash, points: ends.join(" "), "data-run": curve.run,
        "data-metric": curve.metric, "stroke-linecap": ends[0] === ends[1] ? "round" : "butt",
      });
      line.append(svgElement("title", {}, `run ${curve.run} ${curve.name}, ${curve.metric}`));
      lines.append(line);
      if (!chart.hasBest || metrics.length > 1 && curve.metric === chart.metric) continue;
      const best = curve.values.indexOf(curve.values.reduce((a, b) => chart.isHigherBetter ? Math.max(a, b) : Math.min(a, b)));
      if (curve.epochs[best] < first || curve.epochs[best] > last) continue;
      const ring = svgElement("circle", { class: "best", r: 4, stroke: curve.colour, "data-epoch": curve.epochs[best],
        cx: x(curve.epochs[best]), cy: y(curve.values[best]) });
      ring.append(svgElement("title", {}, `best: ${curve.values[best]} in epoch ${curve.epochs[best]}, run ${curve.run}`));
      lines.append(ring);
    }
    cross = svgElement("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" });
    svg.replaceChildren(axes, lines, cross, svgElement("rect", { class: "zoom", y: top, height: bottom - top, visibility: "hidden" }));
    shade();
    if (epoch !== null) show(epoch);
  };
  // Picked runs stand out, and the one under the pointer.
  const shade = () => {
    for (const line of svg.querySelectorAll("polyline[data-run]")) {
      const run = Number(line.dataset.run);
      line.classList.toggle("dim", near ? run !== near.run : picked.size > 0 && !picked.has(run));
      line.classList.toggle("near", near !== null && run === near.run && line.dataset.metric === near.metric);
    }
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
    const curves = drawnCurves();
    const isNear = curve => near?.run === curve.run && near.metric === curve.metric;
    for (const curve of [...curves.filter(isNear), ...curves.filter(curve => !isNear(curve))]) {
      const at = curve.epochs.indexOf(epoch);
      const text = at >= 0 ? String(curve.values[at])
        : epoch < curve.epochs[0] || epoch > curve.epochs.at(-1) ? "–" : "left out";
      const soft = view.smoothing && at >= 0 ? `smoothed ${smoothed(curve.values, view.smoothing)[at].toPrecision(4)}, is ` : "";
      const key = htmlElement("i");
      key.style.background = curve.colour;
      reading.append(" ", key, htmlElement(isNear(curve) ? "b" : "span", { "data-curve": curve.metric, "data-run": curve.run },
        `run ${curve.run}${metrics.length > 1 ? " " + curve.metric : ""} ${soft}${text} `));
    }
  };
  const hide = () => {
    [epoch, near] = [null, null];
    cross.setAttribute("visibility", "hidden");
    reading.replaceChildren();
    shade();
  };
  const zoom = (from, to) => {
    [view.from, view.to] = [from, to];
    redrawAll();
  };
  const span = (a, b) => {
    const frame = svg.querySelector(".zoom");
    const [from, to] = [Math.max(left, Math.min(x(a), x(b))), Math.min(right, Math.max(x(a), x(b)))];
    frame.setAttribute("x", from);
    frame.setAttribute("width", Math.max(0, to - from));
    frame.setAttribute("visibility", "visible");
  };
  svg.addEventListener("pointerdown", event => { drag = epochAt(event); });
  svg.addEventListener("pointermove", event => {
    const at = epochAt(event);
    if (drag !== null && event.buttons) span(drag, at);
    const box = svg.getBoundingClientRect();
    const up = (event.clientY - box.top) / box.height * svg.viewBox.baseVal.height;
    const wanted = Math.max(first, Math.min(last, Math.round(at)));
    let distance = 30;
    near = null;
    for (const curve of drawnCurves()) {
      const i = curve.epochs.indexOf(wanted);
      if (i < 0) continue;
      const away = Math.abs(place(wanted, curve.values[i])[1] - up);
      if (away < distance) [near, distance] = [curve, away];
    }
    if (runs.size < 2) near = null;
    shade();
    show(wanted);
  });
  svg.addEventListener("pointerup", event => {
    const [from, to] = [drag, epochAt(event)].sort((a, b) => a - b);
    const isWide = drag !== null && Math.abs(x(from) - x(to)) > 8;
    drag = null;
    svg.querySelector(".zoom").setAttribute("visibility", "hidden");
    if (isWide) zoom(Math.max(start, Math.floor(from)), Math.min(end, Math.ceil(to)));
    else if (near) pick(near.run);
  });
  svg.addEventListener("dblclick", () => zoom(null, null));
  whole.addEventListener("click", () => zoom(null, null));
  svg.addEventListener("pointerleave", () => {
    drag = null;
    svg.querySelector(".zoom").setAttribute("visibility", "hidden");
    hide();
  });
  svg.addEventListener("blur", hide);
  svg.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
    const middle = epoch ?? Math.round((first + last) / 2);
    const reach = Math.max(1, Math.round((last - first) / 4));
    if (event.key === "Home") show(first);
    else if (event.key === "End") show(last);
    else if (event.key === "+") zoom(Math.max(start, middle - reach), Math.min(end, middle + reach));
    else if (event.key === "-") zoom(null, null);
    else if (event.key === "Escape") hide();
    else if (step) show((epoch ?? (step > 0 ? first - 1 : last + 1)) + step);
    else return;
    event.preventDefault();
  });
  log.addEventListener("change", draw);
  redraws.push(draw);
  draw();
  return {
    update(next) {
      if (JSON.stringify(next) === text) return;
      take(next);
      draw();
    },
    close() { redraws.splice(redraws.indexOf(draw), 1); },
  };
};

// The charts that the page was made with, by their figures.
const drawnCharts = new Map();
onPart(root => {
  for (const figure of root.querySelectorAll("[data-chart]"))
    drawnCharts.set(figure, curveChart(figure, Source.charts[figure.dataset.chart]));
});
onPick.push(redrawAll);
