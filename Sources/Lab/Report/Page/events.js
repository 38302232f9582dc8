// What happens while the page is open comes as events: `changed(news)` is told what is new, `again()`
// that something may have been missed. Returns a banner that says that the server or the database is
// gone, and goes away by itself; `failed(text)` makes it say something else. As long as the
// database `isLost()`, questions are in vain.
//
// A browser has six connections to a server, for all its tabs together, and listening takes one: a page
// that nobody sees does not listen, and looks again when it is seen.
const liveEvents = ({ changed, again }) => {
  const patience = 1000;
  const banner = htmlElement("p", { class: "banner", role: "alert", hidden: "" });
  const troubles = { unheard: "", lost: "", failed: "" };
  let [source, timer] = [null, null];
  const say = (trouble, text) => {
    troubles[trouble] = text;
    const all = troubles.unheard || troubles.lost || troubles.failed;
    if (banner.textContent !== all) banner.textContent = all;
    banner.hidden = !all;
  };
  // What the server says where it does not let the page listen.
  const reason = () => ask("/api/runs?limit=1").then(() => "", error => error.status ? error.message : "");
  const heard = () => {
    clearTimeout(timer);
    timer = null;
    say("unheard", "");
  };
  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource("/events");
    source.addEventListener("open", () => {
      heard();
      // If it still is, that is the first thing that is told.
      say("lost", "");
      again();
    });
    source.addEventListener("error", async event => {
      const isOver = event.target.readyState === EventSource.CLOSED;
      if (isOver) {
        source = null;
        setTimeout(listen, patience);
      }
      const why = isOver && await reason() || "The connection to lstm-lab serve is lost. "
        + "What is shown may be old; the page goes on as soon as it is back.";
      if (source?.readyState === EventSource.OPEN) return;
      if (troubles.unheard) say("unheard", why);
      else timer ??= setTimeout(() => say("unheard", why), patience);
    });
    source.addEventListener("runs", event => changed(JSON.parse(event.data)));
    source.addEventListener("lost", event => say("lost", wordsOf(JSON.parse(event.data))));
    for (const name of ["reset", "found"]) source.addEventListener(name, () => {
      say("lost", "");
      again();
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return listen();
    source?.close();
    source = null;
    heard();
  });
  listen();
  return { banner, failed: text => say("failed", text), isLost: () => troubles.lost !== "" };
};
