// Questions to the server that a page comes from.
const wordsOf = error => [error.what, error.where, error.next].filter(part => part).join(" · ");

// Returns an answer read as `json` or `arrayBuffer`; whatever goes wrong is a `NoAnswer`.
const ask = async (path, form = "json") => {
  try {
    const response = await fetch(path);
    if (response.ok) return await response[form]();
    const text = await response.text();
    const isJSON = response.headers.get("Content-Type")?.startsWith("application/json");
    throw Object.assign(new NoAnswer(isJSON ? wordsOf(JSON.parse(text).error) : text.trim()), { status: response.status });
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer("lstm-lab serve does not answer");
  }
};

// Does some work once at a time. `ask()` has it done now, or as soon as what is under way is over: the work
// can tell by `isOld()` that its answer is not wanted any more. `look()`, for what may be new, has it done after a
// rest that grows with the time that the work takes, up to a second; a page that nobody sees looks when it is seen.
const oneAtATime = work => {
  const [leastRest, mostRest] = [80, 1000];
  let [isBusy, isAsked, isWanted, timer] = [false, false, false, null];
  const run = async () => {
    clearTimeout(timer);
    timer = null;
    [isBusy, isAsked, isWanted] = [true, false, false];
    const start = performance.now();
    try {
      await work(() => isAsked);
    } finally {
      isBusy = false;
      if (isAsked) run();
      else timer = setTimeout(() => {
        timer = null;
        if (isWanted) look();
      }, Math.min(mostRest, Math.max(leastRest, 2 * (performance.now() - start))));
    }
  };
  const ask = () => {
    if (isBusy) isAsked = true;
    else run();
  };
  const look = () => {
    if (isBusy || timer !== null || document.hidden) isWanted = true;
    else run();
  };
  document.addEventListener("visibilitychange", () => { if (isWanted && !isBusy && timer === null) look(); });
  return { ask, look };
};
