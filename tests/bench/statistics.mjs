/** Figures of many rounds in one: the median, and the quartiles around it. */

export function summary(values) {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** Of what was measured side by side: how many times the other one, round by round. */
export function ratio(values, others) {
  return summary(values.map((value, round) => value / others[round]));
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at % 1);
}
