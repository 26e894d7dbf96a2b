// Numbers as the pages write them: node --test tests/js/text.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const web = new URL("../../gan_lessons/web/", import.meta.url);
const take = (file, names) => new Function(`${readFileSync(new URL(file, web), "utf8")}; return { ${names} };`)();

test("the axis of a chart has room for every loss", () => {
  const { short } = take("playground/chart.js", "short");
  for (const v of [0, -0.35, 1.234, 12.3, 99999, -9999, 123456, -123456, 1.5e9, -2e20, 3e38]) {
    assert.ok(short(v).length <= 7, short(v));
    assert.ok(Math.abs(Number(short(v)) - v) <= 0.05 * Math.abs(v), `${v} as ${short(v)}`);
  }
});
