// Parts of the page that are loaded when they are nearly in sight.
Source.fetchFrame = async (key, epoch) =>
  new Float32Array(await ask(`/api/frame?film=${encodeURIComponent(key)}&epoch=${epoch}`, "arrayBuffer"));

const loadPart = async element => {
  element.replaceChildren(htmlElement("p", { class: "loading", role: "status" }, "Loading…"));
  try {
    const part = await ask(element.dataset.load);
    Source.take(part);
    element.innerHTML = part.html;
    drawPart(element);
    element.dispatchEvent(new CustomEvent("loaded", { bubbles: true }));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const again = htmlElement("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => whileBusy(element, loadPart(element)));
    element.replaceChildren(htmlElement("p", { class: "loading", role: "alert" }, `Not loaded: ${error.message} `, again));
  }
};
drawSeen("[data-load]", element => whileBusy(element, loadPart(element)));

// Gates and cells of samples that the reader names.
const chooseSamples = element => {
  const run = element.dataset.film.split("-")[1];
  const [gates, cell] = ["gates-" + run, "cell-" + run];
  const film = Source.film(gates) ?? Source.film(cell);
  const input = htmlElement("input", { size: 14, inputmode: "numeric", value: film.layout.samples.map(sample => sample.sample).join(", ") });
  const told = htmlElement("span", { role: "status" });
  const form = htmlElement("form", { class: "ask" }, htmlElement("label", {}, "Samples ", input),
    htmlElement("button", {}, "Show"), told);
  const show = async () => {
    const wanted = input.value.split(/[\s,]+/).filter(word => word).join();
    told.textContent = "Loading…";
    try {
      const part = await ask(`/api/samples?run=${run}&samples=${encodeURIComponent(wanted)}`);
      const fresh = htmlElement("template");
      fresh.innerHTML = part.html;
      const [newGates, newCell] = [gates, cell].map(key => fresh.content.querySelector(`[data-film="${key}"]`));
      if (!newGates) {
        told.textContent = fresh.content.querySelector("p").textContent;
        return;
      }
      for (const key of [gates, cell]) Source.drop(key);
      Source.take(part);
      const section = element.closest(".run");
      section.querySelector(`[data-film="${cell}"]`)?.replaceWith(newCell ?? "");
      element.replaceWith(newGates);
      drawPart(section);
      newGates.querySelector(".ask input").focus({ preventScroll: true });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      told.textContent = error.message;
    }
  };
  form.addEventListener("submit", event => {
    event.preventDefault();
    whileBusy(element, show());
  });
  element.querySelector(".slider").after(form);
};
onPart(root => {
  for (const element of root.querySelectorAll('[data-film^="gates-"]'))
    if (!element.querySelector(".ask")) chooseSamples(element);
});
