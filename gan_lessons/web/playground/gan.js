// The game. One training step is a list of named phases; slow motion stops after each.

/**
 * @typedef {{seed: number, data: string, drawing: number[][], loss: string, gp: number, r1: number,
 *   optimiser: "adam" | "sgd", lrD: number, lrG: number, dSteps: number, layersD: number,
 *   widthD: number, layersG: number, widthG: number, noise: "normal" | "uniform",
 *   noiseDim: number, batch: number, activation: "leaky" | "tanh"}} Settings
 */

/**
 * One phase of a training step; `look` is what changes in the picture, or is used, just then.
 * @typedef {{name: string, look: "real" | "fake" | "landscape" | "arrows", act: () => void}} Phase
 */

/** @type {Settings} */
const DEFAULTS = {
  seed: 7, data: "ring", drawing: [], loss: "non_saturating", gp: 0, r1: 0.1, optimiser: "adam",
  lrD: 0.002, lrG: 0.001, dSteps: 1, layersD: 2, widthD: 32, layersG: 2, widthG: 32,
  noise: "normal", noiseDim: 2, batch: 128, activation: "leaky",
};

class GAN {
  /** @param {Settings} settings @param {"simd" | "plain" | "double"} kind */
  constructor(settings, kind = "simd") {
    const s = (this.settings = settings);
    const hidden = (/** @type {number} */ layers, /** @type {number} */ width) => Array(layers).fill(width);
    this.heap = new Heap(3_000_000, kind);
    this.G = new MLP(this.heap, [s.noiseDim, ...hidden(s.layersG, s.widthG), 2], s.activation);
    this.D = new MLP(this.heap, [2, ...hidden(s.layersD, s.widthD), 1], s.activation);
    this.forger = new Pass(this.G, s.batch);
    this.judge = new Pass(this.D, s.batch, s.gp > 0 || s.r1 > 0);
    this.real = this.heap.take(s.batch * 4); // (batch, 2), padded to (batch, 4)
    this.cloud = cloud(s.data, s.drawing);
    this.loss = LOSSES[s.loss];
    const Optimiser = s.optimiser === "adam" ? Adam : SGD;
    this.G.initialise(new Rng(s.seed, 1));
    this.D.initialise(new Rng(s.seed, 2));
    // one stream each, so that two runs on one seed see the same points whatever else differs
    this.dataRng = new Rng(s.seed, 3);
    this.noiseRng = new Rng(s.seed, 4);
    this.mixRng = new Rng(s.seed, 5);
    this.optD = new Optimiser(this.D, s.lrD);
    this.optG = new Optimiser(this.G, s.lrG);
    this.step = 0;
    /** @type {number | null} */ this.lossD = null; // not known before the first step
    /** @type {number | null} */ this.lossG = null;
    this.next = 0; // the phase that comes next
    this.phases = [...Array(s.dSteps).fill(this.#dealer()).flat(), ...this.#painter()];
    this.firstOfG = 4 * s.dSteps;
  }

  /**
   * What the discriminator does in a step.
   * @returns {Phase[]}
   */
  #dealer() {
    return [
      { name: "Draw real points", look: "real", act: () => this.drawReal() },
      { name: "The generator forges", look: "fake", act: () => this.forge() },
      { name: "The discriminator judges both and finds its error", look: "landscape", act: () => this.judgeBoth() },
      { name: "The discriminator learns: its landscape changes", look: "landscape", act: () => this.learnD() },
    ];
  }

  /**
   * What the generator does in a step.
   * @returns {Phase[]}
   */
  #painter() {
    return [
      { name: "The generator forges again", look: "fake", act: () => this.forge() },
      { name: "The discriminator says which way each forgery looks more real", look: "arrows", act: () => this.askD() },
      { name: "The generator learns: its forgeries move", look: "arrows", act: () => this.learnG() },
    ];
  }

  drawReal() { drawReal(this.cloud, this.dataRng, this.heap.F, this.real, this.settings.batch, 4); }

  /** Noise -> forgeries, in forger.h[last]: (batch, noiseDim) -> (batch, 2). */
  forge() {
    const s = this.settings;
    drawNoise(s.noise, this.noiseRng, this.heap.F, this.forger.h[0], s.batch, this.G.widths[0], s.noiseDim);
    this.G.forward(this.forger);
  }

  /** D's gradient: its loss on real points, on forgeries, and the penalties. */
  judgeBoth() {
    this.D.clearGradient();
    let loss = this.#judge(this.real, this.loss.real) + this.#judge(this.forgeries, this.loss.fake);
    if (this.settings.gp) loss += this.#gradientPenalty();
    if (this.settings.r1) loss += this.#r1();
    this.lossD = loss;
  }

  learnD() { this.optD.step(); }

  /** G's gradient, through D: dL/dfake, then back through G. */
  askD() {
    this.lossG = this.#judge(this.forgeries, this.loss.generator, false);
    const F = this.heap.F, to = this.forger.d[this.G.last], n = this.settings.batch * 4;
    F.copyWithin(to, this.judge.d[0], this.judge.d[0] + n);
    this.G.clearGradient();
    this.G.backward(this.forger, true, false);
  }

