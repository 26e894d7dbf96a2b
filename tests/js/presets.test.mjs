// Every preset does what it says, and not for one lucky seed only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, CORE } from "./load.mjs";

const P = load([...CORE, "presets"]);
const SEEDS = [7, 1, 2];

/** Train, and look every `every` steps. */
function* watch(settings, steps, every) {
  const gan = new P.GAN({ ...P.DEFAULTS, ...settings }), meter = new P.Meter(gan), views = new P.Views(gan);
  for (let i = 1; i <= steps; i++) {
    gan.trainStep();
    assert.ok(!gan.broken);
    if (i % every) continue;
    const fakes = views.fakes(), arrows = views.arrows(), pairs = (list) => Array.from({ length: list.length / 2 }, (_, j) => [list[2 * j], list[2 * j + 1]]);
    yield { ...meter.measure(), points: pairs(fakes), arrows: pairs(arrows) };
  }
}
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const length = (arrows) => mean(arrows.map(([x, y]) => Math.hypot(x, y)));

for (const seed of SEEDS) {
  test(`it learns: nearly all clouds are found and kept, seed ${seed}`, () => {
    const seen = [...watch({ ...P.PRESETS.learns.settings, seed }, 2000, 250)].slice(3);
    assert.ok(Math.min(...seen.map((s) => s.modes)) >= 7, seen.map((s) => s.modes));
  });

  test(`it collapses: few clouds at a time, and others later, seed ${seed}`, () => {
    const seen = [...watch({ ...P.PRESETS.collapse.settings, seed }, 2000, 50)].slice(6), places = new Set();
    assert.ok(mean(seen.map((s) => s.modes)) < 3, mean(seen.map((s) => s.modes)));
    for (const { points } of seen) {
      const x = mean(points.map((p) => p[0])), y = mean(points.map((p) => p[1]));
      if (Math.hypot(x, y) > 0.4) places.add(Math.round(Math.atan2(y, x) / (Math.PI / 4)) & 7);
    }
    assert.ok(places.size >= 4, [...places]);
  });

  test(`it oscillates: all forgeries change sides again and again, seed ${seed}`, () => {
    let side = 0, turns = 0;
    for (const { points } of watch({ ...P.PRESETS.oscillate.settings, seed }, 1500, 20)) {
      const share = mean(points.map(([x, y]) => (0.83 * x + 0.55 * y > 0 ? 1 : 0))), now = share > 0.9 ? 1 : share < 0.1 ? -1 : 0;
      if (now && now !== side) { turns++; side = now; }
    }
    assert.ok(turns >= 10, turns);
  });

  test(`it vanishes, and the loss alone brings it back, seed ${seed}`, () => {
    const settings = { ...P.PRESETS.vanish.settings, seed };
    const stuck = [...watch(settings, 600, 200)], free = [...watch({ ...settings, loss: "non_saturating" }, 900, 300)];
    assert.ok(length(stuck[0].arrows) < 0.02 && length(stuck[2].arrows) < 1e-3, length(stuck[2].arrows));
    assert.ok(stuck[2].modes === 0 && stuck[0].distance - stuck[2].distance < 0.05);
    assert.ok(length(free[0].arrows) > 1, length(free[0].arrows));
    assert.ok(free[2].modes >= 4 && free[2].distance < stuck[2].distance / 2, JSON.stringify([free[2].modes, free[2].distance]));
  });
}

test("Wasserstein with its penalty finds the clouds as well", () => {
  const seen = [...watch({ ...P.PRESETS.wasserstein.settings, seed: 1 }, 1500, 500)];
  assert.ok(seen[2].modes >= 7, seen[2].modes);
});

// What chapter 1 says of the cures, and of what the losses do not show.
for (const seed of [7, 1]) {
  test(`a collapsed game has the losses of a good one, and one change cures it, seed ${seed}`, () => {
    const collapse = { ...P.PRESETS.collapse.settings, seed }, gan = new P.GAN({ ...P.DEFAULTS, ...collapse }), losses = [[], []];
    for (let i = 0; i < 1000; i++) { gan.trainStep(); losses[0].push(gan.lossD); losses[1].push(gan.lossG); }
    assert.ok(losses[0].every((l) => Math.abs(l - 2 * Math.log(2)) < 0.15), [Math.min(...losses[0]), Math.max(...losses[0])]);
    assert.ok(losses[1].every((l) => Math.abs(l - Math.log(2)) < 0.15), [Math.min(...losses[1]), Math.max(...losses[1])]);
    for (const cure of [{ lrG: 0.0005 }, { dSteps: 5 }]) {
      const seen = [...watch({ ...collapse, ...cure }, 2000, 500)];
      assert.ok(Math.max(...seen.slice(1).map((s) => s.modes)) >= 7, JSON.stringify([cure, seen.map((s) => s.modes)]));
    }
  });

  test(`a slower generator, or R1, ends the swinging, seed ${seed}`, () => {
    for (const cure of [{ lrG: 0.0005 }, { r1: 1 }]) {
      const seen = [...watch({ ...P.PRESETS.oscillate.settings, seed, ...cure }, 2500, 100)].slice(12);
      assert.ok(mean(seen.map((s) => s.modes)) > 1.6, JSON.stringify([cure, seen.map((s) => s.modes)]));
    }
  });

  test(`the discriminator alone: the arrows grow and the forgeries stay, seed ${seed}`, () => {
    const gan = new P.GAN({ ...P.DEFAULTS, seed }), views = new P.Views(gan), before = views.fakes(), norm = () => {
      const a = views.arrows();
      return length(Array.from({ length: a.length / 2 }, (_, i) => [a[2 * i], a[2 * i + 1]]));
    };
    const start = norm();
    for (let i = 0; i < 40; i++) gan.stepD();
    assert.deepEqual(views.fakes(), before);
    assert.ok(norm() > 2 * start);
  });
}
