// Random numbers that a seed fixes and a snapshot can save.
// Generator: sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state.

class Rng {
  /** @param {number} seed whole number @param {number} stream separates uses of one seed */
  constructor(seed, stream = 0) {
    this.state = new Uint32Array([seed >>> 0, stream >>> 0, 0x9e3779b9, 1]);
    for (let i = 0; i < 15; i++) this.uniform();
  }

  /** @returns {number} in (0, 1), never 0 so that its logarithm exists */
  uniform() {
    const s = this.state;
    const t = (s[0] + s[1] + s[3]) | 0;
    s[3] = s[3] + 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + t;
    return ((t >>> 0) + 0.5) / 4294967296;
  }

  /**
   * Box and Muller (1958).
   * @returns {number} from the standard normal distribution
   */
  normal() {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(6.283185307179586 * this.uniform());
  }

  /** @param {number} n @returns {number} a whole number in 0 ... n - 1 */
  below(n) {
    return Math.floor(this.uniform() * n);
  }
}
