// The settings panel: every control writes one setting and begins the run again.

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  data: { ring: "Ring of eight", grid: "Grid of nine", line: "Line", moons: "Two moons", blobs: "Two blobs", drawing: "My own drawing" },
  loss: {
    non_saturating: "Non-saturating", saturating: "Saturating", least_squares: "Least squares", hinge: "Hinge",
    wasserstein: "Wasserstein",
  },
  optimiser: { adam: "Adam", sgd: "SGD" }, noise: { normal: "Normal", uniform: "Uniform" },
  activation: { leaky: "Leaky ReLU", tanh: "tanh" }, gp: { 0: "off" }, r1: { 0: "off" },
};
/** @type {[string, [keyof Settings, string][]][]} */
const GROUPS = [
  ["The game", [["data", "Real points"], ["loss", "Loss"], ["gp", "Gradient penalty"], ["r1", "R1 penalty"]]],
  ["Learning", [["optimiser", "Optimiser"], ["lrD", "Learning rate of D"], ["lrG", "Learning rate of G"],
    ["dSteps", "Steps of D per step of G"], ["batch", "Batch size"]]],
  ["The players", [["layersD", "Layers of D"], ["widthD", "Neurons a layer, D"], ["layersG", "Layers of G"],
    ["widthG", "Neurons a layer, G"], ["activation", "Activation"], ["noise", "Noise"], ["noiseDim", "Noise dimensions"]]],
];

/** @param {Settings} settings @param {(changed: Partial<Settings>) => void} change */
function settingsPanel(settings, change) {
  /** @type {(key: keyof Settings, v: any) => string} */
  const words = (key, v) => (WORDS[key] && WORDS[key][v]) || String(v);
  /** @type {(key: keyof Settings, label: string) => HTMLElement} */
  const field = (key, label) => choice(label, ALLOWED[key].map((v) => [v, words(key, v)]), settings[key], (v) => change({ [key]: v }));
  return GROUPS.map(([title, keys], i) => make("details", { open: i === 0 }, make("summary", {}, title),
    make("div", { class: "ganp-fields" }, ...keys.map(([key, label]) => field(key, label)),
      ...(i === 0 ? [seedField(settings.seed, (seed) => change({ seed }))] : []))));
}
