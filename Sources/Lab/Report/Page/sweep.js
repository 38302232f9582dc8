// Pictures of many runs: parallel coordinates, a line a run through its settings to a metric, and a
// metric against one setting.
const axisOf = (at, runs) => {
  const values = runs.map(run => run.cells[at]);
  const numbers = values.filter(value => typeof value === "number" && Number.isFinite(value));
  if (numbers.length < values.filter(value => value !== null).length) {
    const texts = [...new Set(values.filter(value => value !== null).map(String))].sort();
    return { part: value => value === null ? null : texts.length < 2 ? .5 : texts.indexOf(String(value)) / (texts.length - 1),
      ticks: texts.length > 12 ? [texts[0], texts.at(-1)] : texts };
  }
  const [low, high] = [numbers.reduce((a, b) => Math.min(a, b), Infinity), numbers.reduce((a, b) => Math.max(a, b), -Infinity)];
  const isLog = low > 0 && high / low >= 20;
  const scale = isLog ? Math.log : value => value;
  const part = value => typeof value !== "number" || !Number.isFinite(value) ? null
    : high > low ? (scale(value) - scale(low)) / (scale(high) - scale(low)) : .5;
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const isMetric = Runs.columns[at].role === "metric";
  const ticks = !isMetric && distinct.length <= 6 ? distinct : high > low ? [low, high] : [low];
  return { part, ticks, isLog };
};
const tickText = (at, value) => typeof value !== "number" ? value
  : Runs.columns[at].role === "metric" ? metricText(value) : String(Number(value.toPrecision(4)));

