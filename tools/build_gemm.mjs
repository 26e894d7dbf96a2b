// Assemble gan_lessons/web/engine/gemm.wat to gemm.wasm beside it. Needs wabt:
//   npm install --prefix /tmp/wabt wabt@1.0.39 && NODE_PATH=/tmp/wabt/node_modules node tools/build_gemm.mjs
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const wabt = await createRequire(import.meta.url)("wabt")();
const folder = new URL("../gan_lessons/web/engine/", import.meta.url);
const source = readFileSync(new URL("gemm.wat", folder), "utf8");
const module = wabt.parseWat("gemm.wat", source, { simd: true });
writeFileSync(new URL("gemm.wasm", folder), module.toBinary({}).buffer);
