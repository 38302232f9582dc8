// A page of runs that may be training while it is open: what is recorded appears by itself. What is
// computed stays as it was loaded, and a line says of which epoch it is.
const livePage = () => {
  // The runs in the order of their colours; those that are deleted are not asked about.
  const gone = new Set();
  const runs = () => Source.runs.rows.toSorted((a, b) => a.number - b.number).map(row => row.run).filter(run => !gone.has(run));
  // A run's number gives its colour, which stays when another is deleted.
  const numbers = new Map(Source.runs.rows.map(row => [row.run, row.number]));
  // How far each run is, and how far it was when its section was loaded.
  const states = new Map();
  const loaded = new Map();
  const sectionOf = run => document.getElementById("run-" + run);
  const partOf = run => sectionOf(run).querySelector("[data-load]");

  const statusText = ({ status, epochs, message }) =>
    [htmlElement("b", {}, status), ` after epoch ${epochs}${message ? ": " + message : ""}`];
  const say = (element, ...content) => {
    const fresh = htmlElement("p", {}, ...content);
    if (fresh.innerHTML !== element.innerHTML) element.replaceChildren(...content);
  };
  const show = run => {
    const [state, before] = [states.get(run), loaded.get(run)];
    if (!before || !state) return;
    const part = partOf(run);
    let line = part.querySelector(".status");
    if (!line && state.status !== before.status) {
      line = htmlElement("p", { class: "status" });
      part.prepend(line);
    }
    if (line) say(line, ...statusText(state));
    const isFresh = state.epochs === before.epochs && state.status === before.status;
    if (before.stale.hidden !== isFresh) before.stale.hidden = isFresh;
    const ending = state.status === "running" ? "is in training" : `is ${state.status}`;
    const told = `Loaded at epoch ${before.epochs}; the run `
      + (state.epochs === before.epochs ? ending : `is at ${state.epochs}`);
    if (before.told.textContent !== told) before.told.textContent = told;
  };

  // Takes what a section says of the epoch that it is of.
  const note = (run, part) => {
    const line = part.querySelector(".status");
    const [, epochs, message] = line?.textContent.match(/ after epoch (\d+)(?:: ([^]*))?$/) ?? [];
    if (line) states.set(run, { ...states.get(run), message });
    const told = htmlElement("span");
    const button = htmlElement("button", { type: "button" }, "Reload");
    const stale = htmlElement("p", { class: "stale", hidden: "" }, told, " ", button);
    button.addEventListener("click", async () => {
      [button.disabled, button.textContent] = [true, "Loading…"];
      const failure = await whileBusy(part, reload(run, part));
      // A section that was loaded has another line.
      [button.disabled, button.textContent] = [false, failure ? `Not loaded: ${failure} Try again` : ""];
    });
    sectionOf(run).querySelector(".stale")?.remove();
    part.after(stale);
    loaded.set(run, { stale, told, status: line?.querySelector("b").textContent ?? "completed",
      epochs: line ? Number(epochs) : states.get(run).epochs });
    show(run);
  };
  document.addEventListener("loaded", event => {
    const run = event.target.dataset.load.match(/^\/api\/run\?run=(\d+)$/);
    if (run) note(Number(run[1]), event.target);
  });

  // Loads a section again; the pictures of weights stay, they are up to date.
  // Returns why it cannot.
  const reload = async (run, part) => {
    try {
      const fresh = await ask(part.dataset.load);
      const key = "weights-" + run;
      const box = htmlElement("template");
      box.innerHTML = fresh.html;
      const film = fresh.films.find(film => film.key === key);
      const [old, next] = [part, box.content].map(root => root.querySelector(`[data-film="${key}"]`));
      const top = old?.getBoundingClientRect().top;
      const stays = old && next && film;
      if (stays) {
        fresh.films.splice(fresh.films.indexOf(film), 1);
        lengthen(film);
      }
      Source.take(fresh);
      part.replaceChildren(...[...box.content.childNodes].map(node => stays && node === next ? old : node));
      if (stays) scrollBy(0, old.getBoundingClientRect().top - top);
      drawPart(part);
      note(run, part);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return error.message;
    }
  };

  // A film of a run that trains has more epochs now.
  const lengthen = next => {
    const film = Source.film(next.key);
    if (JSON.stringify(film?.stored) === JSON.stringify(next.stored)) return;
    Object.assign(film, { epochs: next.epochs, stored: next.stored });
    for (const element of document.querySelectorAll(`[data-film="${next.key}"]`))
      element.dispatchEvent(new CustomEvent("longer", { detail: next.layout }));
  };
  const films = new Map();
  const askFilm = run => {
    if (!Source.film("weights-" + run) || gone.has(run)) return;
    if (!films.has(run)) films.set(run, question(async () => {
      if (!gone.has(run)) lengthen(await ask("/api/film?film=weights-" + run));
    }));
    films.get(run).look();
  };

  const take = (run, state) => {
    const before = states.get(run);
    if (before && state.epochs < before.epochs) return;
    states.set(run, { ...before, ...state });
    show(run);
  };
  const names = new Map();
  const rename = (run, name) => {
    if (names.has(run) && names.get(run) !== name) {
      sectionOf(run).querySelector("h2").textContent = `Run ${run} · ${name}`;
      const item = document.querySelector(`.legend li[data-run="${run}"] span`);
      if (item) item.textContent = `run ${run} ${name}`;
    }
    names.set(run, name);
  };
  const remove = run => {
    gone.add(run);
    states.set(run, { epochs: 0, ...states.get(run), status: "deleted" });
    const heading = sectionOf(run).querySelector("summary");
    if (!heading.querySelector("small")) heading.append(htmlElement("small", {}, " deleted"));
  };

  // A question whose failure the banner tells; it is asked again until it succeeds.
  const failures = new Map();
  const question = work => {
    const own = oneAtATime(async () => {
      try {
        await work();
        failures.delete(own);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (error.status) {
          failures.set(own, error.message);
          setTimeout(own.look, 1000);
        }
      }
      live.failed([...failures.values()][0] ?? "");
    });
    return own;
  };
  let shown = JSON.stringify(Source.runs);
  let mayBeAnother = false;
  const table = question(async () => {
    if (!runs().length) return;
    const before = new Map(states);
    try {
      takeTable(await ask("/api/table?runs=" + runs().join()), before);
    } catch (error) {
      if (error.status !== 404) throw error;
      // Either the database is gone, and this fails, too, or one of them is deleted: which?
      await ask("/api/runs?limit=1");
      for (const run of runs())
        await ask("/api/table?runs=" + run).catch(error => { if (error.status === 404) remove(run); });
      table.ask();
      curves.ask();
    }
  });
  // `known` are the states from before it was asked for.
  const takeTable = (answer, known) => {
    for (const row of answer.rows) row.number = numbers.get(row.run);
    const text = JSON.stringify(answer);
    if (text !== shown) {
      Source.runs = answer;
      Runs.take();
    }
    shown = text;
    const [status, epochs, name, created] = ["status", "epochs", "name", "created_at"].map(title =>
      answer.columns.findIndex(column => column.title === title));
    for (const { run, cells } of answer.rows) {
      const [state, before] = [{ status: cells[status], epochs: cells[epochs] ?? 0 }, known.get(run)];
      // Another database in the old one's place, or the same as it was before: nothing here is of it.
      const isAnother = before?.created && (before.created !== cells[created] || state.epochs < before.epochs);
      if (mayBeAnother && isAnother) return location.reload();
      take(run, { ...state, created: cells[created] });
      rename(run, cells[name]);
      // It was trained on without an event: in less time than there is between two looks.
      if (before && before.epochs < state.epochs) {
        askFilm(run);
        curves.look();
      }
    }
    mayBeAnother = false;
  };
  const curves = question(async () => {
    if (runs().length) takeCharts((await ask("/api/curves?runs=" + runs().join())).charts);
  });
  const charts = new Map();
  for (const [figure, chart] of drawnCharts) charts.set(Source.charts[figure.dataset.chart].title, { figure, chart });
  const takeCharts = list => {
    if (gone.size)
      for (const { curves } of list) for (const curve of curves) curve.colour = palette[numbers.get(curve.run) % palette.length];
    const section = document.querySelector(".curves");
    let box = section.querySelector(".charts");
    if (!box && list.length) {
      box = htmlElement("div", { class: "charts" });
      section.querySelector("p").replaceWith(box);
      curveTools(box);
      if (runs().length > 1) {
        const legend = legendOf(list[0].curves);
        box.after(legend);
        drawPart(legend);
      }
    }
    for (const [title, { figure, chart }] of charts) {
      if (list.some(one => one.title === title)) continue;
      chart.close();
      figure.remove();
      charts.delete(title);
    }
    list.forEach((one, at) => {
      const shown = charts.get(one.title);
      if (shown) shown.chart.update(one);
      else {
        const figure = chartFigure(one);
        box.insertBefore(figure, box.children[at] ?? null);
        charts.set(one.title, { figure, chart: curveChart(figure, one) });
      }
    });
  };

  const live = liveEvents({
    changed(news) {
      const own = news.runs.filter(state => states.has(state.run) && !gone.has(state.run));
      const lost = news.gone.filter(run => states.has(run) && !gone.has(run));
      for (const run of lost) remove(run);
      for (const { run, ...state } of own) {
        take(run, { message: undefined, ...state });
        askFilm(run);
      }
      table.look();
      if (own.length || lost.length) curves.look();
    },
    again() {
      for (const run of gone) sectionOf(run).querySelector("summary small").remove();
      gone.clear();
      mayBeAnother = true;
      table.look();
      curves.look();
      for (const run of runs()) askFilm(run);
    },
  });
  document.body.prepend(live.banner);
  takeTable(Source.runs, states);
  // Numbers that somebody waited for, and nobody else tells what became of them.
  addEventListener("unhandledrejection", event => {
    if (!(event.reason instanceof NoAnswer)) return;
    event.preventDefault();
    if (!event.reason.status) return;
    live.failed(event.reason.message);
    setTimeout(table.look, 1000);
  });
  document.querySelector("header").prepend(htmlElement("a", { class: "home", href: "/" }, "All runs"));
};
livePage();
