// Settings to a link and back. A link is untrusted: every value is checked against what the
// controls offer, and one wrong value refuses the whole link.

/** @type {Record<string, any[] | [string, number, number]>} what each setting may be */
const ALLOWED = {
  data: ["ring", "grid", "line", "moons", "blobs", "drawing"], loss: Object.keys(LOSSES), optimiser: ["adam", "sgd"],
  noise: ["normal", "uniform"], activation: ["leaky", "tanh"], dSteps: [1, 2, 3, 5], batch: [32, 64, 128, 256],
  layersD: [1, 2, 3, 4], layersG: [1, 2, 3, 4], widthD: [4, 8, 16, 32, 64], widthG: [4, 8, 16, 32, 64], noiseDim: [1, 2, 4, 8],
  gp: [0, 0.1, 1, 10], r1: [0, 0.1, 1, 10],
};
const RATES = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
ALLOWED.lrD = ALLOWED.lrG = RATES;

/** @param {Settings} s @returns {string} only what differs from the defaults */
function toText(s) {
  const parts = Object.keys(ALLOWED).filter((k) => s[k] !== DEFAULTS[k]).map((k) => `${k}:${s[k]}`);
  if (s.seed !== DEFAULTS.seed) parts.push(`seed:${s.seed}`);
  if (s.data === "drawing") parts.push("drawing:" + s.drawing.map(([x, y]) => [x, y].map((v) => Math.round((v + 1.5) * 300).toString(36).padStart(2, "0")).join("")).join(""));
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
      if (!/^([0-9a-z]{4}){1,150}$/.test(value)) throw wrong;
      s.drawing = value.match(/.{4}/g).map((p) => [p.slice(0, 2), p.slice(2)].map((v) => parseInt(v, 36) / 300 - 1.5));
      if (s.drawing.flat().some((v) => Math.abs(v) > 1.5)) throw wrong;
    } else {
      const found = Object.hasOwn(ALLOWED, key) && ALLOWED[key].find((v) => String(v) === value);
      if (found === undefined || found === false) throw wrong;
      s[key] = found;
    }
  }
  return s;
}
