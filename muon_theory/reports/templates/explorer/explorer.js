// The state of the page, its address, and its controls.  `state.text` is what stands in the box: a row a step.

const $ = id => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const presets = new Map(data.presets.map(p => [p.id, p]));
const plane = data.plane && unpacked(data.plane);
const START = {text: "", steps: 5, preset: data.presets[0].id, active: 0, slopes: false, lower: 0.001, x: 0.03, log: false};
const state = {...START};

// Reading and writing coefficients --------------------------------------------------------------------------------

function number(text) {
  const parts = text.trim().match(/^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\/(\d+))?$/);
  if (!parts) throw new Error(`“${text.trim()}” is no number: write a decimal such as -4.775, or a fraction such as 3/2`);
  return Number(parts[1]) / Number(parts[2] ?? 1);
}

const lines = text => text.split(/[;\n]/).map(line => line.replace(/[[\](){}]/g, "").trim()).filter(Boolean);
const cells = line => line.split(/[\s,]+/).filter(Boolean);

function parsed(text) {
  const rows = lines(text).map(line => cells(line).map(number));
  if (!rows.length) throw new Error("no coefficients: write one row a step, such as 3.25, -3.51, 1.26");
  if (rows.length > 60) throw new Error("more than 60 steps: this page draws no more");
  return rows;
}

const repeated = () => lines(state.text).length === 1;
const schedule = rows => repeated() ? Array(state.steps).fill(rows[0]) : rows;
const preset = () => presets.get(state.preset);

function chosen(id) {
  const found = presets.get(id);
  Object.assign(state, {preset: id, text: found.rows.join("\n"), steps: found.steps, active: 0, slopes: false});
}

function replaceRow(numbers) {
  const every = lines(state.text);
  every[state.active] = numbers.map(c => String(Number(c.toPrecision(12)))).join(", ");
  Object.assign(state, {text: every.join("\n"), preset: null});
}

// The address -----------------------------------------------------------------------------------------------------

function address() {
  const parts = state.preset ? [`preset=${state.preset}`]
    : [`rows=${lines(state.text).map(l => cells(l).join(",")).join(";")}`, ...(repeated() ? [`steps=${state.steps}`] : [])];
  if (state.lower !== START.lower) parts.push(`lower=${state.lower}`);
  if (state.x !== START.x) parts.push(`x=${state.x}`);
  if (state.log) parts.push("axis=log");
  if (state.slopes) parts.push("by=slopes");
  return `#${parts.join("&")}`;
}

const limited = (text, lo, hi, otherwise) => {
  const value = Number(text);
  return text !== null && text !== "" && Number.isFinite(value) ? Math.min(hi, Math.max(lo, value)) : otherwise;
};

function read(hash) {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  Object.assign(state, START);
  if (asked.get("rows")) {
    Object.assign(state, {preset: null, text: lines(asked.get("rows")).map(l => cells(l).join(", ")).join("\n")});
    state.steps = Math.round(limited(asked.get("steps"), 1, 60, 5));
  } else chosen(presets.has(asked.get("preset")) ? asked.get("preset") : START.preset);
  state.lower = limited(asked.get("lower"), 1e-6, 0.8, START.lower);
  state.x = limited(asked.get("x"), 1e-5, 1.5, START.x);
  state.log = asked.get("axis") === "log";
  state.slopes = asked.get("by") === "slopes";
}

// Showing ---------------------------------------------------------------------------------------------------------

let rows = [];

function show({text = true} = {}) {
  if (text) $("rows").value = state.text;
  try {
    rows = parsed(state.text);
  } catch (error) {
    $("error").textContent = error.message;
    $("rows").setAttribute("aria-invalid", "true");
    return;
  }
  $("error").textContent = "";
  $("rows").removeAttribute("aria-invalid");
  state.active = Math.min(state.active, rows.length - 1);
  state.slopes &&= repeated() && rows[0].length === 3;
  history.replaceState(null, "", address());
  $("preset").value = state.preset ?? "";
  $("steps").value = state.steps;
  $("steps").disabled = !repeated();
  for (const [id, on] of [["by-slopes", state.slopes], ["by-coefficients", !state.slopes], ["log", state.log], ["linear", !state.log]])
    $(id).setAttribute("aria-pressed", String(on));
  $("by-slopes").disabled = !(repeated() && rows[0].length === 3);
  $("which").textContent = repeated() ? "every step" : `step ${state.active + 1} of ${rows.length}`;
  $("before").disabled = $("after").disabled = repeated();
  $("lower").value = Number(state.lower.toPrecision(6));
  $("lower-slider").value = Math.log10(state.lower);
  $("start").value = Number(state.x.toPrecision(6));
  $("start-slider").value = Math.log10(state.x);
  sliders();
  pictures();
  numbers();
  $("command").textContent = command();
}

