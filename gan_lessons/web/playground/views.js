// What the reader sees, computed in the worker: pictures of the plane and of both players.

const SIDE = 48, REACH = 1.5, SHOWN = 256, WARP = 13, BLUR = 0.08;

/**
 * What the page is told of a run. `log` has one row for each measurement, `now` is the row of what is shown:
 * step, loss of D, loss of G, places covered, places in all, distance, its floor.
 * @typedef {{type: "frame", turn: number, running: boolean, step: number, kind: string, phase: string, look: string, real: Float32Array,
 *   lossD: number | null, lossG: number | null, fakes: Float32Array, field: Float32Array | null,
 *   best: Float32Array | null, warp: Float32Array | null, arrows: Float32Array | null,
 *   log: (number | null)[][], now: (number | null)[], marks: number[], mark: number}} Frame
 */

class Views {
  /** @param {GAN} gan */
  constructor(gan) {
    this.gan = gan;
    const { heap, G, D, settings: s } = gan, rng = new Rng(s.seed, 7);
    this.land = new Pass(D, SIDE * SIDE);
    this.points = new Pass(G, SHOWN);
    this.arrowPass = new Pass(D, SHOWN);
    this.warpPass = new Pass(G, pad4(WARP * WARP));
    this.real = new Float32Array(SHOWN * 4);
    drawReal(gan.cloud, rng, this.real, 0, SHOWN, 4);
    drawNoise(s.noise, rng, heap.F, this.points.h[0], SHOWN, G.widths[0], s.noiseDim);
    for (let r = 0; r < SIDE; r++) for (let c = 0; c < SIDE; c++) {
      const q = this.land.h[0] + 4 * (r * SIDE + c);
      heap.F[q] = Views.place(c); heap.F[q + 1] = -Views.place(r); // the first row is the top
    }
    for (let i = 0; i < WARP * WARP; i++) { // a square net in the first two noise numbers, the others 0
      const q = this.warpPass.h[0] + i * G.widths[0], reach = s.noise === "normal" ? 2 : 1;
      heap.F[q] = reach * ((2 * (i % WARP)) / (WARP - 1) - 1);
      if (s.noiseDim > 1) heap.F[q + 1] = reach * ((2 * Math.floor(i / WARP)) / (WARP - 1) - 1);
    }
  }

  /**
   * The coordinate of the middle of cell i.
   * @param {number} i
   */
  static place(i) { return REACH * ((2 * i + 1) / SIDE - 1); }

  /**
   * (n, 2) from rows of four.
   * @param {number} at @param {number} n
   */
  #pairs(at, n) {
    const out = new Float32Array(2 * n), F = this.gan.heap.F;
    for (let i = 0; i < n; i++) { out[2 * i] = F[at + 4 * i]; out[2 * i + 1] = F[at + 4 * i + 1]; }
    return out;
  }

  /** Forgeries from noise that stays the same, so that each point can be followed. */
  fakes() {
    this.gan.G.forward(this.points);
    return this.#pairs(this.points.h[this.gan.G.last], SHOWN);
  }

  reals() {
    const out = new Float32Array(2 * SHOWN);
    for (let i = 0; i < SHOWN; i++) { out[2 * i] = this.real[4 * i]; out[2 * i + 1] = this.real[4 * i + 1]; }
    return out;
  }

  /** How real D finds each place, 0 ... 1: (SIDE, SIDE). A Wasserstein critic has no zero: its range is stretched. */
  landscape() {
    const { D, heap: { F }, settings: { loss } } = this.gan, out = new Float32Array(SIDE * SIDE);
    D.forward(this.land);
    const at = this.land.h[D.last];
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < out.length; i++) { const x = F[at + 4 * i]; out[i] = x; low = Math.min(low, x); high = Math.max(high, x); }
    for (let i = 0; i < out.length; i++) {
      out[i] = loss === "wasserstein" ? (out[i] - low) / (high - low + 1e-9)
        : loss === "least_squares" ? Math.min(1, Math.max(0, out[i])) : sigmoid(loss === "hinge" ? 2 * out[i] : out[i]);
    }
    return out;
  }

  /**
   * The best answer any D could give, p / (p + q). The real density p is known exactly. G's density
   * q is estimated: a normal of width BLUR at each shown forgery. p is blurred by the same BLUR,
   * exactly, so that both are compared at one sharpness.
   * @param {Float32Array} fakes
   */
  optimum(fakes) {
    const { centres, sigma } = this.gan.cloud, flat = centres.flat(), wide = Math.hypot(sigma, BLUR);
    const out = new Float32Array(SIDE * SIDE);
    for (let r = 0; r < SIDE; r++) for (let c = 0; c < SIDE; c++) {
      const x = Views.place(c), y = -Views.place(r), p = density(flat, wide, x, y), q = density(fakes, BLUR, x, y);
      out[r * SIDE + c] = (p + 1e-4) / (p + q + 2e-4);
    }
    return out;
  }

  /** The noise net, bent by G: (WARP * WARP, 2). */
  warp() {
    this.gan.G.forward(this.warpPass);
    return this.#pairs(this.warpPass.h[this.gan.G.last], WARP * WARP);
  }

  /** Minus the gradient of G's loss at every forgery: where G is told to move it. */
  arrows() {
    const { G, D, heap: { F }, loss } = this.gan, p = this.arrowPass, d = p.d[D.last], out = p.h[D.last];
    const from = this.points.h[G.last];
    F.copyWithin(p.h[0], from, from + 4 * SHOWN);
    D.forward(p);
    F.fill(0, d, d + 4 * SHOWN);
    for (let i = 0; i < SHOWN; i++) F[d + 4 * i] = -loss.generator.slope(F[out + 4 * i]);
    D.backward(p, false, true);
    return this.#pairs(p.d[0], SHOWN);
  }
}
