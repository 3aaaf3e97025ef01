// Pictures as SVG, drawn in the pixels that are there, in the colours of the page.

const shown = (x, digits = 5) => {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "–" : x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? x.toExponential(digits - 1) : String(Number(x.toPrecision(digits)));
  return text.replace("-", "−").replace("-", "−");
};

const tag = (name, attributes, inner = "") =>
  `<${name} ${Object.entries(attributes).map(([k, v]) => `${k}="${v}"`).join(" ")}>${inner}</${name}>`;

// One axis: numbers to pixels and back, and where its ticks stand.
function axis(lo, hi, from, to, log = false) {
  const f = log ? Math.log10 : x => x;
  const [low, high] = [f(lo), f(hi)];
  const at = x => from + (to - from) * (f(x) - low) / (high - low);
  const back = pixel => { const v = low + (high - low) * (pixel - from) / (to - from); return log ? 10 ** v : v; };
  let ticks = [];
  if (log) {
    const every = Math.max(1, Math.ceil((high - low) / 6));
    for (let n = Math.ceil(low - 1e-9); n <= high + 1e-9; n += every) ticks.push(10 ** n);
  } else {
    const rough = (high - low) / 5, unit = 10 ** Math.floor(Math.log10(rough));
    const size = [1, 2, 5, 10].map(m => m * unit).find(m => m >= rough);
    for (let n = Math.ceil(low / size - 1e-9); n * size <= high + 1e-9; n++) ticks.push(n * size);
  }
  return {lo, hi, at, back, ticks};
}

// A frame with two axes inside an <svg>; `draw` returns what stands in it. While a window is being sized
// the <svg> may be narrower than the margins: the frame keeps a least size, so that no length is negative.
function frame(svg, {x, y, xlabel, ylabel}, draw) {
  const laid = svg.getBoundingClientRect(), width = Math.max(laid.width, 160), height = Math.max(laid.height, 120);
  const box = {left: 52, right: width - 12, top: 12, bottom: height - 38};
  const X = axis(...x.slice(0, 2), box.left, box.right, x[2]), Y = axis(...y.slice(0, 2), box.bottom, box.top, y[2]);
  const grid = X.ticks.map(t => tag("line", {class: "grid", x1: X.at(t), x2: X.at(t), y1: box.top, y2: box.bottom}))
    .concat(Y.ticks.map(t => tag("line", {class: "grid", x1: box.left, x2: box.right, y1: Y.at(t), y2: Y.at(t)})));
  const words = X.ticks.map(t => tag("text", {x: X.at(t), y: box.bottom + 15, "text-anchor": "middle"}, ticked(t, x[2])))
    .concat(Y.ticks.map(t => tag("text", {x: box.left - 6, y: Y.at(t) + 4, "text-anchor": "end"}, ticked(t, y[2]))));
  words.push(tag("text", {class: "label", x: (box.left + box.right) / 2, y: height - 6, "text-anchor": "middle"}, xlabel));
  words.push(tag("text", {class: "label", "text-anchor": "middle",
    transform: `translate(12 ${(box.top + box.bottom) / 2}) rotate(-90)`}, ylabel));
  const clip = `clip-${svg.id}`, {left, right, top, bottom} = box;
  svg.innerHTML = tag("clipPath", {id: clip}, tag("rect", {x: left, y: top, width: right - left, height: bottom - top}))
    + grid.join("") + tag("g", {"clip-path": `url(#${clip})`}, draw(X, Y, box).join("")) + words.join("")
    + tag("g", {class: "pointer"});
  svg.plot = {X, Y, box};
}

const ticked = (t, log) => {
  if (!log || Math.abs(Math.log10(t)) < 0.5) return shown(Number(t.toPrecision(3)));
  const raised = [...String(Math.round(Math.log10(t)))].map(c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]);
  return `10${raised.join("")}`;
};

// A curve through points, in pixels; what is no number, or far outside, is a gap.
function curve(points, X, Y, attributes) {
  let path = "", pen = "M";
  for (const [x, y] of points) {
    if (!Number.isFinite(y) || Math.abs(y) > 1e4) { pen = "M"; continue; }
    const [px, py] = [X.at(x), Math.max(-2000, Math.min(4000, Y.at(y)))];
    if (!Number.isFinite(py)) { pen = "M"; continue; }
    path += `${pen}${px.toFixed(1)} ${py.toFixed(1)}`;
    pen = "L";
  }
  return tag("path", {d: path || "M0 0", fill: "none", ...attributes});
}

const sampled = (f, axis, log, count = 700) => Array.from({length: count + 1}, (_, i) => {
  const x = log ? axis.lo * (axis.hi / axis.lo) ** (i / count) : axis.lo + (axis.hi - axis.lo) * i / count;
  return [x, f(x)];
});