function pictures() {
  const steps = schedule(rows);
  drawMap($("map"), steps, state);
  drawError($("errors"), steps, state);
  drawCobweb($("cobweb"), steps, state.x, repeated());
  if (plane) drawPlane($("plane"), plane, points());
  said();
}

// Where the repeated map is in the plane: scaled so that a fixed point p is 1, x → f(p·x)/p has the slope f′(0), too.
function points() {
  if (!repeated() || rows[0].length > 3) return [];
  return fixedPoints(rows[0]).map(p => ({a: rows[0][0], s: p.multiplier, own: Math.abs(p.x - 1) < 1e-6}));
}

function said() {
  const orbit = schedule(rows).reduce((seen, row) => [...seen, step(row, seen.at(-1))], [state.x]);
  let end = "";
  if (repeated()) {
    const far = longRun(rows[0], state.x);
    end = far.kind === "escapes" ? " …: the orbit leaves every bound" : far.kind === "unknown" ? " …: no short cycle seen"
      : far.period > 1 ? ` …: a cycle of ${far.period}` : ` … → ${shown(far.limit, 8)}`;
  }
  $("cobweb-said").textContent = orbit.slice(0, 9).map(v => shown(v, 4)).join(" → ") + end;
  const image = images(schedule(rows), state.lower, 1);
  $("map-said").textContent = "Step by step from [l, 1]: " + image.slice(1, 9).map(([lo, hi]) => `[${shown(lo, 3)}, ${shown(hi, 3)}]`).join(" → ");
  errorSaid();
}

function errorSaid() {
  const [lo, hi] = images(schedule(rows), state.lower, 1).at(-1);
  $("errors-said").textContent = `Largest on [${shown(state.lower)}, 1]: ${shown(Math.max(Math.abs(1 - lo), Math.abs(1 - hi)), 6)}`;
}

function command() {
  const subject = state.preset ? `${state.preset}` : `--coefficients "${lines(state.text).map(l => cells(l).join(",")).join(";")}"`;
  const steps = repeated() && !(state.preset && state.steps === preset().steps) ? ` --steps ${state.steps}` : "";
  return `muon-theory certify ${subject}${steps} --lower ${Number(state.lower.toPrecision(6))} --out certificates.json`;
}

// The verdict and the numbers: what this page finds beside what is certified of the same schedule -------------------

function numbers() {
  const steps = schedule(rows), found = safety(steps, 1);
  const known = state.preset && state.steps === preset().steps ? preset().certified : null;
  const here = known && Math.abs(state.lower - known.lower) < 1e-12;
  const [lo, hi] = images(steps, state.lower, 1).at(-1), [least, most] = ratios(steps);
  const middle = least > 0 ? (most + least) / (2 * Math.sqrt(most * least)) : NaN;
  const table = [
    ["slope φ′(0)", shown(slope(steps), 10), known?.slope],
    ["safe σ<sub>max</sub>: every step positive, output ≤ 3/2", shown(safeMost(steps), 10), known?.safe],
    [`φ([${shown(state.lower)}, 1])`, `[${shown(lo, 9)}, ${shown(hi, 9)}]`, here && known.image],
    [`max |1 − φ| on [${shown(state.lower)}, 1]`, shown(Math.max(Math.abs(1 - lo), Math.abs(1 - hi)), 9), here && known.error],
    ["ℓ = inf φ(x)/x, <i>u</i> = sup φ(x)/x on (0, 1]", `${shown(least, 8)}, ${shown(most, 8)}`, known?.ratios],
    ["ρ̄ = (<i>u</i> + ℓ)/(2√(<i>u</i>ℓ))", shown(middle, 8), known?.angular],
  ];
  $("numbers").innerHTML = table.map(([name, value, proof]) => `<tr><th scope="row">${name}</th><td>${value}</td><td>${proof || ""}</td></tr>`).join("");
  $("certified-head").innerHTML = known ? `<a href="${known.file}">certified</a>` : "";
  $("summary").textContent = state.preset ? preset().title : repeated() ? "Your map" : "Your schedule";
  const chip = $("chip");
  if (known) {
    chip.className = `chip ${known.verdict}`;
    chip.innerHTML = `${known.verdict.toUpperCase()}: safe on (0, 1] · <a href="${known.file}">certificate</a>`;
    return;
  }
  chip.className = `chip ${found.flips || !(found.most <= CAP) ? "refuted" : "open"}`;
  chip.textContent = (found.flips ? `step ${found.flips} makes some input from (0, 1] negative` : found.most <= CAP
    ? "seems safe on (0, 1]" : "the output exceeds 3/2 on (0, 1]") + " · float64, not a proof";
}

