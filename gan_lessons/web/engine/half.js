// Weights arrive as text: base64 of 16-bit floats. Here they become ordinary numbers again.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.half = GanLessons.half || (function () {
  /**
   * One number for each of the 65,536 half floats; made at first use.
   * @type {?Float32Array}
   */
  let table = null;

  /** @returns {Float32Array} */
  function makeTable() {
    const values = new Float32Array(65536);
    for (let bits = 0; bits < 65536; bits++) {
      const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
      if (exponent === 0) values[bits] = sign * fraction * 2 ** -24; // close to zero: no hidden 1
      else if (exponent === 31) values[bits] = fraction ? NaN : sign * Infinity;
      else values[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    }
    return values;
  }

  /** @param {string} text base64 @returns {Uint8Array} */
  function bytes(text) {
    const raw = atob(text), out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }

  /** @param {string} text base64 of little-endian half floats @returns {Float32Array} */
  function decode(text) {
    if (!table) table = makeTable();
    const raw = bytes(text), out = new Float32Array(raw.length >> 1);
    for (let i = 0; i < out.length; i++) out[i] = table[raw[2 * i] | (raw[2 * i + 1] << 8)];
    return out;
  }

  return { bytes, decode };
})();
