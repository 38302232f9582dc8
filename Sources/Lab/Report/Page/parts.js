// What draws the page's parts. Each script says once what it draws; a part of the page that is loaded
// later is drawn by the same scripts.
const drawers = [];
const onPart = draw => {
  drawers.push(draw);
  draw(document);
};
const drawPart = root => { for (const draw of drawers) draw(root); };

// Calls `start` once, when the element is nearly in sight.
const whenSeen = (element, start) => {
  const observer = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    observer.disconnect();
    start();
  }, { rootMargin: "300px" });
  observer.observe(element);
};

// Draws each element that the selector names once, when it is nearly in sight.
const drawSeen = (selector, draw) => {
  const taken = new WeakSet();
  onPart(root => {
    for (const element of root.querySelectorAll(selector)) {
      if (taken.has(element)) continue;
      taken.add(element);
      whenSeen(element, () => draw(element));
    }
  });
};

// A question that has no answer; its message is for the reader.
class NoAnswer extends Error {}

// Marks an element as one that waits, until the work is done.
const works = new WeakMap();
const whileBusy = async (element, work) => {
  works.set(element, (works.get(element) ?? 0) + 1);
  element.setAttribute("aria-busy", "true");
  try { return await work; } finally {
    works.set(element, works.get(element) - 1);
    if (!works.get(element)) element.removeAttribute("aria-busy");
  }
};

// Calls `draw` when the page becomes light or dark, as long as the element is in it.
const onTheme = (element, draw) => {
  const theme = matchMedia("(prefers-color-scheme: dark)");
  const listen = () => {
    if (element.isConnected) draw();
    else theme.removeEventListener("change", listen);
  };
  theme.addEventListener("change", listen);
};

// Puts elements in the place of those that an element has; those that are equal stay, and of the others
// those of the same key where `change(old, fresh)` makes the one like the other.
const freshen = (parent, fresh, keyOf = (_, at) => at, change) => {
  const old = new Map([...parent.children].map((child, at) => [String(keyOf(child, at)), child]));
  const kept = fresh.map((child, at) => {
    const before = old.get(String(keyOf(child, at)));
    if (!before || before.isEqualNode(child)) return before ?? child;
    if (!change) return child;
    change(before, child);
    return before;
  });
  const staying = new Set(kept);
  for (const child of [...parent.children]) if (!staying.has(child)) child.remove();
  kept.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
};
