// The runs that are picked: they stand out in tables, curves and pictures.
const picked = new Set();
const onPick = [];
const pick = run => {
  if (!picked.delete(run)) picked.add(run);
  for (const told of onPick) told();
};
