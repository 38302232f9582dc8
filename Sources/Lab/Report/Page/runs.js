// The table of runs: sorted by a click on a title, searched, grouped by setting, measured against a
// baseline. What is picked in it stands out in the curves and pictures.
const runTable = section => {
  const { columns, runs } = Runs;
  const table = section.querySelector("table");
  const state = { shown: [...Source.runs.shown], isChosen: false, by: null, isDescending: false, baseline: null };
  const search = htmlElement("input", { type: "search", "aria-label": "Show runs with",
    placeholder: "a name, or val_loss < 0.5 and units in (4, 8)" });
  const told = htmlElement("span", { role: "status" });
  const grouped = htmlElement("input", { type: "checkbox" });
  const [baseline, baselineLabel] = chooser("Baseline", ["none"]);
  baselineLabel.className = "";
  const choice = htmlElement("details", { class: "columns" }, htmlElement("summary", {}, "Columns"));
  const chooseColumns = () => choice.replaceChildren(choice.firstElementChild,
    ...columns.map((column, at) => {
      const box = htmlElement("input", { type: "checkbox" });
      box.checked = state.shown.includes(at);
      box.addEventListener("change", () => {
        state.isChosen = true;
        state.shown = columns.flatMap((_, other) =>
          (other === at ? box.checked : state.shown.includes(other)) ? [other] : []);
        draw();
      });
      return htmlElement("label", {}, box, " " + column.title);
    }));
  const best = at => columns[at].isHigherBetter ? 1 : -1;

  // A row of the table: a run, or the runs of a group.
  const rowOf = members => {
    const completed = members.filter(run => run.isCompleted);
    const cells = columns.map((column, at) => {
      const values = members.map(run => run.cells[at]);
      if (members.length === 1 && !grouped.checked) return { value: values[0] ?? null };
      const common = values.every(value => value === values[0]);
      if (!["metric", "fact"].includes(column.role) || !column.isNumber)
        return { value: common ? values[0] ?? null : null, isMixed: !common };
      const numbers = completed.map(run => run.cells[at]).filter(value => typeof value === "number");
      if (!numbers.length) return { value: null };
      const { mean, sd } = spread(numbers);
      return { value: mean, sd, isMean: true };
    });
    return { members, cells, left: members.length - completed.length };
  };
  const cellOf = (row, at, base) => {
    const column = columns[at];
    const cell = row.cells[at];
    const element = htmlElement("td", { "data-title": column.title, ...(column.isNumber ? { class: "number" }
      : column.role === "status" && cell.value ? { class: cell.value } : {}) });
    if (column.role === "run") {
      const swatch = htmlElement("button", { type: "button", class: "pick",
        "aria-pressed": row.members.every(run => picked.has(run.run)),
        "aria-label": "Pick " + (row.members.length > 1 ? "the group" : "run " + row.members[0].run) });
      swatch.style.setProperty("--own", colourOf(row.members[0].run));
      swatch.addEventListener("click", () => {
        const isPicked = row.members.every(run => picked.has(run.run));
        for (const run of row.members) if (picked.has(run.run) === isPicked) pick(run.run);
      });
      const links = row.members.slice(0, 8).flatMap((run, number) => [
        number ? ", " : "", htmlElement("a", { href: "#run-" + run.run }, String(run.run))]);
      if (row.members.length > 8) links.push(`, … ${row.members.length} runs`);
      element.append(swatch, ...links);
      return element;
    }
    if (typeof cell.value === "number") element.dataset.value = cell.value;
    const isRound = cell.isMean && column.role !== "metric" && !column.isDuration;
    element.append(cell.isMixed ? "various" : isRound ? String(Number(cell.value.toPrecision(6))) : Runs.shown(at, cell.value));
    if (cell.sd !== null && cell.sd !== undefined)
      element.append(htmlElement("small", {}, " ± " + (column.isDuration ? durationText(cell.sd)
        : column.role === "metric" ? metricText(cell.sd) : String(Number(cell.sd.toPrecision(3))))));
    if (column.role === "status" && row.left && grouped.checked)
      element.append(htmlElement("small", {}, ` ${row.left} not counted`));
    if (!base || column.role !== "metric" || row === base || typeof cell.value !== "number"
      || typeof base.cells[at].value !== "number") return element;
    const by = cell.value - base.cells[at].value;
    element.append(htmlElement("small", { class: by === 0 ? "" : by * best(at) > 0 ? "better" : "worse" },
      ` ${by < 0 ? "−" : "+"}${metricText(Math.abs(by))}`));
    return element;
  };
  const sorted = list => {
    if (state.by === null) return list;
    return list.sort((a, b) => {
      const [x, y] = [a, b].map(row => columns[state.by].role === "run"
        ? row.members[0].run : row.cells[state.by].value);
      if (x === null || y === null) return (x === null) - (y === null);
      const order = typeof x === typeof y ? (x < y ? -1 : x > y ? 1 : 0) : typeof x === "number" ? -1 : 1;
      return state.isDescending ? -order : order;
    });
  };
  const chosen = () => {
    const text = search.value.trim();
    told.className = "";
    if (!text) return runs;
    try {
      const holds = Condition(text, Runs.field);
      return runs.filter(holds);
    } catch (error) {
      const words = text.toLowerCase().split(/\s+/);
      if (/[=<>~]/.test(text)) {
        told.textContent = error.message;
        told.className = "worse";
        return runs;
      }
      return runs.filter(run => words.every(word =>
        state.shown.some(at => Runs.shown(at, run.cells[at]).toLowerCase().includes(word))));
    }
  };
  const draw = () => {
    const left = chosen();
    if (!told.className)
      told.textContent = left.length < runs.length ? `${left.length} of ${runs.length} runs` : "";
    const rows = (grouped.checked ? Runs.groups(left) : left.map(run => [run])).map(rowOf);
    const pinned = runs[baseline.value - 1];
    const base = pinned && (rows.find(row => row.members.includes(pinned)) ?? rowOf([pinned]));
    const list = sorted(rows);
    if (base) list.sort((a, b) => (b === base) - (a === base));
    freshen(table.tHead.rows[0], state.shown.map(at => {
      const button = htmlElement("button", { type: "button" }, columns[at].title);
      button.addEventListener("click", () => {
        state.isDescending = state.by === at && !state.isDescending;
        state.by = at;
        draw();
        [...table.tHead.rows[0].cells][state.shown.indexOf(at)].querySelector("button").focus();
      });
      return htmlElement("th", { scope: "col", ...(columns[at].isNumber ? { class: "number" } : {}),
        ...(state.by === at ? { "aria-sort": state.isDescending ? "descending" : "ascending" } : {}) }, button);
    }));
    freshen(table.tBodies[0], list.map(row => {
      const element = htmlElement("tr", {
        ...(row === base ? { class: "baseline" } : {}), "data-run": row.members.map(run => run.run).join(),
      }, ...state.shown.map(at => cellOf(row, at, base)));
      element.addEventListener("click", event => {
        if (!event.target.closest("a, button")) element.querySelector(".pick").click();
      });
      return element;
    }), row => row.dataset.run, (old, row) => {
      old.className = row.className;
      freshen(old, [...row.cells]);
    });
  };
  // Takes the columns and runs that there are now; columns that the reader chose go by their titles, the
  // baseline by its run.
  let known = [];
  const take = () => {
    const titles = columns.map(column => column.title);
    if (known.join("\n") !== titles.join("\n")) {
      const at = old => titles.indexOf(known[old]);
      state.shown = state.isChosen ? state.shown.map(at).filter(place => place >= 0) : [...Source.runs.shown];
      if (state.by !== null) state.by = at(state.by) < 0 ? null : at(state.by);
      known = titles;
      table.tHead.rows[0].replaceChildren();
      table.tBodies[0].replaceChildren();
      chooseColumns();
    }
    const names = ["none", ...runs.map(run => `run ${run.run} ${run.cells[Runs.place("name")] ?? ""}`)];
    const wanted = baseline.dataset.run;
    freshen(baseline, names.map((name, value) => htmlElement("option", { value }, name)));
    baseline.value = runs.findIndex(run => String(run.run) === wanted) + 1;
  };
  baseline.addEventListener("input", () => { baseline.dataset.run = runs[baseline.value - 1]?.run ?? ""; });
  take();
  Runs.onTake(() => {
    take();
    draw();
  });
  for (const input of [search, grouped, baseline]) input.addEventListener("input", draw);
  onPick.push(draw);
  const tools = htmlElement("p", { class: "search" });
  if (runs.length > 1) tools.append(search, " ", told,
    htmlElement("label", {}, grouped, " group by setting"), baselineLabel);
  tools.append(choice);
  section.querySelector("h2").after(tools);
  draw();
};
onPart(root => { for (const section of root.querySelectorAll(".runs")) runTable(section); });

// A link to a run opens it; of many runs only those that were opened are in sight.
const isMany = Runs.runs.length > 12;
for (const section of document.querySelectorAll(".run")) section.hidden = isMany;
if (isMany) document.querySelector(".run").before(htmlElement("p", { class: "scale" },
  "A click on a run's number in the table opens the run here."));
const openRun = hash => {
  const section = /^#run-\d+$/.test(hash) && document.getElementById(hash.slice(1));
  const details = section && section.querySelector("details");
  if (!details) return;
  section.hidden = false;
  details.open = true;
  details.scrollIntoView();
};
document.addEventListener("click", event => {
  const link = event.target.closest?.('a[href^="#run-"]');
  if (!link) return;
  event.preventDefault();
  openRun(link.hash);
});
addEventListener("hashchange", () => openRun(location.hash));
openRun(location.hash);
