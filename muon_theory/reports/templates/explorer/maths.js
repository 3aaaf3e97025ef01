// The mathematics of the page.  Every number here is float64: it shows, it proves nothing.
// A row (a, b, c, …) is the step f(x) = x·g(x²), g(y) = a + b·y + c·y² + …; a schedule is a list of rows.

const CAP = 1.5;
const horner = (p, y) => p.reduceRight((sum, c) => sum * y + c, 0);
const step = (row, x) => x * horner(row, x * x);
const run = (rows, x) => rows.reduce((value, row) => step(row, value), x);
const slope = rows => rows.reduce((product, row) => product * row[0], 1);

// f'(x), as a polynomial in y = x².
const derivative = row => row.map((c, k) => (2 * k + 1) * c);
const multiplier = (row, x) => horner(derivative(row), x * x);

// The roots of Σ p_k y^k in (0, end]: its derivative's roots part them, so each lies between two of those.
function roots(p, end) {
  if (p.length < 2) return [];
  const bends = [0, ...roots(p.slice(1).map((c, k) => c * (k + 1)), end), end];
  const found = [];
  for (let i = 1; i < bends.length; i++) {
    let [lo, hi] = [bends[i - 1], bends[i]];
    const sign = Math.sign(horner(p, lo));
    if (sign === 0 || sign === Math.sign(horner(p, hi))) continue;
    for (let n = 0; n < 80; n++) {
      const middle = (lo + hi) / 2;
      if (Math.sign(horner(p, middle)) === sign) lo = middle; else hi = middle;
    }
    found.push(hi);
  }
  return found;
}

// min and max of one step over [lo, hi]: at the ends, or where f' = 0.
function range(row, lo, hi) {
  const inside = roots(derivative(row), hi * hi).map(Math.sqrt).filter(x => x > lo);
  const values = [lo, hi, ...inside].map(x => step(row, x));
  return [Math.min(...values), Math.max(...values)];
}

// φ([lo, hi]): the image of an interval is an interval, step by step.
function images(rows, lo, hi) {
  const chain = [[lo, hi]];
  for (const row of rows) chain.push(range(row, ...chain.at(-1)));
  return chain;
}

// What happens to (0, u]: the first step that is ≤ 0 somewhere (0: none), and the largest output.
function safety(rows, u) {
  let most = u;
  for (const [t, row] of rows.entries()) {
    if (row[0] <= 0 || roots(row, most * most).length) return {flips: t + 1, most: NaN};
    most = range(row, 0, most)[1];
    if (!(most < 1e9)) return {flips: 0, most: Infinity};
  }
  return {flips: 0, most};
}

const safe = (rows, u) => { const {flips, most} = safety(rows, u); return !flips && most <= CAP; };

// The largest u with every step > 0 and the output ≤ CAP on (0, u]; 0 where there is none.
function safeMost(rows) {
  let [lo, hi] = [0, 1e-6];
  while (hi < 1e3 && safe(rows, hi)) [lo, hi] = [hi, hi * 2];
  for (let n = 0; n < 60; n++) {
    const middle = (lo + hi) / 2;
    if (safe(rows, middle)) lo = middle; else hi = middle;
  }
  return lo;
}

// inf and sup of φ(x)/x over (0, 1], from a grid with its best cells refined.
function ratios(rows) {
  const ratio = x => run(rows, x) / x;
  const grid = Array.from({length: 2401}, (_, i) => i < 1200 ? 10 ** (-6 + 6 * i / 1200) : (i - 1200) / 1200 || 1e-6);
  grid.sort((x, y) => x - y);
  return [-1, 1].map(way => {
    let best = 0;
    grid.forEach((x, i) => { if (way * ratio(x) > way * ratio(grid[best])) best = i; });
    let [lo, hi] = [grid[Math.max(best - 1, 0)], grid[Math.min(best + 1, grid.length - 1)]];
    for (let n = 0; n < 80; n++) {
      const [p, q] = [lo + (hi - lo) / 3, hi - (hi - lo) / 3];
      if (way * ratio(p) < way * ratio(q)) lo = p; else hi = q;
    }
    const ends = [ratio((lo + hi) / 2), ratio(grid[best]), slope(rows)];
    return way < 0 ? Math.min(...ends) : Math.max(...ends);
  });
}

// The positive fixed points of one map, with their multipliers.
function fixedPoints(row) {
  const [first, ...rest] = row;
  return roots([first - 1, ...rest], 25).map(y => ({x: Math.sqrt(y), multiplier: multiplier(row, Math.sqrt(y))}));
}

// Where the orbit of x under one map goes.
function longRun(row, x) {
  for (let n = 0; n < 4000; n++) {
    x = step(row, x);
    if (!(Math.abs(x) < 1e6)) return {kind: "escapes"};
  }
  const start = x;
  for (let period = 1; period <= 64; period++) {
    x = step(row, x);
    if (Math.abs(x - start) < 1e-9) return {kind: "cycle", period, limit: start};
  }
  return {kind: "unknown"};
}

// The quintic with f(1) = 1, f'(0) = a, f'(1) = s, and back.
const byThreshold = (a, s) => [a, (5 - s) / 2 - 2 * a, a - (3 - s) / 2];
const slopeAtOne = row => multiplier(row, 1);
const fixesOne = row => Math.abs(horner(row, 1) - 1) < 1e-9;
