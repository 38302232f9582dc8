"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const svgElement = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

// Tables: a click on a title sorts by it, a second click the other way round; blanks stay last.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const isNumber = head.classList.contains("number");
      const key = row => {
        const cell = row.cells[column];
        if (!isNumber) return cell.textContent === "–" ? null : cell.textContent;
        return cell.dataset.value === undefined ? null : Number(cell.dataset.value.replace("inf", "Infinity"));
      };
      const compare = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === null || y === null) return (x === null) - (y === null);
        const order = x < y ? -1 : x > y ? 1 : 0;
        return descending ? -order : order;
      };
      body.append(...[...body.rows].sort(compare));
    });
  });
}

// Charts: the values at the pointer's epoch; arrow keys move it, too.
const nearest = (list, value) => {
  let best = 0;
  for (let i = 1; i < list.length; i++)
    if (Math.abs(list[i] - value) < Math.abs(list[best] - value)) best = i;
  return best;
};
for (const figure of document.querySelectorAll("[data-chart]")) {
  const chart = data.charts[figure.dataset.chart];
  const svg = figure.querySelector("svg");
  const reading = figure.querySelector(".reading");
  const lines = svg.querySelectorAll("polyline");
  const [left, top, right, bottom] = chart.frame;
  const [first, last] = chart.epochs;
  const cross = svgElement("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" });
  svg.append(cross);
  let epoch = null;
  const show = wanted => {
    epoch = Math.max(first, Math.min(last, wanted));
    const x = left + (right - left) * (epoch - first) / (last - first || 1);
    cross.setAttribute("x1", x);
    cross.setAttribute("x2", x);
    cross.setAttribute("visibility", "visible");
    const head = document.createElement("b");
    reading.replaceChildren(head);
    chart.curves.forEach((curve, number) => {
      const at = nearest(curve.epochs, epoch);
      if (!head.textContent) head.textContent = "epoch " + curve.epochs[at];
      const key = document.createElement("i");
      key.style.background = lines[number].getAttribute("stroke");
      const value = document.createElement("span");
      value.textContent = "run " + curve.run + " " + curve.values[at].toPrecision(5) + " ";
      reading.append(" ", key, value);
    });
  };
  const hide = () => {
    epoch = null;
    cross.setAttribute("visibility", "hidden");
    reading.replaceChildren();
  };
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    show(Math.round(first + (x - left) / (right - left) * (last - first)));
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
}

// Weights and gates: the slider shows the pictures of another epoch.
for (const film of data.films) {
  const element = document.querySelector(`[data-film="${film.key}"]`);
  const slider = element.querySelector("input");
  const output = element.querySelector("output");
  const pictures = element.querySelectorAll("svg");
  const size = film.parts.reduce((sum, [rows, cols]) => sum + rows * cols, 0);
  let cells = null;
  const value = at => (cells[at] << 24 >> 24) / 127;
  const draw = () => {
    cells ??= Uint8Array.from(atob(film.frames), byte => byte.charCodeAt(0));
    const epoch = film.epochs[slider.value];
    let start = slider.value * size;
    output.textContent = epoch;
    slider.setAttribute("aria-valuetext", "epoch " + epoch);
    film.parts.forEach(([rows, cols], part) => {
      const paths = new Map();
      for (let i = 0; i < rows * cols; i++) {
        const level = Math.round(value(start + i) * data.shades);
        if (level !== 0)
          paths.set(level, (paths.get(level) ?? "") + `M${i % cols} ${Math.floor(i / cols)}h1v1h-1z`);
      }
      pictures[part].replaceChildren(...[...paths].map(([level, d]) => svgElement("path", {
        class: level < 0 ? "n" : "p", "fill-opacity": Math.abs(level) / data.shades, d
      })));
      start += rows * cols;
    });
  };
  element.querySelector(".slider").hidden = false;
  slider.addEventListener("input", draw);
}
