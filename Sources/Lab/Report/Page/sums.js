// The equations of a cell: what is computed, how, the name of its number, and the same with numbers put
// in. A sum has no such form: its terms come from the weights.
const equations = ({ cell, activation, gate }) => {
  const sign = name => name === "sigmoid" ? "σ" : name;
  const [s, a] = [sign(gate), sign(activation)];
  const gated = (letter, name, index = letter, f = s) => [
    [`z_${index}`, `W_${index}·[h₋₁, x] + b_${index}`, name + "_sum"],
    [letter, `${f}(z_${index})`, name, `${f}({${name}_sum})`],
  ];
  return {
    lstm: [
      ...gated("f", "forget"), ...gated("i", "input"), ...gated("C̃", "cell", "C", a),
      ...gated("o", "output"),
      ["C", "f · C₋₁ + i · C̃", "cell_state", "{forget}·{cell_state_before} + {input}·{cell}"],
      ["h", `o · ${a}(C)`, "hidden_state", `{output}·${a}({cell_state})`],
    ],
    gru: [
      ...gated("u", "update"), ...gated("r", "reset"),
      ["q", "U_h·h₋₁ + d_h", "candidate_recurrent_sum"],
      ["z_h", "W_h·x + b_h + r · q", "candidate_sum"],
      ["h̃", `${a}(z_h)`, "candidate", `${a}({candidate_sum})`],
      ["h", "u · h₋₁ + (1 − u) · h̃", "hidden_state", "{update}·{hidden_state_before} + (1 − {update})·{candidate}"],
    ],
    simple_rnn: [["z", "W·[h₋₁, x] + b", "hidden_state_sum"],
      ["h", `${a}(z)`, "hidden_state", `${a}({hidden_state_sum})`]],
  }[cell];
};

// A number as `explain` writes it into a line.
const byHand = value => {
  const text = (Math.abs(value) < 1e9 ? value.toFixed(Number.isInteger(value) ? 0 : 4) : value.toExponential(4));
  return value < 0 ? `(${text.replace("-", "−")})` : text;
};

// The terms of a sum, as text; null where the page has not the weights of this epoch.
const termsOf = async (run, layer, name, unit, epoch, values) => {
  const key = "weights-" + run;
  const film = Source.film(key);
  if (!film?.epochs.includes(epoch)) return null;
  const numbers = await Source.frame(key, epoch);
  const parts = weightParts(film);
  const gate = layer.cell === "simple_rnn" ? null : name.replace(/(_recurrent)?_sum$/, "");
  const column = tensor => {
    const path = [layer.layer, layer.direction, tensor].filter(Boolean).join("/");
    const part = parts.find(part => part.tensor.path === path);
    if (!part) return [];
    if (!part.isExact) return null;
    const at = part.start + Math.max(0, part.gates.indexOf(gate)) * part.units + unit;
    return Array.from({ length: part.rows }, (_, row) => numbers[at + row * part.width]);
  };
  const [input, recurrent, bias] = ["kernel", "recurrent_kernel", "bias"].map(column);
  if (!input || !recurrent || !bias) return null;
  const products = (weights, numbers) => {
    const all = weights.map((weight, i) => i < numbers.length ? `${byHand(weight)}·${byHand(numbers[i])}` : null)
      .filter(term => term !== null);
    return all.length > 12 || all.length < weights.length
      ? [...all.slice(0, 6), `… (${weights.length} terms)`] : all;
  };
  const isCandidate = layer.cell === "gru" && gate === "candidate";
  const isRecurrent = name.endsWith("_recurrent_sum");
  const terms = [
    ...(isCandidate && !isRecurrent ? [] : products(recurrent, values.hidden)),
    ...(isRecurrent ? [] : products(input, values.x)),
    ...(isCandidate ? [bias[isRecurrent ? 1 : 0]].filter(value => value !== undefined) : bias).map(byHand),
    ...(isCandidate && !isRecurrent ? [`${byHand(values.of("reset"))}·${byHand(values.of("candidate_recurrent_sum"))}`] : []),
  ];
  return terms.join(" + ");
};
