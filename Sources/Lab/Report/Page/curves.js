// Small charts of a few lines over steps or epochs, with values under the pointer and the cursor keys.
const nearest = (list, value) => {
  let best = 0;
  for (let i = 1; i < list.length; i++)
    if (Math.abs(list[i] - value) < Math.abs(list[best] - value)) best = i;
  return best;
};

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
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find(factor => factor * power >= raw * 0.999) * power;
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++) ticks.push(i * step);
  return ticks;
};

const labelOf = (ticks, isLog) => {
  const text = tick => String(Number(tick.toPrecision(3))).replaceAll("-", "−");
  if (isLog || ticks.length < 2) return text;
  const digits = Math.max(0, Math.ceil(-Math.log10(ticks[1] - ticks[0]) - 1e-9));
  const most = Math.max(...ticks.map(Math.abs));
  if (digits < 5 && most < 1e6) return tick => tick.toFixed(digits).replace("-", "−");
  const decimals = Math.min(4, Math.max(0, digits + Math.floor(Math.log10(most))));
  return tick => tick === 0 ? "0" : tick.toExponential(decimals).replaceAll("-", "−");
};

// Draws lines `{ name, colour, dash, xs, ys }`; a value that is no number is a gap. `mark()` says where
// the page stands, and is asked again when the chart is told so.
const lineChart = ({ label, unit, lines, height = 150, isLog = false, mark = () => null }) => {
  const [left, right, top] = [78, 468, 12];
  const bottom = height - 28;
  const svg = svgElement("svg", { viewBox: `0 0 480 ${height}`, role: "img", tabindex: 0, "aria-label": label });
  const reading = htmlElement("p", { class: "reading", role: "status" });
  const usable = value => Number.isFinite(value) && (!isLog || value > 0);
  const ys = lines.flatMap(line => Array.from(line.ys).filter(usable));
  const xs = lines.flatMap(line => Array.from(line.xs));
  if (!ys.length) return htmlElement("p", { class: "scale" }, label + ": nothing to draw");
  const least = ys.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = ys.reduce((a, b) => Math.max(a, b), -Infinity);
  const pad = isLog ? 0 : greatest > least ? (greatest - least) * .04 : Math.abs(greatest) * .05 || .5;
  const [low, high] = [least - pad, greatest + pad];
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const scale = isLog ? Math.log : value => value;
  const x = at => left + (right - left) * (at - first) / (last - first || 1);
  const y = value => high > low ? bottom - (bottom - top) * (scale(value) - scale(low)) / (scale(high) - scale(low)) : (top + bottom) / 2;
  const axes = svgElement("g", { class: "axes", "font-size": 12 });
  const ticks = ticksOf(low, high, isLog);
  const text = labelOf(ticks, isLog);
  for (const tick of height < 120 ? [ticks[0], ticks.at(-1)] : ticks)
    axes.append(svgElement("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }),
      svgElement("text", { x: left - 6, y: y(tick), dy: ".35em", "text-anchor": "end" }, text(tick)));
  for (const tick of last > first ? ticksOf(first, last, false).filter(Number.isInteger) : [first])
    axes.append(svgElement("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle" }, tick));
  svg.append(axes);
  for (const line of lines) {
    let path = "";
    let isDown = false;
    Array.from(line.xs).forEach((at, i) => {
      if (!usable(line.ys[i])) { isDown = false; return; }
      path += `${isDown ? "L" : "M"}${x(at).toFixed(1)} ${y(line.ys[i]).toFixed(1)}`;
      if (!isDown) path += "h0";
      isDown = true;
    });
    svg.append(svgElement("path", { d: path, fill: "none", stroke: line.colour, "stroke-width": line.width ?? 1.8,
      "stroke-linecap": "round", "stroke-linejoin": "round", "stroke-dasharray": line.dash ?? "" }));
  }
  const now = svgElement("line", { class: "cross now", y1: top, y2: bottom });
  const stand = () => {
    const at = mark();
    now.setAttribute("visibility", at === null ? "hidden" : "visible");
    if (at !== null) for (const end of ["x1", "x2"]) now.setAttribute(end, x(at));
  };
  now.addEventListener("epoch", stand);
  stand();
  const cross = svgElement("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" });
  svg.append(now, cross);
  const places = [...new Set(xs)].sort((a, b) => a - b);
  let at = null;
  const show = place => {
    at = place;
    cross.setAttribute("visibility", place === null ? "hidden" : "visible");
    reading.replaceChildren();
    if (place === null) return;
    for (const end of ["x1", "x2"]) cross.setAttribute(end, x(places[place]));
    reading.append(htmlElement("b", {}, `${unit} ${places[place]}`));
    for (const line of lines) {
      const i = Array.from(line.xs).indexOf(places[place]);
      if (i < 0) continue;
      const key = htmlElement("i");
      key.style.background = line.colour;
      reading.append(" ", key, htmlElement("span", {}, `${line.name} ${exact(line.ys[i])} `));
    }
  };
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect();
    const wanted = first + ((event.clientX - box.left) / box.width * 480 - left) / (right - left) * (last - first);
    show(nearest(places, wanted));
  });
  svg.addEventListener("pointerleave", () => show(null));
  svg.addEventListener("blur", () => show(null));
  svg.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    show(Math.max(0, Math.min(places.length - 1, (at ?? (step > 0 ? -1 : places.length)) + step)));
    event.preventDefault();
  });
  const key = lines.length > 1 ? [htmlElement("p", { class: "keys" }, ...lines.filter(line => line.name).map(line => {
    const sign = htmlElement("i");
    sign.style.background = line.colour;
    return htmlElement("span", {}, sign, line.name);
  }))] : [];
  return htmlElement("div", { class: "lines" }, svg, ...key, reading);
};
