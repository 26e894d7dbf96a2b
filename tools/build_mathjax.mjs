// Bundle vendor/mathjax/tex-svg-small.js: MathJax with the TeX that the course needs, drawing SVG.
// It runs in Node.js, where gan_lessons/equations.py draws with it while the book is built, and in a
// browser, which the pages fall back on when they were built without Node.js.
// SVG and no web fonts: a browser may refuse a font that a page asks for from file://.
//   npm install --prefix /tmp/mathjax mathjax-full@3.2.2 esbuild@0.28.2
//   NODE_PATH=/tmp/mathjax/node_modules node tools/build_mathjax.mjs
// It prints the SHA-256 that vendor/manifest.json names.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const esbuild = require("esbuild");
const root = dirname(require.resolve("mathjax-full/package.json"));
const from = (path) => JSON.stringify(join(root, path));
const out = fileURLToPath(new URL("../vendor/mathjax/tex-svg-small.js", import.meta.url));

const EXTENSIONS = ["ams", "boldsymbol", "configmacros", "newcommand", "noundefined"];
// alphabets that no page of the course writes; tests/browser finds a letter that cannot be drawn
const UNUSED = [
  "fraktur", "fraktur-bold", "monospace", "sans-serif", "sans-serif-bold", "sans-serif-bold-italic",
  "sans-serif-italic", "script", "script-bold", "tex-calligraphic-bold", "tex-oldstyle",
  "tex-oldstyle-bold",
];
const UNUSED_FONTS = ["FR", "FRB", "SC", "SS", "SSB", "SSI", "T"]; // the same, in `normal`

// require, not import: the parts must run in this order
const parts = [
  "core/core.js", "input/tex-base/lib/tex-base.js",
  ...EXTENSIONS.map((name) => `input/tex/extensions/${name}/${name}.js`),
];
const last = [
  "output/svg/svg.js", "output/svg/fonts/tex/tex.js", "a11y/assistive-mml/assistive-mml.js",
  "startup/startup.js",
];
const run = (names) => names.map((name) => `require(${from(`components/src/${name}`)});`).join("\n");
const entry = `
require(${from("components/src/startup/init.js")});
require(${from("js/components/loader.js")}).Loader.preLoad(
  "loader", "startup", "core", "input/tex-base", ${EXTENSIONS.map((name) => `"[tex]/${name}"`)},
  "output/svg", "output/svg/fonts/tex.js", "a11y/assistive-mml");
${run(parts)}
require(${from("components/src/input/tex/register.js")}).registerTeX(
  ["base", ${EXTENSIONS.map((name) => `"${name}"`)}]);
if (typeof document === "undefined") { require(${from("components/src/adaptors/liteDOM/liteDOM.js")}); }
${run(last)}
`;

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const lighter = {
  name: "lighter",
  setup(build) {
    const folder = "[\\\\/]output[\\\\/](svg|common)[\\\\/]fonts[\\\\/]tex[\\\\/]";
    build.onLoad({ filter: new RegExp(`${folder}(${UNUSED.join("|")})\\.js$`) }, ({ path }) => {
      const name = /([\w-]+)\.js$/.exec(path)[1];
      return { contents: `exports.${camel(name)} = {};` };
    });
    const fonts = require("mathjax-full/js/output/chtml/fonts/tex/normal.js").normal;
    build.onLoad({ filter: /svg[\\/]fonts[\\/]tex[\\/]normal\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/^ +(0x[0-9A-F]+): '[^']*',?\n/gm, (line, code) =>
        UNUSED_FONTS.includes(fonts[Number(code)]?.[3]?.f) ? "" : line),
    }));
  },
};

const built = await esbuild.build({
  stdin: { contents: entry, resolveDir: root }, bundle: true, minify: true, format: "iife",
  target: "es2019", define: { global: "globalThis", __dirname: '""' }, legalComments: "none", plugins: [lighter], write: false,
});
const note = "/* MathJax 3.2.2, (c) The MathJax Consortium, Apache-2.0; "
  + "a selection made by tools/build_mathjax.mjs */\n";
const bytes = Buffer.concat([Buffer.from(note), built.outputFiles[0].contents]);
writeFileSync(out, bytes);
console.log(bytes.length, createHash("sha256").update(bytes).digest("hex"));
