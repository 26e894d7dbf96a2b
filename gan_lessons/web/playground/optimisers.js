// How a gradient becomes a step. Each optimiser owns its memory and allocates nothing later.

/** Plain gradient descent: theta -= rate * gradient. */
class SGD {
  /** @param {MLP} net @param {number} rate */
  constructor(net, rate) {
    this.net = net;
    this.rate = rate;
    this.state = new Float64Array(0);
    this.t = 0;
  }

  step() {
    const { heap: { F }, theta, grad, count } = this.net;
    for (let i = 0; i < count; i++) F[theta + i] -= this.rate * F[grad + i];
    this.net.changed();
  }
}

/** Kingma and Ba, "Adam" (2015), algorithm 1, with the corrections moved into the rate. */
class Adam {
  /** @param {MLP} net @param {number} rate @param {number} beta1 0.5: at 0.9 both players overshoot */
  constructor(net, rate, beta1 = 0.5, beta2 = 0.999) {
    this.net = net;
    this.rate = rate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.t = 0;
    this.state = new Float32Array(2 * net.count); // running means of the gradient and of its square
  }

  step() {
    const { heap: { F }, theta, grad, count } = this.net, { state, beta1, beta2 } = this;
    this.t++;
    const right = Math.sqrt(1 - beta2 ** this.t);
    const rate = (this.rate * right) / (1 - beta1 ** this.t), epsilon = 1e-8 * right;
    for (let i = 0; i < count; i++) {
      const g = F[grad + i];
      const m = (state[i] = beta1 * state[i] + (1 - beta1) * g);
      const s = (state[count + i] = beta2 * state[count + i] + (1 - beta2) * g * g);
      F[theta + i] -= (rate * m) / (Math.sqrt(s) + epsilon);
    }
    this.net.changed();
  }
}
