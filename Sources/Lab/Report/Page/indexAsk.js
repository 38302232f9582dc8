// Questions to the server. Of a kind one is under way at a time: what somebody wants now takes the place
// of the one before, whose answer is dropped; a look at what is new waits for it, and then for a rest that
// grows with the time that answers take, up to a second.
const [leastRest, mostRest] = [80, 1000];

const question = (address, take, fail) => {
  let [current, timer, isWanted] = [null, null, false];
  const now = async () => {
    current?.abort();
    clearTimeout(timer);
    isWanted = false;
    const path = address();
    const own = current = path === null ? null : new AbortController();
    if (path === null) return;
    const start = performance.now();
    const answer = await ask(path, "json", own.signal).catch(error => error);
    if (own !== current) return;
    timer = setTimeout(() => {
      current = null;
      if (isWanted) look();
    }, Math.min(mostRest, Math.max(leastRest, 2 * (performance.now() - start))));
    if (!(answer instanceof Error)) take(answer);
    // Without a connection the events say so, and everything is asked again when it is back.
    else if (answer.status) fail(answer.message);
  };
  // A page that nobody sees asks when it is seen.
  const look = () => {
    if (current || document.hidden) isWanted = true;
    else now();
  };
  document.addEventListener("visibilitychange", () => { if (isWanted && !current) look(); });
  return { ask: now, look };
};
