// Questions to the server that a page comes from.
const wordsOf = error => [error.what, error.where, error.next].filter(part => part).join(" · ");

// Returns an answer read as `json` or `arrayBuffer`; whatever goes wrong is a `NoAnswer`.
const ask = async (path, form = "json") => {
  try {
    const response = await fetch(path);
    if (response.ok) return await response[form]();
    const { error } = await response.json();
    throw Object.assign(new NoAnswer(wordsOf(error)), { status: response.status });
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer("lstm-lab serve does not answer");
  }
};

// Returns what does the work, once at a time: who asks meanwhile has it done once more. It rests as long
// as it took, and a page that nobody sees waits until it is seen.
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
        if (isWanted) await new Promise(done => setTimeout(done, performance.now() - start));
      }
    } finally {
      isBusy = false;
    }
  };
};
