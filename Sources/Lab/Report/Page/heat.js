// Matrices as pictures on canvas, a cell a number: orange for positive and blue for negative ones.
const colours = () => {
  const style = getComputedStyle(document.documentElement);
  const read = name => {
    const hex = style.getPropertyValue(name).trim().slice(1);
    const full = hex.length === 3 ? [...hex].map(digit => digit + digit).join("") : hex;
    return [0, 2, 4].map(at => parseInt(full.slice(at, at + 2), 16));
  };
  return { zero: read("--panel"), plus: read("--plus"), minus: read("--minus"), none: read("--none") };
};

// A picture in the place of one that was drawn without scripts. `tell` gets the row and column under
// the pointer or the cursor keys, or null; `choose` those that are clicked.
const heatPicture = (place, rows, cols, label, { tell, choose, dots = false }) => {
  const grain = dots ? Math.max(1, Math.min(9, Math.floor(900 / cols))) : 1;
  // A tall matrix has cells as small as a pixel, so that it is seen as a whole.
  const size = rows > 200 ? Math.max(1, Math.min(480 / cols, 640 / rows)) : null;
  const canvas = htmlElement("canvas", {
    width: cols * grain, height: rows * grain, tabindex: 0, role: "img", "aria-label": label,
  });
  const spot = htmlElement("b", { class: "spot", hidden: "" });
  const frame = htmlElement("div", { class: "heat" }, canvas, spot);
  frame.style.setProperty("--c", cols);
  if (size) {
    canvas.style.height = `${rows * size}px`;
    frame.style.width = `max(1.6rem, ${cols * size}px)`;
  }
  place.querySelector("svg")?.remove();
  place.append(frame);
  const small = dots ? htmlElement("canvas", { width: cols, height: rows }) : canvas;
  let at = null;
  const move = cell => {
    at = cell;
    spot.hidden = cell === null;
    if (cell !== null) {
      const [row, col] = cell;
      spot.style.cssText = `left:${100 * col / cols}%;top:${100 * row / rows}%;`
        + `width:${100 / cols}%;height:${100 / rows}%`;
    }
    tell(cell);
  };
  const under = event => {
    const box = canvas.getBoundingClientRect();
    const inside = (part, count) => Math.max(0, Math.min(count - 1, Math.floor(part * count)));
    return [inside((event.clientY - box.top) / box.height, rows),
      inside((event.clientX - box.left) / box.width, cols)];
  };
  canvas.addEventListener("pointermove", event => move(under(event)));
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) move(at ?? [0, 0]); });
  canvas.addEventListener("click", event => choose?.(under(event)));
  canvas.addEventListener("keydown", event => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      const [row, col] = at ?? [0, 0];
      move([Math.max(0, Math.min(rows - 1, row + step[0])), Math.max(0, Math.min(cols - 1, col + step[1]))]);
    } else if ((event.key === "Enter" || event.key === " ") && at) choose?.(at);
    else if (event.key === "Escape") move(null);
    else return;
    event.preventDefault();
  });
  return {
    canvas,
    // Leads there: the cell is in sight, marked and told.
    go(cell) {
      canvas.scrollIntoView({ block: "center" });
      canvas.focus();
      move(cell);
    },
    refresh: () => { if (at !== null) tell(at); },
    // Draws the numbers `value(row, col)`; those at ± scale and beyond have the full shade.
    draw(value, scale, isFull = () => false) {
      const { zero, plus, minus, none } = colours();
      const context = small.getContext("2d");
      const image = context.createImageData(cols, rows);
      for (let row = 0, byte = 0; row < rows; row++)
        for (let col = 0; col < cols; col++, byte += 4) {
          const number = value(row, col);
          const part = scale > 0 ? Math.min(1, Math.abs(number) / scale) : 0;
          const end = Number.isNaN(number) ? none : number < 0 ? minus : plus;
          const share = Number.isNaN(number) ? 1 : part;
          for (let i = 0; i < 3; i++) image.data[byte + i] = zero[i] + share * (end[i] - zero[i]);
          image.data[byte + 3] = 255;
        }
      context.putImageData(image, 0, 0);
      if (!dots) return;
      const wide = canvas.getContext("2d");
      wide.imageSmoothingEnabled = false;
      wide.drawImage(small, 0, 0, canvas.width, canvas.height);
      if (grain < 5) return;
      wide.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--text");
      for (let row = 0; row < rows; row++)
        for (let col = 0; col < cols; col++)
          if (isFull(value(row, col)))
            wide.fillRect((col + .5) * grain - 1, (row + .5) * grain - 1, 2, 2);
    },
  };
};
