// The drawings of the cells: the state runs along the top, the gates stand below it. A number has the
// name that `explain --json` gives it.
const Drawing = {
  lstm(d) {
    d.frame(170, 70, 660, 360);
    d.arrow([[20, 130], [980, 130]]);
    d.letter(24, 115, "C", "t−1").number(24, 154, "cell_state_before");
    d.letter(930, 115, "C", "t").number(840, 154, "cell_state");
    d.line([[20, 380], [640, 380]]).letter(24, 365, "h", "t−1").number(24, 404, "hidden_state_before");
    d.arrow([[230, 510], [230, 380]]).letter(244, 505, "x", "t").input(274, 505);
    for (const [x, gate, name] of [[265, d.gate, "forget"], [380, d.gate, "input"],
      [500, d.activation, "cell"], [640, d.gate, "output"]])
      d.arrow([[x, 380], [x, 320]]).sum(x + 6, 352, name + "_sum").box(x, 300, gate);
    d.arrow([[265, 280], [265, 148]]).letter(273, 238, "f").number(273, 268, "forget");
    d.arrow([[380, 280], [380, 215], [482, 215]]).letter(388, 240, "i").number(388, 268, "input");
    d.arrow([[500, 280], [500, 233]]).letter(511, 251, "C̃").number(511, 271, "cell");
    d.arrow([[500, 197], [500, 148]]);
    d.arrow([[640, 280], [640, 235], [727, 235]]).letter(648, 226, "o").number(648, 270, "output");
    d.arrow([[745, 130], [745, 158]]).arrow([[745, 202], [745, 217]]);
    d.arrow([[745, 253], [745, 380], [980, 380]]).letter(930, 365, "h", "t")
      .number(840, 404, "hidden_state");
    d.bridge(800, 380, 130, 24).letter(812, 34, "h", "t");
    d.round(265, 130, "×").round(500, 130, "+").round(500, 215, "×").round(745, 235, "×");
    d.oval(745, 180, d.activation);
  },
  gru(d) {
    d.frame(170, 70, 660, 360);
    d.arrow([[20, 130], [980, 130]]);
    d.letter(24, 115, "h", "t−1").number(24, 154, "hidden_state_before");
    d.letter(930, 115, "h", "t").number(840, 154, "hidden_state");
    d.line([[215, 130], [215, 380], [730, 380]]);
    d.arrow([[215, 510], [215, 380]]).letter(229, 505, "x", "t").input(259, 505);
    for (const [x, name] of [[330, "update"], [450, "reset"]])
      d.arrow([[x, 380], [x, 320]]).sum(x + 6, 352, name + "_sum").box(x, 300, d.gate);
    d.arrow([[330, 280], [330, 148]]).letter(322, 250, "u", "", "end").number(324, 270, "update", "end");
    d.arrow([[330, 215], [517, 215]]).arrow([[583, 215], [712, 215]]);
    d.arrow([[450, 280], [450, 255], [590, 255], [590, 282]]).letter(458, 245, "r")
      .number(474, 275, "reset");
    d.arrow([[590, 380], [590, 318]]).sum(596, 352, "candidate_recurrent_sum", "q");
    d.arrow([[608, 300], [692, 300]]);
    d.arrow([[730, 380], [730, 320]]).sum(736, 352, "candidate_sum").box(730, 300, d.activation);
    d.arrow([[730, 280], [730, 233]]).letter(741, 251, "h̃").number(741, 271, "candidate");
    d.arrow([[730, 197], [730, 148]]);
    d.arrow([[790, 130], [790, 24]]).letter(802, 34, "h", "t");
    d.round(330, 130, "×").round(730, 130, "+").round(730, 215, "×").round(590, 300, "×");
    d.oval(550, 215, "1 −");
  },
  simple_rnn(d) {
    d.frame(170, 70, 660, 360);
    d.line([[20, 380], [500, 380]]).letter(24, 365, "h", "t−1").number(24, 404, "hidden_state_before");
    d.arrow([[230, 510], [230, 380]]).letter(244, 505, "x", "t").input(274, 505);
    d.arrow([[500, 380], [500, 320]]).sum(506, 352, "hidden_state_sum").box(500, 300, d.activation);
    d.arrow([[500, 280], [500, 200], [980, 200]]).letter(930, 185, "h", "t")
      .number(840, 224, "hidden_state");
    d.arrow([[790, 200], [790, 24]]).letter(802, 34, "h", "t");
  },
};

// The pen that the drawings are made with.
const pen = (svg, { activation, gate }) => {
  const sign = name => name === "sigmoid" ? "σ" : name;
  const path = points => "M" + points.map(point => point.join(" ")).join("L");
  const add = (name, attributes, text) => {
    svg.append(svgElement(name, attributes, text));
    return d;
  };
  const d = {
    activation: sign(activation),
    gate: sign(gate),
    frame: (x, y, width, height) => add("rect", { class: "body", x, y, width, height, rx: 26 }),
    line: points => add("path", { class: "wire", d: path(points) }),
    arrow: points => add("path", { class: "wire", d: path(points), "marker-end": "url(#tip)" }),
    // An arrow upward that passes over a line.
    bridge: (x, from, over, to) => d.line([[x, from], [x, over + 8]]).arrow([[x, over - 8], [x, to]]),
    box: (x, y, text) => add("rect", { class: "layer", x: x - 36, y: y - 20, width: 72, height: 40, rx: 4 })
      .mark(x, y, text),
    round: (x, y, text) => add("circle", { class: "point", cx: x, cy: y, r: 18 }).mark(x, y, text),
    oval: (x, y, text) => add("ellipse", { class: "point", cx: x, cy: y, rx: 34, ry: 20 }).mark(x, y, text),
    mark: (x, y, text) => add("text", { class: "mark", x, y, dy: ".35em", "text-anchor": "middle" }, text),
    letter: (x, y, text, index = "", anchor = "start") => {
      const element = svgElement("text", { class: "letter", x, y, "text-anchor": anchor }, text);
      element.append(svgElement("tspan", { dy: 5, "font-size": 12 }, index));
      svg.append(element);
      return d;
    },
    number: (x, y, name, anchor = "start") =>
      add("text", { class: "number", x, y, "text-anchor": anchor, "data-name": name }),
    sum: (x, y, name, letter = "z") => add("text", { class: "number sum", x, y, "data-name": name, "data-letter": letter }),
    input: (x, y) => add("text", { class: "number", x, y, "data-name": "x" }),
  };
  return d;
};