// φ, what each step before it does, and where a step is negative or the output exceeds the cap.
function drawMap(svg, rows, {log, lower}) {
  const least = Math.min(1e-4, lower);
  frame(svg, {x: log ? [least, 1.5, true] : [0, 1.5], y: [-0.45, 1.65], xlabel: "singular value x", ylabel: "φ(x)"}, (X, Y, box) => {
    const bad = new Map([["flip", []], ["escape", []]]);
    for (const [x] of sampled(() => 0, X, log, 500)) {
      const values = rows.reduce((seen, row) => [...seen, step(row, seen.at(-1))], [x]);
      const kind = values.slice(1).some(v => v < 0) ? "flip" : !(Math.abs(values.at(-1)) <= CAP) ? "escape" : null;
      if (kind) bad.get(kind).push(X.at(x));
    }
    const wide = (box.right - box.left) / 500 + 0.6;
    const shade = [...bad].flatMap(([kind, places]) => tag("path", {class: `shade ${kind}`,
      d: places.map(p => `M${p.toFixed(1)} ${box.top}h${wide.toFixed(1)}V${box.bottom}h-${wide.toFixed(1)}z`).join("") || "M0 0"}));
    const level = (v, name) => tag("line", {class: name, x1: box.left, x2: box.right, y1: Y.at(v), y2: Y.at(v)});
    const before = rows.slice(0, -1).map((_, t) => curve(sampled(x => run(rows.slice(0, t + 1), x), X, log), X, Y,
      {class: "partial", style: `stroke: var(--fig-sequence-${Math.min(8, 1 + Math.round(7 * t / Math.max(1, rows.length - 1)))})`}));
    return [...shade, level(1, "one"), level(CAP, "cap"), level(0, "zero"),
      tag("line", {class: "lower", x1: X.at(lower), x2: X.at(lower), y1: box.top, y2: box.bottom}), ...before,
      curve(sampled(x => run(rows, x), X, log, 1400), X, Y, {class: "phi"})];
  });
}

// |1 − φ| on logarithmic axes, with its maximum over [lower, 1].
function drawError(svg, rows, {lower}) {
  const least = Math.min(1e-4, lower);
  frame(svg, {x: [least, 1, true], y: [1e-6, 2, true], xlabel: "singular value x", ylabel: "|1 − φ(x)|"}, (X, Y, box) => {
    const [lo, hi] = images(rows, lower, 1).at(-1), worst = Math.max(Math.abs(1 - lo), Math.abs(1 - hi));
    const level = worst < 2 ? [tag("line", {class: "cap", x1: X.at(lower), x2: box.right, y1: Y.at(worst), y2: Y.at(worst)})] : [];
    return [tag("line", {class: "lower", x1: X.at(lower), x2: X.at(lower), y1: box.top, y2: box.bottom}), ...level,
      curve(sampled(x => Math.max(Math.abs(1 - run(rows, x)), 1e-9), X, true, 1400), X, Y, {class: "phi"})];
  });
}

// The cobweb of x: up to the step's curve, across to the diagonal, and again; further on faintly where one map repeats.
function drawCobweb(svg, rows, start, repeated) {
  frame(svg, {x: [0, 1.5], y: [0, 1.5], xlabel: "x", ylabel: "f(x)"}, (X, Y) => {
    const distinct = repeated ? [rows[0]] : rows;
    const curves = distinct.map((row, t) => curve(sampled(x => step(row, x), X), X, Y, {class: repeated ? "phi" : "partial",
      style: repeated ? "" : `stroke: var(--fig-sequence-${1 + Math.round(7 * t / Math.max(1, rows.length - 1))})`}));
    const web = (count, from, maps, name) => {
      const points = [[from, from]];
      for (let n = 0, x = from; n < count && Math.abs(x) < 50; n++) {
        const next = step(maps[n % maps.length], x);
        points.push([x, next], [next, next]);
        x = next;
      }
      return curve(points, X, Y, {class: name});
    };
    const end = run(rows, start);
    return [tag("line", {class: "one", x1: X.at(0), y1: Y.at(0), x2: X.at(1.5), y2: Y.at(1.5)}), ...curves,
      ...(repeated ? [web(60, end, rows, "web later")] : []), web(rows.length, start, rows, "web"),
      tag("circle", {class: "start", cx: X.at(start), cy: Y.at(start), r: 4})];
  });
}

// The certified phase plane: boxes that were proved, the derived threshold, and where the present map is.
function drawPlane(svg, plane, points) {
  const [a, s] = plane.window;
  frame(svg, {x: a, y: s, xlabel: "slope a = f′(0)", ylabel: "multiplier s = f′(1)"}, (X, Y) => {
    const boxes = plane.layers.map(layer => tag("path", {class: `layer ${layer.name}`,
      style: `fill: var(--fig-layer-${layer.colour})`, d: layer.boxes.map(([x0, x1, y0, y1]) =>
      `M${X.at(x0).toFixed(1)} ${Y.at(y0).toFixed(1)}H${X.at(x1).toFixed(1)}V${Y.at(y1).toFixed(1)}H${X.at(x0).toFixed(1)}z`).join("")}));
    const across = v => tag("line", {class: "zero", x1: X.at(a[0]), x2: X.at(a[1]), y1: Y.at(v), y2: Y.at(v)});
    const marks = points.map(p => tag("circle", {class: p.own ? "start" : "mark", cx: X.at(p.a), cy: Y.at(p.s), r: p.own ? 6 : 4}));
    return [...boxes, across(1), across(-1), curve(plane.threshold, X, Y, {class: "threshold"}), ...marks];
  });
}
