// node run_engine.js WEB JOB: runs the exported model of JOB on its inputs, prints JSON.
const fs = require("node:fs"), path = require("node:path"), vm = require("node:vm");
const [web, job] = process.argv.slice(2);
globalThis.atob = (text) => Buffer.from(text, "base64").toString("latin1");
const read = (name) => fs.readFileSync(path.join(web, "engine", name));
for (const name of ["half.js", "kernels.js", "engine.js"]) vm.runInThisContext(read(name).toString());
GanLessons.gemm = read("gemm.wasm").toString("base64");
const { model, inputs, repeat = 0 } = JSON.parse(fs.readFileSync(job, "utf8"));
const answer = {};
for (const wanted of ["wasm", "plain"]) {
  const network = GanLessons.engine.build(model, wanted);
  answer[wanted] = { used: network.kernels, shape: network.outputShape, outputs: inputs.map((v) => Array.from(network.run(v))) };
  const times = [];
  for (let i = 0; i < repeat; i++) {
    const from = performance.now();
    network.run(inputs[i % inputs.length]);
    times.push(performance.now() - from);
  }
  answer[wanted].median = times.sort((a, b) => a - b)[times.length >> 1];
}
process.stdout.write(JSON.stringify(answer));
