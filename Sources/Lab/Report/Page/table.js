// The table of runs: sorted by a click on a title, searched, grouped by setting, measured against a
// baseline. What is picked in it stands out in the curves and pictures.
const picked = new Set();
const onPick = [];
const pick = run => {
  if (!picked.delete(run)) picked.add(run);
  for (const told of onPick) told();
};
const colourOf = run => palette[Source.runs.rows.find(row => row.run === run).number % palette.length];

const Runs = (() => {
  const { columns, rows, shared } = Source.runs;
  const place = title => columns.findIndex(column => column.title === title);
  const byRole = (...roles) => columns.flatMap((column, at) => roles.includes(column.role) ? [at] : []);
  const runs = rows.map(row => ({ ...row, isCompleted: row.cells[place("status")] === "completed" }));
  // What a name in a condition means: a column, a setting by its path or the end of it.
  const field = name => {
    const own = columns.findIndex(column => column.title === name || column.path === name);
    const at = own >= 0 ? own : columns.findIndex(column => column.path?.endsWith("." + name));
    if (at >= 0) return run => run.cells[at];
    const same = shared.find(([path]) => path === name) ?? shared.find(([path]) => path.endsWith("." + name));
    if (!same) return undefined;
    const value = same[1].trim() !== "" && Number.isFinite(Number(same[1])) ? Number(same[1]) : same[1];
    return () => value;
  };
  const shown = (at, value) => value === null || value === undefined ? "–"
    : typeof value !== "number" ? value
      : columns[at].isDuration ? durationText(value)
        : columns[at].role === "metric" ? metricText(value) : String(value);
  // Runs of the same settings, data and first weights.
  const groups = chosen => [...Map.groupBy(chosen, run => run.group).values()];
  return { columns, runs, place, byRole, field, shown, groups };
})();
