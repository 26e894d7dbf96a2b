// A multilayer perceptron and its derivatives, by hand.
//
//   forward    h[l] = a(z[l]),  z[l] = h[l-1] W[l] + b[l],  the last layer has no activation
//   backward   from dL/dz of the last layer to every dL/dW, dL/db and to dL/dinput
//   penalty    the derivative of a function of the *slope* dD/dinput: second order
//
// Shapes: h[l] is (rows, width of l), W[l] is (width of l-1, width of l), all padded to multiples
// of four; the padding holds zeros and keeps them, because a(0) = 0.

const LEAK = 0.2;
const START = 0.2; // the last layer begins at a fifth of the usual size: both players start near zero

/** The room that one batch needs on its way through a network. */
class Pass {
  /** @param {MLP} net @param {number} rows a multiple of four @param {boolean} second with room for second order */
  constructor(net, rows, second = false) {
    const each = () => net.widths.map((w) => net.heap.take(rows * w));
    this.rows = rows;
    this.h = each(); // activations; h[0] is the input, the last one the output
    this.d = each(); // dL/dz; d[0] is dL/dinput
    const more = () => (second ? each() : []);
    this.t = more(); this.u = more(); this.e = more(); // tangents of h and of z; dL/du
  }
}

class MLP {
  /**
   * @param {Heap} heap @param {number[]} sizes e.g. [2, 32, 32, 1]
   * @param {"leaky" | "tanh"} activation
   */
  constructor(heap, sizes, activation = "leaky") {
    this.heap = heap;
    this.sizes = sizes;
    this.widths = sizes.map(pad4);
    this.tanh = activation === "tanh";
    this.last = sizes.length - 1;
    this.W = [0]; this.b = [0]; this.T = [0]; // where each layer's weights, bias, transposed weights begin
    let count = 0;
    for (let l = 1; l <= this.last; l++) {
      this.W.push(count); count += this.widths[l - 1] * this.widths[l];
      this.b.push(count); count += this.widths[l];
    }
    this.count = count; // padding included
    this.theta = heap.take(count);
    this.grad = heap.take(count);
    for (let l = 1; l <= this.last; l++) this.T.push(heap.take(this.widths[l - 1] * this.widths[l]));
  }

  /**
   * He's normal initialisation (2015), for the leak.
   * @param {Rng} rng
   */
  initialise(rng) {
    const F = this.heap.F, gain = this.tanh ? 1 : 2 / (1 + LEAK * LEAK);
    F.fill(0, this.theta, this.theta + this.count);
    for (let l = 1; l <= this.last; l++) {
      const scale = l === this.last ? START / Math.sqrt(this.sizes[l - 1]) : Math.sqrt(gain / this.sizes[l - 1]);
      for (let i = 0; i < this.sizes[l - 1]; i++) {
        for (let j = 0; j < this.sizes[l]; j++) F[this.theta + this.W[l] + i * this.widths[l] + j] = scale * rng.normal();
      }
    }
    this.changed();
  }

  /** Call after the weights changed: refreshes the transposed copies that backward reads. */
  changed() {
    const F = this.heap.F;
    for (let l = 1; l <= this.last; l++) {
      const K = this.widths[l - 1], N = this.widths[l], W = this.theta + this.W[l], T = this.T[l];
      for (let i = 0; i < K; i++) for (let j = 0; j < N; j++) F[T + j * K + i] = F[W + i * N + j];
    }
  }

  clearGradient() {
    this.heap.F.fill(0, this.grad, this.grad + this.count);
  }

  /**
   * From p.h[0] to p.h[last].
   * @param {Pass} p
   */
  forward(p) {
    const F = this.heap.F;
    for (let l = 1; l <= this.last; l++) {
      const K = this.widths[l - 1], N = this.widths[l], to = p.h[l], n = p.rows * N;
      // (rows, K) (K, N) + bias -> (rows, N)
      this.heap.gemm(to, N, this.theta + this.b[l], 0, p.h[l - 1], K, 1, this.theta + this.W[l], N, p.rows, N, K);
      if (l === this.last) return;
      if (this.tanh) for (let i = to; i < to + n; i++) F[i] = Math.tanh(F[i]);
      else for (let i = to; i < to + n; i++) { const z = F[i]; F[i] = z > 0 ? z : LEAK * z; }
    }
  }

