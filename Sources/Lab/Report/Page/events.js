// What happens while the page is open comes as events: `changed(news)` is told what is new, `again()`
// that something may have been missed. Returns a banner that says that the server or the database is
// gone, and goes away by itself; `failed(text)` makes it say something else.
const liveEvents = ({ changed, again }) => {
  const patience = 1000;
  const banner = htmlElement("p", { class: "banner", role: "alert", hidden: "" });
  const troubles = { unheard: "", lost: "", failed: "" };
  let timer = null;
  const say = (trouble, text) => {
    troubles[trouble] = text;
    const all = troubles.unheard || troubles.lost || troubles.failed;
    if (banner.textContent !== all) banner.textContent = all;
    banner.hidden = !all;
  };
  // What the server says where it does not let the page listen.
  const reason = () => ask("/api/runs?limit=1").then(() => "", error => error.status ? error.message : "");
  const listen = () => {
    const source = new EventSource("/events");
    source.addEventListener("open", () => {
      clearTimeout(timer);
      timer = null;
      say("unheard", "");
      again();
    });
    source.addEventListener("error", async () => {
      const isOver = source.readyState === EventSource.CLOSED;
      if (isOver) setTimeout(listen, patience);
      const why = isOver ? await reason() : "";
      timer ??= setTimeout(() => say("unheard", why || "The connection to lstm-lab serve is lost. "
        + "What is shown may be old; the page goes on by itself when it is back."), patience);
    });
    source.addEventListener("runs", event => changed(JSON.parse(event.data)));
    source.addEventListener("lost", event => say("lost", wordsOf(JSON.parse(event.data))));
    for (const name of ["reset", "found"]) source.addEventListener(name, () => {
      say("lost", "");
      again();
    });
  };
  listen();
  return { banner, failed: text => say("failed", text) };
};