  learnG() { this.optG.step(); this.step++; }

  /** One training step: D learns dSteps times, G once. Ends the one begun, if slow motion left it. */
  trainStep() {
    do this.phase(); while (this.next);
  }

  /** @returns {Phase} the phase that was done */
  phase() {
    const done = this.phases[this.next];
    done.act();
    this.next = (this.next + 1) % this.phases.length;
    return done;
  }

  /** One player alone. */
  stepD() { this.next = 0; for (const i of [0, 1, 2, 3]) this.phases[i].act(); }
  stepG() { this.next = 0; for (const i of [0, 1, 2]) this.phases[this.firstOfG + i].act(); }

  get forgeries() { return this.forger.h[this.G.last]; }

  /** A loss that is known and no number: the weights have run away. */
  get broken() { return [this.lossD, this.lossG].some((loss) => loss !== null && !Number.isFinite(loss)); }

  /**
   * Mean loss over a batch; leaves its gradient (weights' added, input's in judge.d[0]).
   * @param {number} points where they begin @param {Term} term @param {boolean} weights
   */
  #judge(points, term, weights = true) {
    const F = this.heap.F, p = this.judge, n = this.settings.batch, out = p.h[this.D.last], d = p.d[this.D.last];
    F.copyWithin(p.h[0], points, points + n * 4);
    this.D.forward(p);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const logit = F[out + 4 * i];
      sum += term.value(logit);
      F[d + 4 * i] = term.slope(logit) / n;
      F[d + 4 * i + 1] = F[d + 4 * i + 2] = F[d + 4 * i + 3] = 0;
    }
    this.D.backward(p, weights, !weights);
    return sum / n;
  }

  /** The slope dD/dx at the points in judge.h[0], into judge.d[0]. */
  #slopes() {
    const F = this.heap.F, p = this.judge, n = this.settings.batch, d = p.d[this.D.last];
    this.D.forward(p);
    F.fill(0, d, d + 4 * n);
    for (let i = 0; i < n; i++) F[d + 4 * i] = 1;
    this.D.backward(p, false, true);
  }

  /** gp * mean((|g| - 1)^2) between real and fake. Gulrajani et al. (2017), algorithm 1. */
  #gradientPenalty() {
    const F = this.heap.F, p = this.judge, n = this.settings.batch, weight = this.settings.gp;
    for (let i = 0; i < n; i++) {
      const u = this.mixRng.uniform();
      for (let j = 4 * i; j < 4 * i + 2; j++) F[p.h[0] + j] = u * F[this.real + j] + (1 - u) * F[this.forgeries + j];
    }
    this.#slopes();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const g = p.d[0] + 4 * i, v = p.t[0] + 4 * i;
      const length = Math.sqrt(F[g] * F[g] + F[g + 1] * F[g + 1] + 1e-12), k = (2 * weight * (length - 1)) / (length * n);
      F[v] = k * F[g]; F[v + 1] = k * F[g + 1];
      sum += (length - 1) ** 2;
    }
    this.D.slopeBackward(p);
    return (weight * sum) / n;
  }

  /** r1 / 2 * mean(|g|^2) at real points. Mescheder et al. (2018), equation 9. */
  #r1() {
    const F = this.heap.F, p = this.judge, n = this.settings.batch, weight = this.settings.r1;
    F.copyWithin(p.h[0], this.real, this.real + 4 * n);
    this.#slopes();
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const g = p.d[0] + 4 * i, v = p.t[0] + 4 * i;
      F[v] = (weight / n) * F[g]; F[v + 1] = (weight / n) * F[g + 1];
      sum += F[g] ** 2 + F[g + 1] ** 2;
    }
    this.D.slopeBackward(p);
    return (0.5 * weight * sum) / n;
  }

  /** Everything that decides the future: training goes on from it bit for bit. */
  save() {
    const F = this.heap.F, part = (/** @type {number} */ at, /** @type {number} */ n) => F.slice(at, at + n);
    const opt = (/** @type {Adam | SGD} */ o) => ({ t: o.t, state: o.state.slice() });
    return {
      step: this.step, lossD: this.lossD, lossG: this.lossG, G: part(this.G.theta, this.G.count), D: part(this.D.theta, this.D.count),
      optG: opt(this.optG), optD: opt(this.optD), rng: [this.dataRng, this.noiseRng, this.mixRng].map((r) => r.state.slice()),
    };
  }

  /** @param {ReturnType<GAN["save"]>} saved */
  restore(saved) {
    this.heap.F.set(saved.G, this.G.theta);
    this.heap.F.set(saved.D, this.D.theta);
    this.optG.t = saved.optG.t; this.optG.state.set(saved.optG.state);
    this.optD.t = saved.optD.t; this.optD.state.set(saved.optD.state);
    [this.dataRng, this.noiseRng, this.mixRng].forEach((r, i) => r.state.set(saved.rng[i]));
    this.step = saved.step; this.lossD = saved.lossD; this.lossG = saved.lossG; this.next = 0;
    this.G.changed();
    this.D.changed();
  }
}
