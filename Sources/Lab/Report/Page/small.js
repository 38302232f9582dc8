"use strict";
// Small things that all pictures are made of.
const svgElement = (name, attributes = {}, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

const htmlElement = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
};

// The fewest digits that read back to the same float32.
const exact = value => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  for (let digits = 1; digits < 10; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text)).replace("-", "−");
  }
  return String(value).replace("-", "−");
};

// The same, by whichever of both ways of writing is shorter.
const shortest = value => {
  const plain = exact(value);
  if (plain.length < 11 || !Number.isFinite(value)) return plain;
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value)
      return text.length < plain.length ? text.replaceAll("-", "−") : plain;
  }
  return plain;
};

// A loss or metric as the tables of the command line have it.
const metricText = value => {
  if (!Number.isFinite(value)) return exact(value);
  const size = Math.abs(value);
  return value === 0 ? "0" : size > 1e-3 && size < 1e9 ? value.toFixed(4)
    : value.toExponential(4).replace(/e([-+])(\d)$/, "e$10$2");
};

const durationText = seconds =>
  seconds < 1e-3 ? Math.round(seconds * 1e6) + "µs"
    : seconds < 1 ? (seconds * 1e3).toPrecision(3).replace(/\.0+$/, "") + "ms"
      : seconds < 60 ? seconds.toFixed(1) + "s"
        : seconds < 3600 ? `${Math.floor(seconds / 60)}m ${Math.round(seconds % 60)}s`
          : `${Math.floor(seconds / 3600)}h ${Math.round(seconds % 3600 / 60)}m`;

// A list to choose from.
const chooser = (label, texts, chosen = 0) => {
  const select = htmlElement("select", {}, ...texts.map((text, value) =>
    htmlElement("option", { value }, text)));
  select.value = chosen;
  return [select, htmlElement("label", { class: texts.length < 2 ? "alone" : "" }, label + " ", select)];
};

const palette = ["#2f7fd6", "#e0762b", "#1f9e76", "#c858a5", "#a08a00", "#00a0b8", "#d6505a", "#8a6fd6"];

// Mean and standard deviation of a sample.
const spread = values => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null };
};
