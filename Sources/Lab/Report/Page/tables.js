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

// Runs: words and conditions such as `loss < 0.1` choose the rows that are shown.
for (const section of document.querySelectorAll(".runs")) {
  const table = section.querySelector("table");
  const titles = [...table.tHead.rows[0].cells].map(head => head.textContent.trim());
  const input = htmlElement("input", { type: "search", placeholder: "a name, or loss < 0.1", "aria-label": "Show runs with" });
  const told = htmlElement("span", { role: "status" });
  const holds = (row, term) => {
    const condition = term.match(/^(.+?)(<=|>=|!=|=|<|>)(.+)$/);
    if (!condition) return row.textContent.toLowerCase().includes(term.toLowerCase());
    const [, title, sign, wanted] = condition;
    const cell = row.cells[titles.indexOf(title)];
    if (!cell || cell.textContent === "–") return false;
    const isNumber = cell.dataset.value !== undefined && Number.isFinite(Number(wanted));
    const [a, b] = isNumber ? [Number(cell.dataset.value), Number(wanted)] : [cell.textContent, wanted];
    return { "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "=": a === b, "!=": a !== b }[sign];
  };
  input.addEventListener("input", () => {
    const terms = input.value.replace(/\s*(<=|>=|!=|=|<|>)\s*/g, "$1").split(/\s+and\s+|\s+/i).filter(Boolean);
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) row.hidden = !terms.every(term => holds(row, term));
    const shown = rows.filter(row => !row.hidden).length;
    told.textContent = shown < rows.length ? `${shown} of ${rows.length} runs` : "";
  });
  if (table.tBodies[0].rows.length > 1)
    section.querySelector("h2").after(htmlElement("p", { class: "search" }, input, " ", told));
}

// A link to a run opens it.
const openRun = hash => {
  const details = hash && document.getElementById(hash.slice(1))?.querySelector("details");
  if (!details) return;
  details.open = true;
  details.scrollIntoView();
};
for (const link of document.querySelectorAll('a[href^="#run-"]'))
  link.addEventListener("click", event => {
    event.preventDefault();
    openRun(link.hash);
  });
addEventListener("hashchange", () => openRun(location.hash));
openRun(location.hash);