// Returns the pictures' elements and what draws them anew; nothing where there is nothing to draw.
const sweepPictures = (settings, metrics) => {
  const first = ["val_loss", "loss"].map(Runs.place).find(at => metrics.includes(at)) ?? metrics[0];
  const [metric, metricLabel] = chooser("Metric", metrics.map(at => Runs.columns[at].title), metrics.indexOf(first));
  const [setting, settingLabel] = chooser("Setting", settings.map(at => Runs.columns[at].title));
  const told = htmlElement("p", { class: "told", role: "status" });
  const [lines, dots] = ["Settings and metric of each run", "The metric against one setting"].map(label =>
    svgElement("svg", { class: "ways", viewBox: "0 0 480 300", role: "img", tabindex: 0, "aria-label": label }));
  let marks = [];
  let at = -1;
  const text = run => `run ${run.run}: ` + [...settings, metrics[metric.value]].map(column =>
    `${Runs.columns[column].title} ${Runs.shown(column, run.cells[column])}`).join(", ");
  const highlight = run => {
    for (const mark of marks) {
      mark.element.classList.toggle("near", mark.run === run);
      mark.element.classList.toggle("dim", run ? mark.run !== run : picked.size > 0 && !picked.has(mark.run.run));
    }
    told.textContent = run ? text(run) : "";
  };
  const shade = axis => value => {
    const part = axis.part(value);
    return part === null ? "var(--quiet)" : `color-mix(in oklab, var(--minus) ${Math.round(100 - 100 * part)}%, var(--plus))`;
  };
  const mark = (svg, element, run) => {
    element.append(svgElement("title", {}, text(run)));
    element.addEventListener("pointerenter", () => highlight(run));
    element.addEventListener("pointerleave", () => highlight(null));
    element.addEventListener("click", () => pick(run.run));
    svg.append(element);
    marks.push({ run, element });
  };
  const label = (svg, x, y, anchor, content) =>
    svg.append(svgElement("text", { x, y, "text-anchor": anchor, "font-size": 12 }, content));

  const drawLines = (runs, target) => {
    lines.replaceChildren();
    const columns = [...settings.slice(0, 6), target];
    const axes = columns.map(column => axisOf(column, runs));
    const colour = shade(axes.at(-1));
    const x = number => 50 + number * (380 / Math.max(1, columns.length - 1));
    const y = part => 262 - part * 216;
    for (const run of runs) {
      const parts = columns.map((column, number) => axes[number].part(run.cells[column]));
      const points = parts.flatMap((part, number) => part === null ? [] : [`${x(number).toFixed(1)},${y(part).toFixed(1)}`]);
      mark(lines, svgElement("polyline", { class: "way", points: points.join(" "),
        stroke: colour(run.cells[target]) }), run);
    }
    columns.forEach((column, number) => {
      lines.append(svgElement("line", { class: "axis", x1: x(number), x2: x(number), y1: y(0), y2: y(1) }));
      const isLast = number === columns.length - 1;
      const title = Runs.columns[column].title;
      label(lines, x(number), number % 2 ? 14 : 30, "middle", title.length > 18 ? "…" + title.slice(-17) : title);
      for (const tick of axes[number].ticks)
        label(lines, x(number) + (isLast ? 6 : -6), y(axes[number].part(tick)) + 4, isLast ? "start" : "end",
          tickText(column, tick));
      if (axes[number].isLog) label(lines, x(number), 284, "middle", "logarithmic");
    });
  };
  const drawDots = (runs, source, target) => {
    dots.replaceChildren();
    const [across, up] = [axisOf(source, runs), axisOf(target, runs)];
    const x = part => 84 + part * 376;
    const y = part => 250 - part * 214;
    dots.append(svgElement("path", { class: "axis", d: "M74 26V256H470" }));
    label(dots, 6, 14, "start", Runs.columns[target].title);
    label(dots, 272, 296, "middle", Runs.columns[source].title + (across.isLog ? " (logarithmic)" : ""));
    for (const tick of across.ticks) label(dots, x(across.part(tick)), 274, "middle", tickText(source, tick));
    for (const tick of up.ticks) label(dots, 68, y(up.part(tick)) + 4, "end", tickText(target, tick));
    const means = [];
    const valid = runs.filter(run => across.part(run.cells[source]) !== null && up.part(run.cells[target]) !== null);
    for (const [value, some] of Map.groupBy(valid, run => run.cells[source]))
      means.push([value, spread(some.map(run => run.cells[target])).mean]);
    means.sort((a, b) => across.part(a[0]) - across.part(b[0]));
    if (means.length > 1 && means.length <= 30) dots.append(svgElement("polyline", { class: "middle", fill: "none",
      points: means.map(([value, mean]) => `${x(across.part(value)).toFixed(1)},${y(up.part(mean)).toFixed(1)}`).join(" ") }));
    for (const run of valid) mark(dots, svgElement("circle", { class: "dot", r: 4.5, fill: colourOf(run.run),
      cx: x(across.part(run.cells[source])).toFixed(1), cy: y(up.part(run.cells[target])).toFixed(1) }), run);
  };
  const draw = () => {
    marks = [];
    const target = metrics[metric.value];
    const runs = Runs.runs.filter(run => typeof run.cells[target] === "number");
    drawLines(runs, target);
    drawDots(runs, settings[setting.value], target);
    highlight(null);
  };
  for (const svg of [lines, dots])
    svg.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const runs = [...new Set(marks.map(one => one.run))];
      if (step) at = (at + step + runs.length) % runs.length;
      else if (event.key === "Enter" && runs[at]) pick(runs[at].run);
      else return;
      event.preventDefault();
      highlight(runs[at]);
    });
  for (const input of [metric, setting]) input.addEventListener("input", draw);
  const figure = (svg, caption) => htmlElement("figure", { class: "chart" }, htmlElement("figcaption", {}, caption), svg);
  draw();
  return { draw, highlight, elements: [htmlElement("h3", {}, "Settings and what they came to"),
    htmlElement("p", { class: "group tools" }, metricLabel, settingLabel),
    htmlElement("div", { class: "charts" }, figure(lines, "A line a run; its colour is the metric, blue for low, orange for high"),
      figure(dots, "A dot a run; the line joins the means")), told] };
};

// Draws them in a section, and again when the runs have changed.
const sweepPart = section => {
  const box = htmlElement("div");
  section.append(box);
  let [pictures, drawn] = [null, null];
  const draw = () => {
    const settings = Runs.byRole("setting");
    const metrics = Runs.byRole("metric").filter(at => Runs.runs.some(run => typeof run.cells[at] === "number"));
    const isThere = Runs.runs.length >= 3 && settings.length > 0 && metrics.length > 0;
    const columns = JSON.stringify([isThere, settings, metrics, Runs.columns]);
    const values = JSON.stringify(Runs.runs);
    if (columns + values === drawn) return;
    if (drawn?.startsWith(columns)) pictures?.draw();
    else {
      pictures = isThere ? sweepPictures(settings, metrics) : null;
      box.replaceChildren(...(pictures?.elements ?? []));
    }
    drawn = columns + values;
  };
  onPick.push(() => pictures?.highlight(null));
  Runs.onTake(draw);
  draw();
};
onPart(root => { for (const section of root.querySelectorAll(".runs")) sweepPart(section); });
