// The last things that happened to runs.
const newsList = () => {
  const most = 3;
  const element = htmlElement("ul", { class: "news", role: "log", "aria-label": "What happened" });
  return {
    element,
    add(run, text, isGone = false) {
      const name = `run ${run}`;
      element.append(htmlElement("li", {}, htmlElement("small", {}, new Date().toLocaleTimeString("en-GB") + " "),
        isGone ? name : htmlElement("a", { href: "/runs/" + run }, name), " " + text));
      while (element.children.length > most) element.firstElementChild.remove();
    },
  };
};