// Sliders ---------------------------------------------------------------------------------------------------------

function sliders() {
  const row = rows[state.active], pairs = state.slopes ? [["a", row[0], 1, 4], ["s", slopeAtOne(row), -2, 2]]
    : row.map((c, k) => ["abcdefghij"[k] ?? `c${2 * k + 1}`, c, c - Math.max(1, Math.abs(c)), c + Math.max(1, Math.abs(c))]);
  const place = $("sliders"), names = pairs.map(p => p[0]).join();
  if (place.dataset.names !== names) {
    place.dataset.names = names;
    place.innerHTML = pairs.map(([name]) => `<div class="slider"><label for="slider-${name}">${name}</label>`
      + `<input id="slider-${name}" type="range"><input id="number-${name}" type="number" step="any" aria-label="${name}"></div>`).join("");
  }
  pairs.forEach(([name, value, lo, hi], k) => {
    const slider = $(`slider-${name}`), box = $(`number-${name}`);
    if (document.activeElement !== slider) Object.assign(slider, {min: lo, max: hi, step: (hi - lo) / 2000});
    slider.value = value;
    if (document.activeElement !== box) box.value = Number(value.toPrecision(10));
    slider.oninput = () => moved(k, Number(Number(slider.value).toPrecision(6)));
    box.oninput = () => { if (box.value !== "" && Number.isFinite(Number(box.value))) moved(k, Number(box.value)); };
    box.onchange = slider.onchange = () => show();
  });
}

function moved(k, value) {
  const row = [...rows[state.active]];
  if (state.slopes) replaceRow(k === 0 ? byThreshold(value, slopeAtOne(row)) : byThreshold(row[0], value));
  else { row[k] = value; replaceRow(row); }
  show();
}

// The plane -------------------------------------------------------------------------------------------------------

// A box is the path of halvings that leads to it, the axes taking turns, as a number in base 36 behind a leading 1.
function unpacked({window, layers, ...rest}) {
  const box = code => {
    const ends = window.map(side => [...side]);
    [...parseInt(code, 36).toString(2).slice(1)].forEach((bit, depth) => {
      const side = ends[depth % 2];
      side[bit === "1" ? 0 : 1] = (side[0] + side[1]) / 2;
    });
    return ends.flat();
  };
  return {window, ...rest, layers: layers.map(l => ({...l, boxes: l.boxes.split(" ").filter(Boolean).map(box)}))};
}

