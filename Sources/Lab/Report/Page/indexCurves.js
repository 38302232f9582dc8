// The learning curves of the picked runs, and their legend: a click in it makes a run stand out.
const indexCurves = ({ section, nameOf, remove }) => {
  const charts = htmlElement("div", { class: "charts" });
  const items = htmlElement("ul");
  const told = htmlElement("p", { role: "status" });
  const legend = htmlElement("details", { class: "legend", open: "" },
    htmlElement("summary", {}, "Legend: a click makes a run stand out"), items);
  section.append(htmlElement("h2", {}, "Learning curves"), told, charts, legend);
  curveTools(charts);
  const tools = charts.previousElementSibling;
  const [drawn, lines] = [new Map(), new Map()];

  const own = chart => ({ ...chart, curves: chart.curves.filter(curve => Picks.has(curve.run)).map(curve => ({
    ...curve, colour: Picks.colour(curve.run),
    dash: chart.curves.some(one => one.metric !== curve.metric) && curve.metric !== chart.metric
      ? "1.5 3" : Picks.dash(curve.run),
  })) });
  const drawCharts = list => {
    const wanted = list.map(own).filter(chart => chart.curves.length);
    const titles = new Set(wanted.map(chart => chart.title));
    for (const [title, { chart }] of drawn) if (!titles.has(title)) {
      chart.close();
      drawn.delete(title);
    }
    arrange(charts, wanted.map(chart => {
      const known = drawn.get(chart.title);
      if (known) known.chart.update(chart);
      else {
        const figure = chartFigure(chart);
        drawn.set(chart.title, { figure, chart: curveChart(figure, chart, State.mostPicked) });
      }
      return drawn.get(chart.title).figure;
    }));
  };
  const lineOf = run => {
    if (!lines.has(run)) {
      const key = svgElement("svg", { class: "key", viewBox: "0 0 28 8", "aria-hidden": true });
      const stroke = svgElement("line", { x1: 0, x2: 28, y1: 4, y2: 4, "stroke-width": 3 });
      key.append(stroke);
      const name = htmlElement("span");
      const button = htmlElement("button", { type: "button" }, key, name);
      button.addEventListener("click", () => pick(run));
      const drop = htmlElement("button", { type: "button", class: "drop", "aria-label": `Unpick run ${run}`,
        title: `Unpick run ${run}` }, "×");
      drop.addEventListener("click", () => remove(run));
      lines.set(run, { stroke, name, button, item: htmlElement("li", { "data-run": run }, button, drop) });
    }
    const { stroke, name, button, item } = lines.get(run);
    put(stroke, "stroke", Picks.colour(run));
    put(stroke, "stroke-dasharray", Picks.dash(run));
    say(name, `run ${run} ${nameOf(run)}`);
    put(button, "aria-pressed", picked.has(run));
    return item;
  };
  let last = [];
  const draw = () => {
    const runs = Picks.runs();
    for (const run of lines.keys()) if (!Picks.has(run)) lines.delete(run);
    for (const run of [...picked]) if (!Picks.has(run)) picked.delete(run);
    arrange(items, runs.map(lineOf));
    drawCharts(last);
    hide(tools, !drawn.size);
    hide(legend, !runs.length);
  };
  onPick.push(() => { for (const run of Picks.runs()) lineOf(run); });
  return {
    draw,
    take(list) {
      last = list;
      draw();
      say(told, drawn.size ? "" : "No epoch of a picked run has a loss or metric to draw yet.");
    },
    none() {
      last = [];
      draw();
      say(told, "Pick runs in the table, and their curves are drawn here.");
    },
    fail(text) { say(told, text); },
  };
};
