// Runs a network that gan_lessons/export.py wrote down: vector or picture in, picture or logit out.
//
// Every layer with weights is turned into the same three steps: gather numbers into rows, multiply
// by a matrix, scatter the results. A convolution gathers its window. A transposed convolution with
// stride 2 is four ordinary ones, one for each of the four pixels that an input pixel grows into:
// each sees only the taps of the kernel that fall on it (a 4 x 4 kernel gives four of 2 x 2), so no
// work is spent on inserted zeros.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.engine = GanLessons.engine || (function () {
  const BLOCK = 256; // rows gathered at a time: they stay in the cache
  const up4 = (/** @type {number} */ n) => (n + 3) & ~3;

  /**
   * What gathers, multiplies and scatters. taps: dy, dx of each tap, in input pixels; rows: which
   * rows of the layer's matrix they meet; down, across: its output pixels, of which the first lies at
   * outY, outX; weights: where its panels begin, in floats; depth: how many rows they have.
   * @typedef {{taps: number[], rows: number[], down: number, across: number, inStride: number,
   *   outStride: number, outY: number, outX: number, weights: number, depth: number}} Step
   */
  /** @typedef {{layer: Layer, input: number[], output: number[], steps: Step[]}} Entry one operation, planned */

  /**
   * Cut a matrix (depth, outputs) into panels of 8 and 4 columns.
   * @param {Float32Array} heap @param {number} at @param {Float32Array} matrix
   * @param {number} depth @param {number} outputs
   */
  function pack(heap, at, matrix, depth, outputs) {
    const width = up4(outputs);
    for (let from = 0; from < width; from += 8) {
      const columns = Math.min(8, width - from);
      for (let k = 0; k < depth; k++)
        for (let j = 0; j < columns; j++, at++)
          heap[at] = from + j < outputs ? matrix[k * outputs + from + j] : 0;
    }
  }

  /**
   * "same" and "valid" as TensorFlow means them: output length and zeros before.
   * @param {number} length @param {number} kernel @param {number} stride @param {string} padding
   * @returns {[number, number]}
   */
  function convolved(length, kernel, stride, padding) {
    if (padding === "valid") return [Math.floor((length - kernel) / stride) + 1, 0];
    const out = Math.ceil(length / stride);
    return [out, Math.max((out - 1) * stride + kernel - length, 0) >> 1];
  }

  /**
   * The steps of a layer: which taps, which rows of its matrix, where the results go.
   * @param {Layer} layer @param {number[]} shape of its input
   * @returns {{shape: number[], steps: Step[]}}
   */
  function planLayer(layer, [h, w]) {
    const { kernel: k, stride: s, inputs, outputs } = layer;
    const usual = { inStride: 1, outStride: 1, outY: 0, outX: 0, weights: 0 };
    if (layer.op === "dense")
      return { shape: [outputs], steps: [{ ...usual, taps: [0, 0], rows: [0], down: 1, across: 1, depth: inputs }] };
    if (layer.op === "conv") {
      const [down, before] = convolved(h, k, s, layer.padding);
      const [across, left] = convolved(w, k, s, layer.padding);
      const taps = [], rows = [];
      for (let y = 0; y < k; y++)
        for (let x = 0; x < k; x++) { taps.push(y - before, x - left); rows.push(y * k + x); }
      return { shape: [down, across, outputs], steps: [{ ...usual, taps, rows, down, across, inStride: s, depth: k * k * inputs }] };
    }
    const same = layer.padding === "same", crop = same ? Math.max(k - s, 0) >> 1 : 0;
    const size = (/** @type {number} */ n) => (same ? n * s : (n - 1) * s + Math.max(k, s));
    /** @type {Step[]} */ const steps = [];
    for (let outY = 0; outY < s; outY++)
      for (let outX = 0; outX < s; outX++) {
        const taps = [], rows = [];
        for (let y = 0; y < k; y++)
          for (let x = 0; x < k; x++)
            if ((outY + crop - y) % s === 0 && (outX + crop - x) % s === 0) {
              taps.push((outY + crop - y) / s, (outX + crop - x) / s);
              rows.push(y * k + x);
            }
        const down = Math.ceil((size(h) - outY) / s), across = Math.ceil((size(w) - outX) / s);
        steps.push({ ...usual, taps, rows, down, across, outStride: s, outY, outX, depth: rows.length * inputs });
      }
    return { shape: [size(h), size(w), outputs], steps };
  }

  const product = (/** @type {number[]} */ shape) => shape.reduce((a, b) => a * b, 1);

  /**
   * Prepare a network.
   * @param {Model} model
   * @param {string} [wanted] "plain" or "wasm"
   * @returns {Network}
   */
  function build(model, wanted) {
    const numbers = GanLessons.half.decode(model.weights || onPage(model.digest));
    // First pass: shapes and sizes.
    let shape = model.inputShape, room = 0, largest = product(shape), gathered = 0, widest = 0;
    /** @type {Entry[]} */ const plan = [];
    const take = (/** @type {number} */ n) => { const at = room; room += up4(n); return at; };
    for (const layer of model.layers) {
      /** @type {Entry} */ const entry = { layer, input: shape, output: shape, steps: [] };
      if (layer.inputs) {
        const { shape: next, steps } = planLayer(layer, shape);
        for (const step of steps) {
          const rows = step.down * step.across;
          step.weights = take(step.depth * up4(layer.outputs));
          gathered = Math.max(gathered, step.depth * up4(Math.min(rows, BLOCK)));
          widest = Math.max(widest, up4(layer.outputs) * up4(Math.min(rows, BLOCK)));
        }
        entry.steps = steps;
        shape = next;
      } else if (layer.op === "reshape") shape = layer.shape;
      entry.output = shape;
      largest = Math.max(largest, product(shape));
      plan.push(entry);
    }
    const patches = take(gathered), results = take(widest);
    const kernels = GanLessons.kernels.choose(room, wanted), heap = kernels.heap;
    // Second pass: weights into their panels.
    for (const { layer, steps } of plan)
      for (const step of steps) {
        const line = layer.inputs * layer.outputs, matrix = new Float32Array(step.rows.length * line);
        step.rows.forEach((row, i) => matrix.set(
          numbers.subarray(layer.weights + row * line, layer.weights + (row + 1) * line), i * line));
        pack(heap, step.weights, matrix, step.depth, layer.outputs);
      }
    const buffers = [new Float32Array(largest), new Float32Array(largest)];

    /**
     * Copy the windows of output pixels from..to into rows.
     * @param {Float32Array} input @param {number[]} size its height and width @param {number} channels
     * @param {Step} step @param {number} from @param {number} to
     */
    function gather(input, [h, w], channels, step, from, to) {
      let at = patches;
      for (let i = from; i < to; i++) {
        const y = Math.floor(i / step.across) * step.inStride, x = (i % step.across) * step.inStride;
        for (let t = 0; t < step.taps.length; t += 2) {
          const iy = y + step.taps[t], ix = x + step.taps[t + 1];
          if (iy >= 0 && iy < h && ix >= 0 && ix < w) {
            const start = (iy * w + ix) * channels;
            for (let c = 0; c < channels; c++) heap[at++] = input[start + c];
          } else for (let c = 0; c < channels; c++) heap[at++] = 0;
        }
      }
    }

    /**
     * Panel after panel of columns.
     * @param {Step} step @param {number} rows @param {number} outputs
     */
    function multiply(step, rows, outputs) {
      const width = up4(outputs), padded = up4(rows);
      let b = step.weights * 4;
      for (let from = 0; from < width; from += 8) {
        const wide = width - from >= 8;
        const panel = wide ? kernels.panel8 : kernels.panel4;
        panel(patches * 4, b, (results + from) * 4, padded, step.depth, width);
        b += step.depth * (wide ? 32 : 16);
      }
    }

    /** @param {Entry} entry @param {Float32Array} input @param {Float32Array} output */
    function linear(entry, input, output) {
      const { layer } = entry, n = layer.outputs, width = up4(n);
      const dense = layer.op === "dense", place = dense ? [1, 1] : entry.input;
      const line = dense ? 1 : entry.output[1];
      for (const step of entry.steps) {
        const all = step.down * step.across;
        for (let from = 0; from < all; from += BLOCK) {
          const to = Math.min(from + BLOCK, all);
          if (step.depth) {
            gather(input, place, layer.inputs, step, from, to);
            multiply(step, to - from, n);
          }
          for (let i = from; i < to; i++) {
            const y = Math.floor(i / step.across) * step.outStride + step.outY;
            const x = (i % step.across) * step.outStride + step.outX;
            const o = (y * line + x) * n, r = results + (i - from) * width;
            for (let c = 0; c < n; c++) output[o + c] = (step.depth ? heap[r + c] : 0) + numbers[layer.bias + c];
          }
        }
      }
    }

    /** @param {Layer} layer @param {Float32Array} values @param {number} count */
    function activate(layer, values, count) {
      if (layer.name === "tanh") for (let i = 0; i < count; i++) values[i] = Math.tanh(values[i]);
      else if (layer.name === "sigmoid") for (let i = 0; i < count; i++) values[i] = 1 / (1 + Math.exp(-values[i]));
      else for (let i = 0; i < count; i++) if (values[i] < 0) values[i] *= layer.slope;
    }

    /**
     * @param {ArrayLike<number>} input as many numbers as the input shape holds
     * @returns {Float32Array} the output, copied
     */
    function run(input) {
      let [now, next] = buffers;
      now.set(input);
      for (const entry of plan) {
        const { layer } = entry;
        if (layer.inputs) {
          linear(entry, now, next);
          [now, next] = [next, now];
        } else if (layer.op === "activation") activate(layer, now, product(entry.output));
        else if (layer.op === "affine") {
          const n = layer.channels, count = product(entry.output);
          for (let i = 0; i < count; i++)
            now[i] = now[i] * numbers[layer.weights + i % n] + numbers[layer.bias + i % n];
        }
      }
      return now.slice(0, product(shape));
    }
    return { run, kernels: kernels.name, inputShape: model.inputShape, outputShape: shape };
  }

  /**
   * Weights stand on the page by themselves, so that two widgets with one network need them once.
   * @param {string} digest
   */
  function onPage(digest) {
    const place = document.querySelector(`script[data-gl-weights="${digest}"]`);
    if (!place || !place.textContent) throw new Error("its weights are missing");
    return place.textContent;
  }

  /** Networks that are ready, by the digest of their weights. @type {Map<string, Network>} */
  const ready = new Map();

  /** @param {Model} model */
  function load(model) {
    const network = ready.get(model.digest) || build(model);
    ready.set(model.digest, network);
    return network;
  }

  return { build, load, ready };
})();
