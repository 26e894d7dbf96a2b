// Two numbers for a cloud of forgeries, and the floor that says what "perfect" would score.

const METER_POINTS = 512, DIRECTIONS = 24;

class Meter {
  /** @param {GAN} gan */
  constructor(gan) {
    this.gan = gan;
    this.pass = new Pass(gan.G, METER_POINTS);
    const { heap } = gan, s = gan.settings;
    const rng = new Rng(s.seed, 6); // own streams: watching does not change the run
    drawNoise(s.noise, new Rng(s.seed, 8), heap.F, this.pass.h[0], METER_POINTS, gan.G.widths[0], s.noiseDim);
    const fresh = () => { const p = new Float32Array(METER_POINTS * 4); drawReal(gan.cloud, rng, p, 0, METER_POINTS, 4); return p; };
    this.real = fresh();
    this.row = new Float32Array(METER_POINTS);
    this.sorted = Array.from({ length: DIRECTIONS }, (_, k) => this.#project(this.real, k).slice());
    this.floor = 0; // real against other real points: the mean of four draws
    for (let i = 0; i < 4; i++) this.floor += this.#distance(fresh()) / 4;
  }

  /** @returns {{modes: number, of: number, distance: number, floor: number}} */
  measure() {
    const { gan, pass } = this;
    gan.G.forward(pass);
    const at = pass.h[gan.G.last];
    const points = gan.heap.F.subarray(at, at + METER_POINTS * 4);
    return { modes: this.#modes(points), of: gan.cloud.modes.length, distance: this.#distance(points), floor: this.floor };
  }

  /**
   * A mode counts when at least a fifth of its fair share of the points lies within 3 sigma.
   * @param {Numbers} points
   */
  #modes(points) {
    const { modes, sigma, centres } = this.gan.cloud, enough = (0.2 * METER_POINTS) / centres.length;
    let covered = 0;
    for (const [x, y] of modes) {
      let near = 0;
      for (let i = 0; i < points.length; i += 4) if ((points[i] - x) ** 2 + (points[i + 1] - y) ** 2 < 9 * sigma * sigma) near++;
      if (near >= Math.max(1, enough)) covered++;
    }
    return covered;
  }

  /**
   * Sorted shadows of the points on direction k.
   * @param {Numbers} points @param {number} k
   */
  #project(points, k) {
    const c = Math.cos((Math.PI * k) / DIRECTIONS), s = Math.sin((Math.PI * k) / DIRECTIONS);
    for (let i = 0; i < METER_POINTS; i++) this.row[i] = c * points[4 * i] + s * points[4 * i + 1];
    return this.row.sort();
  }

  /**
   * Sliced Wasserstein-1 (Bonneel et al. 2015): in one dimension, sort both and compare.
   * @param {Numbers} points
   */
  #distance(points) {
    let sum = 0;
    for (let k = 0; k < DIRECTIONS; k++) {
      const a = this.#project(points, k), b = this.sorted[k];
      for (let i = 0; i < METER_POINTS; i++) sum += Math.abs(a[i] - b[i]);
    }
    return sum / (DIRECTIONS * METER_POINTS);
  }
}
