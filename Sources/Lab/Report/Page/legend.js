// What all curves have in common: how smooth they are.
const curveTools = charts => {
  const range = htmlElement("input", { type: "range", min: 0, max: 99, value: 0 });
  const told = htmlElement("output", {}, "off");
  range.addEventListener("input", () => {
    view.smoothing = Number(range.value) / 100;
    told.textContent = view.smoothing ? view.smoothing.toFixed(2) : "off";
    redrawAll();
  });
  charts.before(htmlElement("p", { class: "tools group" }, htmlElement("label", {}, "Smoothing ", range), told,
    htmlElement("small", {}, "drag over a chart, or press +, to zoom into epochs; a double click or − shows all")));
};
onPart(root => {
  const chart = root.querySelector("[data-chart]");
  if (chart) curveTools(chart.parentElement);
});

// A legend for a page that had nothing to draw when it was made: a run each, as its first curve is drawn.
const legendOf = curves => htmlElement("details", { class: "legend", open: "" },
  htmlElement("summary", {}, "Legend: a click makes a run stand out"),
  htmlElement("ul", {}, ...Map.groupBy(curves, curve => curve.run).values().map(([{ run, name, colour, dash }]) => {
    const key = svgElement("svg", { class: "key", viewBox: "0 0 28 8", "aria-hidden": "true" });
    key.append(svgElement("line", { x1: 0, x2: 28, y1: 4, y2: 4, "stroke-width": 3, stroke: colour, "stroke-dasharray": dash }));
    return htmlElement("li", { "data-run": run }, key, htmlElement("span", {}, `run ${run} ${name}`));
  })));

// The legend: a click picks a run, and makes its curves stand out.
onPart(root => {
  for (const item of root.querySelectorAll(".legend li")) {
    const run = Number(item.dataset.run);
    const button = htmlElement("button", { type: "button", "aria-pressed": "false" }, ...item.childNodes);
    item.append(button);
    button.addEventListener("click", () => pick(run));
    onPick.push(() => button.setAttribute("aria-pressed", picked.has(run)));
  }
});
