// What each player wants, as functions of one logit, each with its derivative.
// A larger logit means "more likely real". The same games as gan_lessons/losses.py.

/**
 * log(1 + e^x) without overflow
 * @param {number} x
 */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** @param {number} x */
const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

/** @typedef {{value: (x: number) => number, slope: (x: number) => number}} Term */
/** @type {Term} */ const callReal = { value: (x) => softplus(-x), slope: (x) => sigmoid(x) - 1 };
/** @type {Term} */ const callFake = { value: softplus, slope: sigmoid };
/** @type {Term} */ const lower = { value: (x) => x, slope: () => 1 };
/** @type {Term} */ const raise = { value: (x) => -x, slope: () => -1 };
/** @type {(goal: number) => Term} */
const near = (goal) => ({ value: (x) => 0.5 * (x - goal) ** 2, slope: (x) => x - goal });

/**
 * real and fake: what D minimises on each; generator: what G minimises on its forgeries.
 * Sources: Goodfellow et al. (2014); Mao et al. (2017); Lim and Ye (2017); Arjovsky et al. (2017).
 * @type {Record<string, {real: Term, fake: Term, generator: Term}>}
 */
const LOSSES = {
  non_saturating: { real: callReal, fake: callFake, generator: callReal },
  saturating: {
    real: callReal, fake: callFake,
    generator: { value: (x) => -softplus(x), slope: (x) => -sigmoid(x) },
  },
  least_squares: { real: near(1), fake: near(0), generator: near(1) },
  hinge: {
    real: { value: (x) => Math.max(0, 1 - x), slope: (x) => (x < 1 ? -1 : 0) },
    fake: { value: (x) => Math.max(0, 1 + x), slope: (x) => (x > -1 ? 1 : 0) },
    generator: raise,
  },
  wasserstein: { real: raise, fake: lower, generator: raise },
};
