// The least, middle and greatest value of some curves at each epoch that one of them has.
const bandOf = curves => {
  const at = new Map();
  for (const curve of curves)
    curve.epochs.forEach((epoch, i) => {
      if (!at.has(epoch)) at.set(epoch, []);
      at.get(epoch).push(curve.values[i]);
    });
  return [...at].sort((a, b) => a[0] - b[0]).map(([epoch, values]) => {
    values.sort((a, b) => a - b);
    return { epoch, low: values[0], middle: values[values.length >> 1], high: values.at(-1), count: values.length };
  });
};

// A mean that forgets: each value before counts `weight` times less than the one after it.
const smoothed = (values, weight) => {
  let [sum, all] = [0, 0];
  return values.map(value => {
    sum = sum * weight + value;
    all = all * weight + 1;
    return sum / all;
  });
};
