// The rows of a page of the table. Whatever is drawn again stays what it was where nothing changed.
const arrange = (parent, wanted) => {
  const focused = document.activeElement;
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
  if (focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
};
const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const put = (element, name, value) => {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
};
const hide = (element, isHidden) => { if (element.hidden !== isHidden) element.hidden = isHidden; };
// What has room in a line; a longer text would cost much and show nothing.
const shortened = text => text.length > 200 ? text.slice(0, 200) + "…" : text;
// A row's value in the column of a title or role.
const valueOf = ({ columns }, row, title) =>
  row.cells[columns.findIndex(column => column.title === title || column.role === title)];

const indexTable = ({ sort, toggle }) => {
  const mostShown = 12;
  const head = htmlElement("tr");
  const body = htmlElement("tbody");
  const table = htmlElement("table", { class: "sortable" }, htmlElement("thead", {}, head), body);
  const element = htmlElement("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Runs" }, table);
  const [heads, rows] = [new Map(), new Map()];
  let [columns, list] = [[], []];

  const text = (column, value) => {
    if (value === null || value === undefined) return "–";
    if (typeof value === "number") return column.isDuration ? durationText(value)
      : column.role === "metric" ? metricText(value) : String(value);
    return shortened(value);
  };
  // The columns that matter most: what a run is, how far it is and what it came to.
  const usual = () => {
    const titled = (...titles) => titles.flatMap(title => columns.filter(column => column.title === title));
    const roles = (...wanted) => columns.filter(column => wanted.includes(column.role));
    const order = [...roles("run", "name", "status"), ...titled("epochs"), ...roles("setting").slice(0, 4),
      ...titled("val_loss", "loss", "val_accuracy", "accuracy", "seconds", "best_epoch", "created_at"),
      ...roles("repeat"), ...titled("parameters"), ...roles("metric")];
    return [...new Set(order)].slice(0, mostShown).map(column => column.title);
  };
  const chosen = () => new Set(State.state.columns ?? usual());
  // A column with nothing in it on this page is left out, but for the one that it is sorted by.
  const shown = () => {
    const titles = chosen();
    return columns.flatMap((column, at) => column.role === "run" || titles.has(column.title)
      && (!list.length || column.title === State.state.sort || list.some(row => (row.cells[at] ?? null) !== null))
      ? [at] : []);
  };
  const headOf = at => {
    const column = columns[at];
    if (!heads.has(column.title)) {
      const button = htmlElement("button", { type: "button" }, column.title);
      button.addEventListener("click", () => sort(column));
      heads.set(column.title, htmlElement("th", { scope: "col", ...(column.isNumber ? { class: "number" } : {}) },
        column.isSortable ? button : column.title));
    }
    const cell = heads.get(column.title);
    const { sort: by, isDescending } = State.state;
    const isBy = by === null ? column.role === "run" : column.title === by;
    if (isBy) put(cell, "aria-sort", by === null || isDescending ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
    return cell;
  };
  const numberCell = run => {
    const swatch = htmlElement("button", { type: "button", class: "pick", "aria-label": "Pick run " + run });
    swatch.addEventListener("click", () => toggle(run));
    return htmlElement("td", { class: "number", "data-title": "run" }, swatch,
      htmlElement("a", { href: "/runs/" + run }, String(run)));
  };
  const rowOf = run => {
    if (!rows.has(run)) {
      const line = htmlElement("tr", { "data-run": run });
      line.addEventListener("click", event => {
        if (!event.target.closest("a, button") && getSelection().isCollapsed) toggle(run);
      });
      rows.set(run, { line, cells: new Map() });
    }
    return rows.get(run);
  };
  const drawRow = ({ run, cells }, places) => {
    const row = rowOf(run);
    const wanted = places.map(at => {
      const column = columns[at];
      const isRun = column.role === "run";
      if (!row.cells.has(column.title)) row.cells.set(column.title, isRun ? numberCell(run)
        : htmlElement("td", { "data-title": column.title, ...(column.isNumber ? { class: "number" } : {}) }));
      const cell = row.cells.get(column.title);
      if (!isRun) say(cell, text(column, cells[at]));
      if (column.role === "status") put(cell, "class", cells[at]);
      return cell;
    });
    arrange(row.line, wanted);
    shade(run);
    return row.line;
  };
  const shade = run => {
    const swatch = rows.get(run).line.querySelector(".pick");
    if (!swatch) return;
    put(swatch, "aria-pressed", Picks.has(run));
    const colour = Picks.has(run) ? Picks.colour(run) : "var(--quiet)";
    if (swatch.style.getPropertyValue("--own") !== colour) swatch.style.setProperty("--own", colour);
  };
  const draw = () => {
    const places = shown();
    arrange(head, places.map(headOf));
    arrange(body, list.map(row => drawRow(row, places)));
    const here = new Set(list.map(row => row.run));
    for (const run of rows.keys()) if (!here.has(run)) rows.delete(run);
  };
  // The cursor keys go from a run to the one above or below.
  body.addEventListener("keydown", event => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const line = step && event.target.closest("tr")[step];
    if (!line) return;
    line.querySelector(event.target.matches(".pick") ? ".pick" : "a").focus();
    event.preventDefault();
  });
  return {
    element, draw, chosen, columns: () => columns, runs: () => list.map(row => row.run),
    take(told) {
      [columns, list] = [told.columns, told.rows];
      draw();
    },
    // What an event tells of a run, before its row has been asked for.
    tell(change) {
      const row = list.find(row => row.run === change.run);
      if (!row) return;
      columns.forEach((column, at) => {
        if (column.role === "status") row.cells[at] = change.status;
        if (column.title === "epochs") row.cells[at] = change.epochs;
      });
      drawRow(row, shown());
    },
    shade() { for (const run of rows.keys()) shade(run); },
  };
};