  /**
   * From p.d[last], which holds dL/doutput, to the gradients (added to what is there) and p.d[0].
   * @param {Pass} p @param {boolean} weights false: only the input's gradient @param {boolean} input
   */
  backward(p, weights = true, input = true) {
    const { F } = this.heap;
    for (let l = this.last; l >= 1; l--) {
      if (weights) this.#addOuter(l, p.h[l - 1], p.d[l], p.rows, true);
      if (l === 1 && !input) return;
      this.#through(l, p.d[l], p.d[l - 1], p.rows);
      if (l === 1) return;
      const to = p.d[l - 1], h = p.h[l - 1], n = p.rows * this.widths[l - 1];
      if (this.tanh) for (let i = 0; i < n; i++) F[to + i] *= 1 - F[h + i] * F[h + i];
      else for (let i = 0; i < n; i++) if (F[h + i] <= 0) F[to + i] *= LEAK;
    }
  }

  /**
   * dP/dW for a penalty P on the slope g = dD/dinput, given v = dP/dg in p.t[0].
   *
   * The trick (Pearlmutter 1994): dP/dW = d(v . g)/dW with v held still, and v . g is the rate at
   * which D changes when the input moves along v. So: push v forward through the network, then
   * backpropagate through both the network and that push. forward(p) must have run.
   * @param {Pass} p made with second = true
   */
  slopeBackward(p) {
    const { F } = this.heap, L = this.last, rows = p.rows;
    for (let l = 1; l <= L; l++) { // u = t[l-1] W, t[l] = a'(z) u
      const K = this.widths[l - 1], N = this.widths[l];
      this.heap.gemm(p.u[l], N, 0, 0, p.t[l - 1], K, 1, this.theta + this.W[l], N, rows, N, K);
      if (l < L) for (let i = 0; i < rows * N; i++) F[p.t[l] + i] = this.#slope(F[p.h[l] + i]) * F[p.u[l] + i];
    }
    const N = this.widths[L];
    F.fill(0, p.d[L], p.d[L] + rows * N);
    F.fill(0, p.e[L], p.e[L] + rows * N);
    for (let i = 0; i < rows; i++) F[p.e[L] + i * N] = 1;
    for (let l = L; l >= 1; l--) {
      this.#addOuter(l, p.h[l - 1], p.d[l], rows, true);
      this.#addOuter(l, p.t[l - 1], p.e[l], rows, false);
      if (l === 1) return;
      this.#through(l, p.d[l], p.d[l - 1], rows);
      this.#through(l, p.e[l], p.e[l - 1], rows);
      for (let i = 0, n = rows * this.widths[l - 1]; i < n; i++) {
        const h = F[p.h[l - 1] + i], a1 = this.#slope(h), a2 = this.tanh ? -2 * h * a1 : 0;
        const e = F[p.e[l - 1] + i];
        F[p.d[l - 1] + i] = a1 * F[p.d[l - 1] + i] + a2 * F[p.u[l - 1] + i] * e;
        F[p.e[l - 1] + i] = a1 * e;
      }
    }
  }

  /**
   * a'(z), told from h = a(z).
   * @param {number} h
   */
  #slope(h) {
    return this.tanh ? 1 - h * h : h > 0 ? 1 : LEAK;
  }

  /**
   * dL/dh[l-1] = dL/dz[l] W[l] transposed: (rows, N) (N, K) -> (rows, K).
   * @param {number} l @param {number} from @param {number} to @param {number} rows
   */
  #through(l, from, to, rows) {
    const K = this.widths[l - 1], N = this.widths[l];
    this.heap.gemm(to, K, 0, 0, from, N, 1, this.T[l], K, rows, K, this.sizes[l]);
  }

  /**
   * Adds h transposed times d to the gradient of W[l], and d's column sums to that of b[l].
   * @param {number} l @param {number} h @param {number} d @param {number} rows @param {boolean} bias
   */
  #addOuter(l, h, d, rows, bias) {
    const F = this.heap.F, K = this.widths[l - 1], N = this.widths[l], g = this.grad + this.W[l];
    this.heap.gemm(g, N, g, N, h, 1, K, d, N, K, N, rows); // (K, rows) (rows, N) -> (K, N)
    if (!bias) return;
    const b = this.grad + this.b[l];
    for (let i = 0, q = d; i < rows; i++, q += N) for (let j = 0; j < N; j++) F[b + j] += F[q + j];
  }
}
