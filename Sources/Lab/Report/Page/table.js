// The runs as the page's tables and pictures of many runs see them.
const colourOf = run => palette[Source.runs.rows.find(row => row.run === run).number % palette.length];

const Runs = (() => {
  const [columns, runs] = [[], []];
  const told = [];
  const place = title => columns.findIndex(column => column.title === title);
  const byRole = (...roles) => columns.flatMap((column, at) => roles.includes(column.role) ? [at] : []);
  // What a name in a condition means: a column, a setting by its path or the end of it.
  const field = name => {
    const own = columns.findIndex(column => column.title === name || column.path === name);
    const at = own >= 0 ? own : columns.findIndex(column => column.path?.endsWith("." + name));
    if (at >= 0) return run => run.cells[at];
    const { shared } = Source.runs;
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
  // Takes the runs as `Source` has them now, and tells those who show them.
  const take = () => {
    columns.splice(0, Infinity, ...Source.runs.columns);
    runs.splice(0, Infinity, ...Source.runs.rows.map(row =>
      ({ ...row, isCompleted: row.cells[place("status")] === "completed" })));
    for (const tell of told) tell();
  };
  take();
  return { columns, runs, place, byRole, field, shown, groups, take, onTake: tell => told.push(tell) };
})();
