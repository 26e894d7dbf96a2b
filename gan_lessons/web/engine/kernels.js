// Almost all the work of a network is one thing: multiplying matrices, c = a b.
// b is cut into panels of 8 columns (the last one may have 4), each stored row after row, so that
// the innermost loop walks through memory in order and keeps 32 sums in registers.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.kernels = GanLessons.kernels || (function () {
  /**
   * The same in plain JavaScript: two rows by four columns, eight sums in local variables.
   * @param {number} size how many floats
   * @returns {Kernels}
   */
  function plain(size) {
    const heap = new Float32Array(size);
    /** @type {(columns: number) => Panel} */
    const panel = (columns) => function (a, b, c, rows, depth, width) {
      a >>= 2; b >>= 2; c >>= 2;
      for (let from = 0; from < columns; from += 4) {
        for (let row = 0; row < rows; row += 2) {
          let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
          let p = a + row * depth, q = p + depth, w = b + from;
          for (let k = 0; k < depth; k++, p++, q++, w += columns) {
            const x = heap[p], y = heap[q];
            const w0 = heap[w], w1 = heap[w + 1], w2 = heap[w + 2], w3 = heap[w + 3];
            s0 += x * w0; s1 += x * w1; s2 += x * w2; s3 += x * w3;
            t0 += y * w0; t1 += y * w1; t2 += y * w2; t3 += y * w3;
          }
          const o = c + row * width + from, u = o + width;
          heap[o] = s0; heap[o + 1] = s1; heap[o + 2] = s2; heap[o + 3] = s3;
          heap[u] = t0; heap[u + 1] = t1; heap[u + 2] = t2; heap[u + 3] = t3;
        }
      }
    };
    return { name: "plain", heap, panel8: panel(8), panel4: panel(4) };
  }

  /**
   * WebAssembly with SIMD, from gemm.wat: four numbers in one instruction.
   * @param {number} size how many floats
   * @returns {Kernels}
   */
  function wasm(size) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size * 4 / 65536) });
    const module = new WebAssembly.Module(/** @type {BufferSource} */ (GanLessons.half.bytes(GanLessons.gemm)));
    const { panel8, panel4 } = /** @type {any} */ (
      new WebAssembly.Instance(module, { page: { memory } }).exports);
    return { name: "wasm", heap: new Float32Array(memory.buffer), panel8, panel4 };
  }

  /**
   * The fastest that works here.
   * @param {number} size how many floats
   * @param {string} [wanted] "plain" or "wasm", to compare them
   * @returns {Kernels}
   */
  function choose(size, wanted) {
    if (wanted === "plain") return plain(size);
    try {
      return wasm(size);
    } catch (error) { // an old browser, or a page that forbids WebAssembly
      return plain(size);
    }
  }

  return { choose };
})();
