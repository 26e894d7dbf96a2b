// The playground's mathematics: node --test tests/js/playground.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const P = load();
const small = { ...P.DEFAULTS, batch: 8, widthD: 7, widthG: 6, layersD: 3, r1: 0 };

/** Real weights only: padding is no parameter. */
function* parameters(net) {
  for (let l = 1; l <= net.last; l++) {
    for (let j = 0; j < net.sizes[l]; j++) {
      yield net.b[l] + j;
      for (let i = 0; i < net.sizes[l - 1]; i++) yield net.W[l] + i * net.widths[l] + j;
    }
  }
}

function compare(gan, net, run, read) {
  const F = gan.heap.F;
  run();
  const grad = F.slice(net.grad, net.grad + net.count);
  let worst = 0, scale = 0, seen = 0;
  for (const i of parameters(net)) {
    const at = net.theta + i, keep = F[at], h = 1e-6;
    F[at] = keep + h; net.changed(); run(); const up = read();
    F[at] = keep - h; net.changed(); run(); const down = read();
    F[at] = keep; net.changed();
    worst = Math.max(worst, Math.abs((up - down) / (2 * h) - grad[i]));
    scale = Math.max(scale, Math.abs(grad[i])); seen++;
  }
  assert.ok(seen > 50 && scale > 1e-4, `nothing to compare: ${seen}, ${scale}`);
  assert.ok(worst < 1e-6 * Math.max(1, scale), `${worst} of ${scale}`);
}

for (const activation of ["leaky", "tanh"]) for (const loss of Object.keys(P.LOSSES)) for (const penalty of [{}, { gp: 10 }, { r1: 2 }]) {
  test(`gradients: ${loss} ${activation} ${JSON.stringify(penalty)}`, () => {
    const gan = new P.GAN({ ...small, loss, activation, ...penalty }, "double");
    gan.drawReal();
    const F = gan.heap.F, noise = gan.noiseRng.state.slice(), mix = gan.mixRng.state.slice();
    gan.forge();
    compare(gan, gan.D, () => { gan.mixRng.state.set(mix); gan.judgeBoth(); }, () => gan.lossD);
    compare(gan, gan.G, () => { gan.noiseRng.state.set(noise); gan.forge(); gan.askD(); }, () => gan.lossG);
    for (const net of [gan.G, gan.D]) { // padding stays zero
      const real = new Set(parameters(net));
      for (let i = 0; i < net.count; i++) if (!real.has(i)) assert.equal(F[net.theta + i], 0);
    }
  });
}

test("the arrows are minus the gradient of the generator's loss at each forgery", () => {
  const gan = new P.GAN(small, "double"), views = new P.Views(gan), F = gan.heap.F;
  const fakes = views.fakes(), arrows = views.arrows(), D = gan.D, pass = new P.Pass(D, 4);
  const value = (x, y) => { F[pass.h[0]] = x; F[pass.h[0] + 1] = y; D.forward(pass); return gan.loss.generator.value(F[pass.h[D.last]]); };
  for (let i = 0; i < 20; i++) {
    const [x, y] = [fakes[2 * i], fakes[2 * i + 1]], h = 1e-6;
    assert.ok(Math.abs((value(x - h, y) - value(x + h, y)) / (2 * h) - arrows[2 * i]) < 1e-5);
    assert.ok(Math.abs((value(x, y - h) - value(x, y + h)) / (2 * h) - arrows[2 * i + 1]) < 1e-5);
  }
});

test("SIMD, plain and double kernels agree", () => {
  const losses = ["simd", "plain", "double"].map((kind) => {
    const gan = new P.GAN({ ...P.DEFAULTS, gp: 1 }, kind);
    for (let i = 0; i < 20; i++) gan.trainStep();
    assert.equal(gan.heap.kind, kind);
    return [gan.lossD, gan.lossG];
  });
  for (const other of losses.slice(1)) other.forEach((x, i) => assert.ok(Math.abs(x - losses[0][i]) < 1e-3));
});

test("one seed, one run: bit for bit, and also from a snapshot", () => {
  const run = (n, gan = new P.GAN(P.DEFAULTS)) => { for (let i = 0; i < n; i++) gan.trainStep(); return gan; };
  const [a, b] = [run(60), run(40)], saved = b.save();
  run(9, b); b.restore(saved); run(20, b);
  assert.deepEqual(a.save(), b.save());
  assert.notDeepEqual(run(60, new P.GAN({ ...P.DEFAULTS, seed: 8 })).save().G, a.save().G);
});

test("watching does not change the run", () => {
  const gan = new P.GAN(P.DEFAULTS), other = new P.GAN(P.DEFAULTS), meter = new P.Meter(gan), views = new P.Views(gan);
  for (let i = 0; i < 10; i++) { gan.trainStep(); other.trainStep(); meter.measure(); views.fakes(); views.arrows(); views.landscape(); views.warp(); }
  assert.deepEqual(gan.save(), other.save());
});

test("step of D leaves G alone, and the other way round", () => {
  const gan = new P.GAN(P.DEFAULTS), before = gan.save();
  gan.stepD();
  const middle = gan.save();
  assert.deepEqual(middle.G, before.G); assert.notDeepEqual(middle.D, before.D);
  gan.stepG();
  const after = gan.save();
  assert.deepEqual(after.D, middle.D); assert.notDeepEqual(after.G, middle.G);
});

test("a ring is learnt in 6,000 steps", () => {
  const gan = new P.GAN(P.DEFAULTS), meter = new P.Meter(gan), start = meter.measure();
  for (let i = 0; i < 6000; i++) gan.trainStep();
  const end = meter.measure();
  assert.ok(end.modes >= 7, JSON.stringify(end));
  assert.ok(end.distance < start.distance / 4 && end.floor > 0 && end.floor < end.distance * 2, JSON.stringify([start, end]));
});

test("a rate too large breaks and is noticed", () => {
  const gan = new P.GAN({ ...P.DEFAULTS, optimiser: "sgd", loss: "least_squares", lrD: 10, lrG: 10 });
  for (let i = 0; i < 300 && !gan.broken; i++) gan.trainStep();
  assert.ok(gan.broken);
});

test("every data set: finite, within the picture, density sums to one", () => {
  for (const name of ["ring", "grid", "line", "moons", "blobs", "drawing"]) {
    const c = P.cloud(name, [[0.2, 0.3], [0.5, 0.1]]);
    let sum = 0;
    for (let x = -2; x < 2; x += 0.02) for (let y = -2; y < 2; y += 0.02) sum += P.density(c.centres.flat(), c.sigma, x, y) * 0.0004;
    assert.ok(Math.abs(sum - 1) < 0.01, `${name} ${sum}`);
    assert.ok(c.modes.length >= 1);
  }
});