function underCursor(a, s) {
  const hits = plane.layers.flatMap(layer => layer.boxes.filter(([x0, x1, y0, y1]) => x0 < a && a < x1 && y0 < s && s < y1)
    .slice(0, 1).map(([x0, x1, y0, y1]) => `box [${x0}, ${x1}] × [${y0}, ${y1}]: ${layer.words}, ${plane.word} `
      + `(${layer.files.map(f => `<a href="${f}">certificate</a>`).join(", ")})`)).map(text => text.replaceAll("-", "−").replace(/href="[^"]*"/g, h => h.replaceAll("−", "-")));
  $("plane-said").innerHTML = `a = ${shown(a, 4)}, s = ${shown(s, 4)}: ` + (hits.join("; ") || "in no box; open here.");
}

function moveTo(a, s) {
  const [[a0, a1], [s0, s1]] = plane.window, round = x => Math.round(x * 1000) / 1000;
  Object.assign(state, {text: byThreshold(round(Math.min(a1, Math.max(a0, a))), round(Math.min(s1, Math.max(s0, s))))
    .map(c => Number(c.toPrecision(12))).join(", "), preset: null, active: 0, slopes: true});
  show();
}

if (plane) {
  const svg = $("plane");
  let dragging = false;
  const place = event => { const r = svg.getBoundingClientRect(); return [svg.plot.X.back(event.clientX - r.left), svg.plot.Y.back(event.clientY - r.top)]; };
  svg.addEventListener("pointerdown", event => { dragging = true; svg.setPointerCapture(event.pointerId); moveTo(...place(event)); });
  svg.addEventListener("pointermove", event => { if (dragging) moveTo(...place(event)); underCursor(...place(event)); });
  svg.addEventListener("pointerup", () => { dragging = false; });
  svg.addEventListener("keydown", event => {
    const by = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (!by) return;
    event.preventDefault();
    const size = event.shiftKey ? 0.1 : 0.01, own = rows[0].length === 3 && fixesOne(rows[0]);
    const [a, s] = own ? [rows[0][0], slopeAtOne(rows[0])] : [3, 0];
    moveTo(a + by[0] * size, s + by[1] * size);
    underCursor(rows[0][0], slopeAtOne(rows[0]));
  });
  $("plane-key").innerHTML = plane.layers.map(l => `<span style="--swatch: var(--fig-layer-${l.colour})">${l.words}</span>`).join("");
  $("plane-said").innerHTML = plane.theorem;
} else $("plane-card").remove();

// Pointers over φ and its error -------------------------------------------------------------------------------------

for (const [id, value] of [["map", x => run(schedule(rows), x)], ["errors", x => Math.abs(1 - run(schedule(rows), x))]]) {
  const svg = $(id), out = $(`${id}-said`);
  svg.addEventListener("pointermove", event => {
    const {X, box} = svg.plot, pixel = event.clientX - svg.getBoundingClientRect().left;
    if (pixel < box.left || pixel > box.right) return;
    const x = X.back(pixel), seen = schedule(rows).reduce((all, row) => [...all, step(row, all.at(-1))], [x]);
    svg.querySelector(".pointer").innerHTML = tag("line", {x1: pixel, x2: pixel, y1: box.top, y2: box.bottom});
    out.textContent = id === "map" ? seen.slice(0, 12).map(v => shown(v, 4)).join(" → ") : `|1 − φ(${shown(x, 4)})| = ${shown(value(x), 4)}`;
  });
  svg.addEventListener("pointerleave", () => { svg.querySelector(".pointer").innerHTML = ""; if (id === "map") said(); else errorSaid(); });
}

// Controls --------------------------------------------------------------------------------------------------------

$("preset").innerHTML = data.presets.map(p => `<option value="${p.id}"></option>`).join("") + '<option value="" disabled>your own coefficients</option>';
data.presets.forEach((p, i) => { $("preset").options[i].textContent = p.title; });
const on = (id, event, action) => $(id).addEventListener(event, action);
on("preset", "change", () => { chosen($("preset").value); show(); });
on("rows", "input", () => { Object.assign(state, {text: $("rows").value, preset: null}); show({text: false}); });
on("steps", "input", () => { state.steps = Math.round(limited($("steps").value, 1, 60, state.steps)); show(); });
on("lower-slider", "input", () => { state.lower = Number((10 ** Number($("lower-slider").value)).toPrecision(3)); show(); });
on("lower", "change", () => { state.lower = limited($("lower").value, 1e-6, 0.8, state.lower); show(); });
on("start-slider", "input", () => { state.x = Number((10 ** Number($("start-slider").value)).toPrecision(3)); show(); });
on("start", "change", () => { state.x = limited($("start").value, 1e-5, 1.5, state.x); show(); });
on("linear", "click", () => { state.log = false; show(); });
on("log", "click", () => { state.log = true; show(); });
on("by-coefficients", "click", () => { state.slopes = false; show(); });
on("by-slopes", "click", () => {
  const clamp = s => Math.min(2, Math.max(-2, s));
  if (!fixesOne(rows[0])) replaceRow(byThreshold(Math.min(4, Math.max(1, rows[0][0])), clamp(fixedPoints(rows[0])[0]?.multiplier ?? 0)));
  state.slopes = true;
  show();
});
on("before", "click", () => { state.active = (state.active + rows.length - 1) % rows.length; show(); });
on("after", "click", () => { state.active = (state.active + 1) % rows.length; show(); });
on("copy", "click", async () => {
  try { await navigator.clipboard.writeText(command()); } catch {
    getSelection().selectAllChildren($("command"));
    document.execCommand("copy");
  }
  $("copy").textContent = "copied";
  setTimeout(() => { $("copy").textContent = "copy"; }, 1200);
});
on("controls", "submit", event => event.preventDefault());
addEventListener("hashchange", () => { read(location.hash); show(); });
addEventListener("resize", () => pictures());

read(location.hash);
show();
