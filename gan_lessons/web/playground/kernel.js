// The one hot loop: a matrix product on a heap of numbers, C = init + A B.
//
// Every layer is three such products: forward, weights' gradient, inputs' gradient. A is read one
// number at a time, so its two strides may be swapped: that is A transposed, for nothing. B and C
// are read four columns at a time. So columns (and rows) are padded with zeros to multiples of 4.
//
// The fast form is WebAssembly SIMD, assembled below, byte by byte, when the page starts: no binary
// file is shipped. The plain form does the same in JavaScript where SIMD is missing.

/** @typedef {Float32Array | Float64Array} Numbers */

/** @param {number} n @returns {number} the next multiple of four */
const pad4 = (n) => (n + 3) & ~3;

/** @typedef {number[]} Bytes part of a WebAssembly module */

/**
 * Bytes of a WebAssembly module that imports a memory and exports `gemm`.
 * The spec: webassembly.github.io/spec/core/binary. Arguments are byte addresses and byte strides.
 * @returns {Uint8Array}
 */
function assembleGemm() {
  /** @type {(n: number) => Bytes} */
  const leb = (n) => { const out = []; do { const b = n & 127; n >>>= 7; out.push(n ? b | 128 : b); } while (n); return out; };
  /** @type {(n: number) => Bytes} */
  const sleb = (n) => {
    const out = [];
    for (;;) {
      const b = n & 127;
      n >>= 7;
      if ((n === 0 && !(b & 64)) || (n === -1 && b & 64)) return [...out, b];
      out.push(b | 128);
    }
  };
  /** @type {(id: number, body: Bytes) => Bytes} */
  const section = (id, body) => [id, ...leb(body.length), ...body];
  /** @type {(s: string) => Bytes} */
  const text = (s) => [s.length, ...[...s].map((c) => c.charCodeAt(0))];
  const names = ["c", "ldc", "init", "ldi", "a", "sai", "sak", "b", "ldb", "rows", "cols", "depth",
    "k", "left", "pb", "pbj", "pc", "pi", "q", "p0", "p1", "p2", "p3"];
  const I32 = names.length;
  /** @type {(name: string) => Bytes} */ const at = (name) => leb(names.indexOf(name));
  /** @type {(name: string) => Bytes} */ const get = (name) => [0x20, ...at(name)];
  /** @type {(name: string) => Bytes} */ const set = (name) => [0x21, ...at(name)];
  /** @type {(n: number) => Bytes} */ const constant = (n) => [0x41, ...sleb(n)];
  const ADD = 0x6a, GE = 0x4f, MUL = 0x6c;
  /** @type {(name: string, by: Bytes) => Bytes} */ const bump = (name, by) => [...get(name), ...by, ADD, ...set(name)];
  /** @type {(body: Bytes) => Bytes} */ const loop = (body) => [0x03, 0x40, ...body, 0x0b];
  /** @type {(name: string) => Bytes} */ const again = (name) => [...get(name), 0x0d, 0]; // br_if 0: while the counter is not zero
  // v128 locals: 8 sums, then 2 columns of B, then 1 number of A
  /** @type {(n: number) => Bytes} */ const v = (n) => leb(I32 + n);
  /** @type {(n: number) => Bytes} */ const vget = (n) => [0x20, ...v(n)];
  /** @type {(n: number) => Bytes} */ const vset = (n) => [0x21, ...v(n)];
  /** @type {(offset: number) => Bytes} */ const load = (offset) => [0xfd, 0x00, 2, offset];
  const splat = [0xfd, 0x09, 2, 0];
  /** @type {(offset: number) => Bytes} */ const store = (offset) => [0xfd, 0x0b, 2, offset];
  const VADD = [0xfd, 0xe4, 1], VMUL = [0xfd, 0xe6, 1];

  /**
   * Four rows and 4 * wide columns of C, kept in registers through the whole depth.
   * @type {(wide: number) => Bytes}
   */
  const tile = (wide) => {
    /** @type {(r: number, w: number) => number} */ const sum = (r, w) => 2 * r + w;
    const out = [...get("pi"), ...set("q")];
    for (let r = 0; r < 4; r++) {
      for (let w = 0; w < wide; w++) out.push(...get("q"), ...load(16 * w), ...vset(sum(r, w)));
      out.push(...bump("q", get("ldi")));
    }
    out.push(...get("pbj"), ...set("pb"), ...get("depth"), ...set("k"));
    const step = [];
    for (let w = 0; w < wide; w++) step.push(...get("pb"), ...load(16 * w), ...vset(8 + w));
    for (let r = 0; r < 4; r++) {
      step.push(...get("p" + r), ...splat, ...vset(10));
      for (let w = 0; w < wide; w++) {
        step.push(...vget(10), ...vget(8 + w), ...VMUL, ...vget(sum(r, w)), ...VADD, ...vset(sum(r, w)));
      }
      step.push(...bump("p" + r, get("sak")));
    }
    step.push(...bump("pb", get("ldb")), ...bump("k", constant(-1)), ...again("k"));
    out.push(...loop(step), ...get("pc"), ...set("q"));
    for (let r = 0; r < 4; r++) {
      for (let w = 0; w < wide; w++) out.push(...get("q"), ...vget(sum(r, w)), ...store(16 * w));
      out.push(...bump("q", get("ldc")));
    }
    for (const p of ["pbj", "pc", "pi"]) out.push(...bump(p, constant(16 * wide)));
    return [...out, ...bump("left", constant(-4 * wide))];
  };

  const across = [...get("a"), ...set("p0")];
  for (let r = 1; r < 4; r++) across.push(...get("p" + (r - 1)), ...get("sai"), ADD, ...set("p" + r));
  across.push(...get("left"), ...constant(8), GE, 0x04, 0x40, ...tile(2), 0x05, ...tile(1), 0x0b, ...again("left"));
  const down = [];
  for (const [to, from] of [["pbj", "b"], ["pc", "c"], ["pi", "init"], ["left", "cols"]]) down.push(...get(from), ...set(to));
  down.push(...loop(across));
  for (const [p, stride] of [["a", "sai"], ["c", "ldc"], ["init", "ldi"]]) down.push(...bump(p, [...get(stride), ...constant(4), MUL]));
  down.push(...bump("rows", constant(-4)), ...again("rows"));

  const code = [2, ...leb(I32 - 12), 0x7f, ...leb(11), 0x7b, ...loop(down), 0x0b];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 12, ...Array(12).fill(0x7f), 0]),
    ...section(2, [1, ...text("m"), ...text("m"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("gemm"), 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code])]);
}

