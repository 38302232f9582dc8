// Forecasts over the series: what is known, what was told a step ahead, and what follows, with values.
const seriesPictures = element => {
  const result = Source.result(Number(element.dataset.result));
  const figures = element.querySelectorAll(".charts figure");
  result?.series.forEach((lines, number) => {
    const figure = figures[number];
    const label = figure.querySelector("svg").getAttribute("aria-label");
    figure.querySelector("svg").replaceWith(lineChart({ label, unit: "step", height: 250,
      lines: lines.filter(line => line.xs.length).map((line, i) => ({ ...line, colour: palette[i], dash: i === 1 ? "5 3" : "" })) }));
  });
};
drawSeen("[data-result]", seriesPictures);
