// A slider over the stored epochs of a film, with a button that plays them. It stays in sight while
// its pictures are. An epoch whose numbers are not in the page shows the picture of the nearest that
// is, without numbers, and says so. Numbers that have to be asked for come one epoch at a time, that one
// last that the slider stands on; `show(state)` draws what has come.
const epochSlider = (film, place, output, show) => {
  const input = htmlElement("input", {
    type: "range", min: 0, max: film.stored.length - 1, value: film.stored.length - 1,
  });
  const note = htmlElement("span", { class: "thinned", role: "status" });
  const label = htmlElement("label", {}, "Epoch ", input);
  const state = { epoch: film.epochs.at(-1), wanted: film.stored.at(-1), isThere: true };
  const owner = place.closest("[data-film]");
  const stand = wanted => {
    state.wanted = wanted;
    state.epoch = film.epochs[nearest(film.epochs, wanted)];
    state.isThere = state.epoch === wanted;
    output.textContent = wanted;
    input.setAttribute("aria-valuetext", "epoch " + wanted);
    note.textContent = state.isThere
      ? "" : `epoch ${wanted} is left out of this page: the picture is that of epoch ${state.epoch}`;
    return show(state);
  };
  const follow = async () => {
    let wanted;
    do {
      wanted = film.stored[input.value];
      try {
        await Source.frame(film.key, film.epochs[nearest(film.epochs, wanted)]);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        note.textContent = `epoch ${wanted}: ${error.message}`;
        continue;
      }
      await stand(wanted);
    } while (film.stored[input.value] !== wanted);
  };
  let moving = null;
  const move = () => {
    moving ??= whileBusy(owner, follow()).finally(() => { moving = null; });
    return moving;
  };
  input.addEventListener("input", move);
  const play = player(() => {
    input.value = Number(input.value) === film.stored.length - 1 ? 0 : Number(input.value) + 1;
    move();
  }, "Play the epochs");
  place.append(htmlElement("span", { class: "group" }, label, play), note);
  place.hidden = false;
  const fit = () => {
    label.hidden = film.stored.length < 2;
    play.hidden = label.hidden;
  };
  fit();
  // A film of a run that trains gets longer; a slider on its last epoch follows.
  owner.addEventListener("longer", () => {
    const isLast = input.value === input.max;
    const before = state.wanted;
    input.max = film.stored.length - 1;
    input.value = isLast ? input.max : nearest(film.stored, before);
    fit();
    if (isLast || film.stored[input.value] !== before) move();
  });
  return { state, move };
};

// A button that calls `step` again and again until it is pressed a second time, or is gone.
const player = (step, label, pause = 120) => {
  const button = htmlElement("button", { type: "button", "aria-label": label, title: label }, "▶");
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
  };
  button.addEventListener("click", () => {
    if (timer === null) timer = setInterval(() => button.isConnected ? step() : stop(), pause);
    else stop();
    button.textContent = timer === null ? "▶" : "⏸";
    button.setAttribute("aria-pressed", timer !== null);
  });
  return button;
};