/** All numbers of a run, in one array; `take` hands out pieces of it. */
class Heap {
  /**
   * @param {number} size how many numbers it can hold
   * @param {"simd" | "plain" | "double"} kind double: 64 bits, for tests by finite differences
   */
  constructor(size, kind = "simd") {
    /** @type {Numbers} */ this.F = new Float32Array(0);
    /** @type {((...where: number[]) => void) | null} */ this.wasm = null;
    this.used = 128; // the first stay zero: `init` of a product that starts from nothing
    this.kind = kind;
    if (kind === "simd") {
      try {
        const memory = new WebAssembly.Memory({ initial: Math.ceil((size * 4) / 65536) + 1 });
        const module = new WebAssembly.Module(/** @type {BufferSource} */ (assembleGemm()));
        const instance = new WebAssembly.Instance(module, { m: { m: memory } });
        this.F = new Float32Array(memory.buffer);
        this.wasm = /** @type {(...where: number[]) => void} */ (instance.exports.gemm);
        return;
      } catch {
        this.kind = "plain";
      }
    }
    this.F = kind === "double" ? new Float64Array(size) : new Float32Array(size);
  }

  /** @param {number} n @returns {number} where n fresh zeros begin, a multiple of four */
  take(n) {
    const at = this.used;
    this.used += pad4(n) + 64; // room for the rows that a padded product reads beyond the end
    if (this.used > this.F.length) throw new RangeError("the networks are too large for this page's memory");
    return at;
  }

  /**
   * C = init + A B, with A (rows, depth), B (depth, cols); rows and cols are multiples of four.
   * @param {number} c @param {number} ldc where C begins; from one row to the next
   * @param {number} init @param {number} ldi the same of init; ldi = 0 repeats one row (a bias)
   * @param {number} a @param {number} sai @param {number} sak where A begins; its two strides
   * @param {number} b @param {number} ldb
   * @param {number} rows @param {number} cols @param {number} depth
   */
  gemm(c, ldc, init, ldi, a, sai, sak, b, ldb, rows, cols, depth) {
    if (this.wasm) {
      this.wasm(4 * c, 4 * ldc, 4 * init, 4 * ldi, 4 * a, 4 * sai, 4 * sak, 4 * b, 4 * ldb, rows, cols, depth);
      return;
    }
    const F = this.F;
    for (let i = 0; i < rows; i++) {
      const ci = c + i * ldc, ii = init + i * ldi, ai = a + i * sai;
      for (let j = 0; j < cols; j += 4) {
        let s0 = F[ii + j], s1 = F[ii + j + 1], s2 = F[ii + j + 2], s3 = F[ii + j + 3];
        for (let k = 0, p = ai, q = b + j; k < depth; k++, p += sak, q += ldb) {
          const x = F[p];
          s0 += x * F[q]; s1 += x * F[q + 1]; s2 += x * F[q + 2]; s3 += x * F[q + 3];
        }
        F[ci + j] = s0; F[ci + j + 1] = s1; F[ci + j + 2] = s2; F[ci + j + 3] = s3;
      }
    }
  }
}
