// Questions to the server that a page comes from.
const wordsOf = error => [error.what, error.where, error.next].filter(part => part).join(" · ");

// Returns an answer read as `json` or `arrayBuffer`; whatever goes wrong is a `NoAnswer`.
const ask = async (path, form = "json", signal = null) => {
  try {
    const response = await fetch(path, { signal });
    if (response.ok) return await response[form]();
    const text = await response.text();
    const isJSON = response.headers.get("Content-Type")?.startsWith("application/json");
    throw Object.assign(new NoAnswer(isJSON ? wordsOf(JSON.parse(text).error) : text.trim()), { status: response.status });
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer("lstm-lab serve does not answer");
  }
};

// Returns what does the work, once at a time: who asks meanwhile has it done once more. It rests as long
// as it took, at most a second, and a page that nobody sees waits until it is seen.
const longestRest = 1000;

const oneAtATime = work => {
  let [isBusy, isWanted] = [false, false];
  const shown = () => new Promise(done => {
    if (!document.hidden) done();
    else document.addEventListener("visibilitychange", () => shown().then(done), { once: true });
  });
  return async () => {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    try {
      while (isWanted) {
        await shown();
        isWanted = false;
        const start = performance.now();
        await work();
        if (isWanted) await new Promise(done => setTimeout(done, Math.min(longestRest, performance.now() - start)));
      }
    } finally {
      isBusy = false;
    }
  };
};
