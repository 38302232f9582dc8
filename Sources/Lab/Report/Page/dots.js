// Predicted by true: a dot a number, told under the pointer and opened by a click.
const dotPictures = (element, { result, outputs, targets, nameOf, openRow }) => {
  const figures = [...element.querySelectorAll(".charts figure")].filter(figure =>
    figure.querySelector("figcaption").textContent.includes("predicted by true"));
  figures.forEach((figure, target) => {
    const { width, names } = result;
    const points = Array.from(outputs, (predicted, i) => ({ i, predicted, wanted: targets[i] }))
      .filter(point => point.i % names.length === target && Number.isFinite(point.predicted) && Number.isFinite(point.wanted));
    if (!points.length) return;
    const all = points.flatMap(point => [point.predicted, point.wanted]);
    let [low, high] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
    const pad = (high - low) * .04 || .5;
    [low, high] = [low - pad, high + pad];
    const [left, right, top, bottom] = [70, 468, 24, 262];
    const x = value => left + (right - left) * (value - low) / (high - low);
    const y = value => bottom - (bottom - top) * (value - low) / (high - low);
    const svg = svgElement("svg", { viewBox: "0 0 480 304", role: "img", tabindex: 0, "aria-label": names[target] + ": predicted by true" });
    const reading = htmlElement("p", { class: "reading", role: "status" });
    const axes = svgElement("g", { class: "axes", "font-size": 13 });
    const ticks = ticksOf(low, high, false);
    const label = labelOf(ticks, false);
    for (const tick of ticks)
      axes.append(svgElement("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }),
        svgElement("text", { x: left - 6, y: y(tick), dy: ".35em", "text-anchor": "end" }, label(tick)),
        svgElement("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle" }, label(tick)));
    axes.append(svgElement("text", { x: 6, y: 14 }, "predicted"),
      svgElement("text", { x: (left + right) / 2, y: 300, "text-anchor": "middle" }, "true"));
    const ring = svgElement("circle", { class: "ring", r: 7, visibility: "hidden" });
    svg.append(axes, svgElement("path", { class: "axis", d: `M${x(low)} ${y(low)}L${x(high)} ${y(high)}`, "stroke-dasharray": "2 3" }),
      svgElement("path", { class: "dots", d: points.map(point => `M${x(point.wanted).toFixed(1)} ${y(point.predicted).toFixed(1)}h0`).join("") }), ring);
    let at = null;
    const show = place => {
      at = place;
      ring.setAttribute("visibility", at === null ? "hidden" : "visible");
      reading.textContent = "";
      if (at === null) return;
      const point = points[at];
      ring.setAttribute("cx", x(point.wanted));
      ring.setAttribute("cy", y(point.predicted));
      reading.textContent = `${nameOf(Math.floor(point.i / width))}: true ${exact(point.wanted)}, predicted ${exact(point.predicted)}`;
    };
    const open = () => { if (at !== null) openRow(Math.floor(points[at].i / width)); };
    svg.addEventListener("pointermove", event => {
      const box = svg.getBoundingClientRect();
      const [px, py] = [(event.clientX - box.left) / box.width * 480, (event.clientY - box.top) / box.height * 304];
      let best = 0;
      const away = point => (x(point.wanted) - px) ** 2 + (y(point.predicted) - py) ** 2;
      points.forEach((point, i) => { if (away(point) < away(points[best])) best = i; });
      show(away(points[best]) < 900 ? best : null);
    });
    svg.addEventListener("pointerleave", () => show(null));
    svg.addEventListener("blur", () => show(null));
    svg.addEventListener("click", open);
    svg.addEventListener("keydown", event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) show(((at ?? -step) + step + points.length) % points.length);
      else if (event.key === "Enter") open();
      else return;
      event.preventDefault();
    });
    figure.querySelector("svg").replaceWith(svg);
    figure.append(reading);
  });
  return figures.length ? figures.at(-1).parentElement : null;
};
