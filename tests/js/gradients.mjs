// Loss and gradients of both players for weights and a batch given as JSON, in 64 bits.
import { readFileSync } from "node:fs";
import { load } from "./load.mjs";

const P = load(), given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const sizes = (net) => net.map(([w]) => w.length);
const gan = new P.GAN({ ...P.DEFAULTS, ...given.settings }, "double"), F = gan.heap.F;
gan.G = new P.MLP(gan.heap, [...sizes(given.G), 2], given.settings.activation);
gan.D = new P.MLP(gan.heap, [...sizes(given.D), 1], given.settings.activation);
gan.forger = new P.Pass(gan.G, 16);
gan.judge = new P.Pass(gan.D, 16, true);
for (const name of ["G", "D"]) {
  const net = gan[name];
  given[name].forEach(([w, b], i) => {
    w.forEach((row, r) => F.set(row, net.theta + net.W[i + 1] + r * net.widths[i + 1]));
    F.set(b, net.theta + net.b[i + 1]);
  });
  net.changed();
}
given.real.forEach((p, i) => F.set(p, gan.real + 4 * i));
given.noise.forEach((z, i) => F.set(z, gan.forger.h[0] + gan.G.widths[0] * i));
let next = 0;
gan.mixRng.uniform = () => given.u[next++];
gan.G.forward(gan.forger);
const read = (net) => net.sizes.slice(1).map((n, i) => [
  Array.from({ length: net.sizes[i] }, (_, r) => [...F.slice(net.grad + net.W[i + 1] + r * net.widths[i + 1]).slice(0, n)]),
  [...F.slice(net.grad + net.b[i + 1]).slice(0, n)]]);
gan.judgeBoth();
const D = read(gan.D);
gan.askD();
console.log(JSON.stringify({ lossD: gan.lossD, lossG: gan.lossG, D, G: read(gan.G) }));
