// Latent vectors: random ones, the arc between two, and their spelling in a link.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.latent = GanLessons.latent || (function () {
  /**
   * A standard normal vector (Box and Muller).
   * @param {number} n @returns {number[]}
   */
  const random = (n) => Array.from({ length: n }, () =>
    Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));

  /** @type {(a: number[], b: number[]) => number} */
  const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

  /**
   * Along the arc from a to b, as latent.slerp does in Python (White 2016).
   * @param {number[]} a @param {number[]} b @param {number} t from 0 to 1
   */
  function slerp(a, b, t) {
    const la = Math.hypot(...a), lb = Math.hypot(...b);
    const angle = Math.acos(Math.max(-1, Math.min(1, dot(a, b) / (la * lb || 1))));
    if (!(Math.sin(angle) > 1e-6)) return a.map((x, i) => (1 - t) * x + t * b[i]);
    const length = ((1 - t) * la + t * lb) / Math.sin(angle);
    const p = Math.sin((1 - t) * angle) / la, q = Math.sin(t * angle) / lb;
    return a.map((x, i) => (p * x + q * b[i]) * length);
  }

  /**
   * Two letters' worth of bytes for each number, in steps of 1/4096.
   * @param {number[]} z
   */
  function spell(z) {
    let raw = "";
    for (const x of z) {
      const v = Math.max(-32768, Math.min(32767, Math.round(x * 4096))) & 0xffff;
      raw += String.fromCharCode(v & 255, v >> 8);
    }
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  /** @param {string} text @param {number} n @returns {?number[]} null when it is no such vector */
  function read(text, n) {
    try {
      const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      if (raw.length !== 2 * n) return null;
      return Array.from({ length: n }, (_, i) =>
        (((raw.charCodeAt(2 * i) | (raw.charCodeAt(2 * i + 1) << 8)) << 16) >> 16) / 4096);
    } catch (error) {
      return null;
    }
  }

  return { random, dot, slerp, spell, read };
})();
