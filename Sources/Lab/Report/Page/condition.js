// The language of `--where`: a condition on runs that is true, false or, where a run has no such
// value, neither (null). Only true is enough.
const Condition = (() => {
  const pattern = text => new RegExp("^" + text.replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[\\s\\S]*").replaceAll("?", "[\\s\\S]") + "$");
  const tokens = text => {
    const found = [];
    const form = /\s+|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([(),~])|([=!<>]{1,2})|([\p{L}\p{N}_.\-+/:*?[\]@]+)/uy;
    while (form.lastIndex < text.length) {
      const at = form.lastIndex;
      const match = form.exec(text);
      if (!match) throw new Error(`“${text[at]}” has no meaning here`);
      const [, single, double, sign, comparison, word] = match;
      if (single !== undefined) found.push({ text: single.replaceAll("''", "'") });
      else if (double !== undefined) found.push({ text: double.replaceAll('""', '"') });
      else if (sign ?? comparison) found.push({ sign: sign ?? comparison });
      else if (word !== undefined) found.push({ word });
    }
    return found;
  };
  const compare = (found, sign, wanted) => {
    if (sign === "~") return pattern(String(wanted)).test(String(found));
    const areNumbers = typeof found === "number" && typeof wanted === "number";
    const [a, b] = areNumbers ? [found, wanted] : [String(found), String(wanted)];
    return {
      "<": a < b, "<=": a <= b, "=": a === b, "==": a === b, "!=": a !== b, "<>": a !== b,
      ">=": a >= b, ">": a > b,
    }[sign];
  };

  // Reads a condition; `field(name)` returns what finds a run's value, or undefined. What is returned
  // tells of a run whether the condition holds; a text that is no condition is an error.
  return (text, field) => {
    const list = tokens(text);
    let next = 0;
    const is = (kind, wanted) => list[next]?.[kind]?.toLowerCase() === wanted;
    const take = (kind, wanted) => is(kind, wanted) && ++next > 0;
    const need = sign => { if (!take("sign", sign)) throw new Error(`“${sign}” is missing`); };
    const value = () => {
      const token = list[next++];
      if (!token || token.sign) throw new Error("a value is missing");
      if (token.text !== undefined) return token.text;
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(token.word) ? Number(token.word) : token.word;
    };
    const test = () => {
      const name = list[next++]?.word;
      const of = name && field(name);
      if (!of) throw new Error(name ? `“${name}” is neither a column nor a setting` : "a name is missing");
      if (take("word", "is")) {
        const isNegated = take("word", "not");
        if (!take("word", "null")) throw new Error("“null” is missing");
        return run => (of(run) === null) !== isNegated;
      }
      const isNegated = take("word", "not");
      if (take("word", "in")) {
        need("(");
        const values = [value()];
        while (take("sign", ",")) values.push(value());
        need(")");
        return run => of(run) === null ? null : values.some(one => compare(of(run), "=", one)) !== isNegated;
      }
      const sign = list[next++]?.sign;
      if (isNegated || compare("", sign, "") === undefined)
        throw new Error("=, !=, <, <=, >, >=, ~, “in” or “is” is missing");
      const wanted = value();
      return run => of(run) === null ? null : compare(of(run), sign, wanted);
    };
    const negation = () => {
      if (take("word", "not")) {
        const inner = negation();
        return run => inner(run) === null ? null : !inner(run);
      }
      if (!take("sign", "(")) return test();
      const inner = either();
      need(")");
      return inner;
    };
    const joined = (part, word, decisive) => {
      const parts = [part()];
      while (take("word", word)) parts.push(part());
      return run => {
        const values = parts.map(one => one(run));
        return values.includes(decisive) ? decisive : values.includes(null) ? null : !decisive;
      };
    };
    const all = () => joined(negation, "and", false);
    const either = () => joined(all, "or", true);
    const whole = either();
    if (next < list.length) throw new Error("“and” or “or” is missing");
    return run => whole(run) === true;
  };
})();
