// Where runs come from: a tree, each fork under the run that it began from.
const familyTree = place => {
  const { family } = Source.runs;
  place.replaceChildren();
  if (!family.some(run => run.parent !== undefined)) return;
  const known = new Set(family.map(run => run.run));
  const item = run => {
    const children = family.filter(other => other.parent === run.run).sort((a, b) => a.from - b.from);
    const name = run.isHere ? htmlElement("a", { href: "#run-" + run.run }, "run " + run.run) : "run " + run.run;
    const from = run.from === undefined ? "" : `from epoch ${run.from} on, `;
    const text = `${from}to epoch ${run.epochs}` + (run.status === "completed" ? "" : ", " + run.status)
      + (run.isHere ? "" : ", not in this report");
    return htmlElement("li", {}, name, " " + run.name + " ", htmlElement("small", {}, text),
      ...(children.length ? [htmlElement("ul", {}, ...children.map(item))] : []));
  };
  const roots = family.filter(run => run.parent === undefined || !known.has(run.parent))
    .filter(run => run.parent !== undefined || family.some(other => other.parent === run.run));
  place.append(htmlElement("h3", {}, "Lineage"),
    htmlElement("ul", { class: "tree", "aria-label": "Lineage of the runs" }, ...roots.map(item)));
};
onPart(root => {
  for (const place of root.querySelectorAll(".family")) {
    let drawn = null;
    const draw = () => {
      const family = JSON.stringify(Source.runs.family);
      if (family !== drawn) familyTree(place);
      drawn = family;
    };
    Runs.onTake(draw);
    draw();
  }
});
