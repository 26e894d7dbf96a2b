// Links: what is shared comes back, and nothing else is believed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CORE } from "./load.mjs";

const read = (n) => readFileSync(new URL(`../../gan_lessons/web/playground/${n}.js`, import.meta.url), "utf8");
const { toText, fromText, toLink, fromLink, DEFAULTS, PRESETS, ALLOWED } = new Function([...CORE, "share", "presets"].map(read).join("\n") + "; return { toText, fromText, toLink, fromLink, DEFAULTS, PRESETS, ALLOWED }")();

test("round trip", () => {
  const s = { ...DEFAULTS, seed: 12, data: "moons", loss: "hinge", lrD: 0.0005, gp: 10, batch: 256 };
  assert.deepEqual(fromText(toText(s)), s);
  const drawn = { ...DEFAULTS, data: "drawing", drawing: [[0.1, -0.2], [-1.45, 1.45]] };
  fromText(toText(drawn)).drawing.flat().forEach((v, i) => assert.ok(Math.abs(v - drawn.drawing.flat()[i]) < 0.01));
});

test("every preset and default is a setting that the controls offer", () => {
  for (const { settings } of [...Object.values(PRESETS), { settings: {} }]) {
    const s = { ...DEFAULTS, ...settings };
    for (const key of Object.keys(ALLOWED)) assert.ok(ALLOWED[key].includes(s[key]), `${key} ${s[key]}`);
  }
});

test("broken links are refused", () => {
  for (const bad of ["seed:x", "lrD:99", "loss:__proto__", "constructor:1", "data", "drawing:zz", "nonsense", "seed:-1", "batch:1e9"]) assert.throws(() => fromText(bad), new RegExp("“"), bad);
});

test("both runs and the views come back", () => {
  const show = { real: true, fake: false, landscape: true, optimum: false, warp: true, arrows: false };
  const runs = [{ ...DEFAULTS, loss: "hinge" }, { ...DEFAULTS, lrD: 0.01 }];
  assert.deepEqual(fromLink(toLink(runs, show)), { runs, show });
  assert.equal(toLink([DEFAULTS], { real: true, fake: true, landscape: true }), "");
  assert.deepEqual(fromLink("").runs, [DEFAULTS]);
  for (const bad of ["~~", "show:real", "show:nothing~", "~show:real~show:fake", "seed:x~", "~lrD:99"]) assert.throws(() => fromLink(bad), new RegExp("“"), bad);
});
