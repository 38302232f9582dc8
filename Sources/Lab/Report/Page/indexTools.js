// What stands above the table: the search, the chooser of columns, the pages, what is picked.
const searchTool = changed => {
  const input = htmlElement("input", { type: "search", "aria-label": "Show runs with",
    placeholder: "a name, or val_loss < 0.5 and units in (4, 8)" });
  const told = htmlElement("span", { role: "status" });
  input.addEventListener("input", () => changed(input));
  return {
    element: htmlElement("span", {}, input, " ", told), input,
    draw(error) {
      if (document.activeElement !== input) input.value = State.state.search;
      say(told, error ?? "");
      put(told, "class", error ? "worse" : "");
    },
  };
};

const columnsTool = (table, changed) => {
  const boxes = new Map();
  const list = htmlElement("div");
  const box = column => {
    if (!boxes.has(column.title)) {
      const input = htmlElement("input", { type: "checkbox" });
      input.addEventListener("change", () => {
        const titles = table.chosen();
        if (input.checked) titles.add(column.title);
        else titles.delete(column.title);
        State.state.columns = table.columns().map(one => one.title).filter(title => titles.has(title));
        changed();
      });
      boxes.set(column.title, { input, label: htmlElement("label", {}, input, " " + column.title) });
    }
    const { input, label } = boxes.get(column.title);
    input.checked = table.chosen().has(column.title);
    return label;
  };
  return {
    element: htmlElement("details", { class: "columns" }, htmlElement("summary", {}, "Columns"), list),
    draw() { arrange(list, table.columns().filter(column => column.role !== "run").map(box)); },
  };
};

const countText = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const pagesTool = (size, go) => {
  const told = htmlElement("span", { role: "status" });
  let last = 1;
  const places = [
    ["First page", "«", () => 1], ["Previous page", "‹", page => page - 1],
    ["Next page", "›", page => page + 1], ["Last page", "»", () => last],
  ];
  const buttons = places.map(([label, sign, place]) => {
    const button = htmlElement("button", { type: "button", "aria-label": label, title: label }, sign);
    const target = () => Math.min(last, Math.max(1, place(State.state.page)));
    button.addEventListener("click", () => { if (target() !== State.state.page) go(target()); });
    // Not disabled: whoever presses it with a key stays on it.
    return { button, draw: () => put(button, "aria-disabled", target() === State.state.page) };
  });
  const element = htmlElement("nav", { class: "pages", "aria-label": "Pages" },
    buttons[0].button, buttons[1].button, told, buttons[2].button, buttons[3].button);
  const lastOf = matching => Math.max(1, Math.ceil(matching / size));
  return {
    element, lastOf,
    draw({ total, matching, rows }) {
      last = lastOf(matching);
      const from = (State.state.page - 1) * size;
      const of = matching < total ? `${countText(matching, "run")} found, ${total.toLocaleString("en")} in all`
        : countText(total, "run");
      const [first, end] = [from + 1, from + rows.length].map(number => number.toLocaleString("en"));
      say(told, last > 1 ? `${first}–${end} of ${of}` : of);
      element.classList.toggle("single", last === 1);
      for (const { draw } of buttons) draw();
    },
  };
};

const picksTool = ({ all, none }) => {
  const told = htmlElement("span");
  const open = htmlElement("a", {}, "open them");
  const action = (text, act) => {
    const button = htmlElement("button", { type: "button" }, text);
    button.addEventListener("click", act);
    return button;
  };
  const some = htmlElement("span", {}, ": ", open, " · ", action("pick none", none));
  const full = htmlElement("span", { role: "status", class: "worse" });
  const element = htmlElement("p", { class: "picks" }, told, some, " · ", action("pick all on this page", all), " ", full);
  return {
    element,
    // So many more runs were asked for than can be picked as `left` says.
    draw(left = 0) {
      const runs = Picks.runs();
      say(told, runs.length ? `${runs.length} picked` : "none picked");
      say(open, runs.length === 1 ? "open it" : "open them");
      put(open, "href", "/runs/" + runs.toSorted((a, b) => a - b).join());
      hide(some, !runs.length);
      say(full, left ? `At most ${State.mostPicked} runs are picked: there was no room for ${left} more.` : "");
    },
  };
};
