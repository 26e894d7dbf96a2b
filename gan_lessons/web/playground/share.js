// Everything that can be seen, to a link and back. A link is untrusted: every value is checked
// against what the controls offer, and one wrong value refuses the whole link.
//
//   loss:hinge,seed:3~lrD:0.01~show:real.fake      run A ~ run B ~ what is shown

const RATES = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
/** @type {Record<string, any[]>} what each setting may be */
const ALLOWED = {
  data: ["ring", "grid", "line", "moons", "blobs", "drawing"], loss: Object.keys(LOSSES), optimiser: ["adam", "sgd"],
  noise: ["normal", "uniform"], activation: ["leaky", "tanh"], dSteps: [1, 2, 3, 5], batch: [32, 64, 128, 256],
  layersD: [1, 2, 3, 4], layersG: [1, 2, 3, 4], widthD: [4, 8, 16, 32, 64], widthG: [4, 8, 16, 32, 64],
  noiseDim: [1, 2, 4, 8], gp: [0, 0.1, 1, 10], r1: [0, 0.1, 1, 10], lrD: RATES, lrG: RATES,
};
const VIEWS = ["real", "fake", "landscape", "optimum", "warp", "arrows"], SHOWN_FIRST = ["real", "fake", "landscape"];

/**
 * A point as four letters, in steps of 1/300.
 * @param {number[]} point
 */
const spell = (point) => point.map((v) => Math.round((v + 1.5) * 300).toString(36).padStart(2, "0")).join("");

/** @param {Settings} s @returns {string} only what differs from the defaults */
function toText(s) {
  const changed = /** @type {(keyof Settings)[]} */ (Object.keys(ALLOWED)).filter((k) => s[k] !== DEFAULTS[k]);
  const parts = changed.map((k) => `${k}:${s[k]}`);
  if (s.seed !== DEFAULTS.seed) parts.push(`seed:${s.seed}`);
  if (s.data === "drawing") parts.push(`drawing:${s.drawing.map(spell).join("")}`);
  return parts.join(",");
}

/** @param {string} text @returns {Settings} @throws {Error} that says which part is wrong */
function fromText(text) {
  const s = { ...DEFAULTS };
  for (const part of text.split(",").filter(Boolean)) {
    const [key, value = ""] = part.split(":");
    const wrong = new Error(`“${part.slice(0, 30)}”`);
    if (key === "seed") {
      s.seed = Number(value);
      if (!/^\d{1,9}$/.test(value)) throw wrong;
    } else if (key === "drawing") {
      if (!/^([0-9a-z]{4}){0,150}$/.test(value)) throw wrong;
      s.drawing = (value.match(/.{4}/g) || []).map((p) => [p.slice(0, 2), p.slice(2)].map((v) => parseInt(v, 36) / 300 - 1.5));
      if (s.drawing.flat().some((v) => Math.abs(v) > 1.5)) throw wrong;
    } else {
      const found = Object.hasOwn(ALLOWED, key) ? ALLOWED[key].find((v) => String(v) === value) : undefined;
      if (found === undefined) throw wrong;
      Object.assign(s, { [key]: found });
    }
  }
  return s;
}

/** @param {Settings[]} runs one or two @param {Record<string, boolean>} show */
function toLink(runs, show) {
  const shown = VIEWS.filter((v) => show[v]), parts = runs.map(toText);
  if (shown.join() !== SHOWN_FIRST.join()) parts.push(`show:${shown.join(".")}`);
  return parts.join("~");
}

/** @param {string} link @returns {{runs: Settings[], show: Record<string, boolean>}} @throws {Error} */
function fromLink(link) {
  const parts = link.split("~"), views = parts.filter((p) => p.startsWith("show:"));
  const shown = views.length ? views[0].slice(5).split(".").filter(Boolean) : SHOWN_FIRST;
  const runs = parts.filter((p) => !p.startsWith("show:")).map(fromText);
  const wrong = !runs.length || runs.length > 2 || views.length > 1 || shown.some((v) => !VIEWS.includes(v));
  if (wrong) throw new Error(`“${link.slice(0, 30)}”`);
  return { runs, show: Object.fromEntries(VIEWS.map((v) => [v, shown.includes(v)])) };
}
