// The playground's files are plain scripts, joined in the page; the tests join them the same way.
import { readFileSync } from "node:fs";

const folder = new URL("../../gan_lessons/web/playground/", import.meta.url);
export const CORE = ["rng", "kernel", "mlp", "optimisers", "losses", "data", "gan", "metrics", "views"];

export function load(names = CORE) {
  const source = names.map((n) => readFileSync(new URL(`${n}.js`, folder), "utf8")).join("\n");
  return new Function(`"use strict";${source}
    return { Rng, Heap, Pass, MLP, SGD, Adam, LOSSES, GAN, DEFAULTS, cloud, density, assembleGemm, pad4,
      Meter: typeof Meter === "undefined" ? null : Meter, Views: typeof Views === "undefined" ? null : Views, PRESETS: typeof PRESETS === "undefined" ? null : PRESETS,
      ALLOWED: typeof ALLOWED === "undefined" ? null : ALLOWED };`)();
}
