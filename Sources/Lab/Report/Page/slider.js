// A slider over the stored epochs of a film, with a button that plays them. It stays in sight while
// its pictures are. An epoch whose numbers are not in the page shows the picture of the nearest that
// is, without numbers, and says so.
const epochSlider = (film, place, output, show) => {
  const { stored, epochs } = film;
  const input = htmlElement("input", {
    type: "range", min: 0, max: stored.length - 1, value: stored.length - 1,
  });
  const note = htmlElement("span", { class: "thinned" });
  const label = htmlElement("label", {}, "Epoch ", input);
  const state = { epoch: epochs.at(-1), isThere: true };
  const move = () => {
    const wanted = stored[input.value];
    state.epoch = epochs[nearest(epochs, wanted)];
    state.isThere = state.epoch === wanted;
    output.textContent = wanted;
    input.setAttribute("aria-valuetext", "epoch " + wanted);
    note.textContent = state.isThere
      ? "" : `epoch ${wanted} is left out of this page: the picture is that of epoch ${state.epoch}`;
    return show(state);
  };
  input.addEventListener("input", move);
  const play = player(() => {
    input.value = Number(input.value) === stored.length - 1 ? 0 : Number(input.value) + 1;
    move();
  }, "Play the epochs");
  place.append(htmlElement("span", { class: "group" }, label, play), note);
  place.hidden = false;
  if (stored.length < 2) {
    label.hidden = true;
    play.hidden = true;
  }
  return { state, move };
};

// A button that calls `step` again and again until it is pressed a second time.
const player = (step, label, pause = 120) => {
  const button = htmlElement("button", { type: "button", "aria-label": label, title: label }, "▶");
  let timer = null;
  button.addEventListener("click", () => {
    if (timer === null) timer = setInterval(step, pause);
    else {
      clearInterval(timer);
      timer = null;
    }
    button.textContent = timer === null ? "▶" : "⏸";
    button.setAttribute("aria-pressed", timer !== null);
  });
  return button;
};
