"""How long from moving a slider to the picture? Median in headless Chromium, as JSON.

    python benchmarks/sliders/measure.py [--moves 200] [--out result.json]

Two times: ``work_ms`` is the browser's work from the input event to the picture standing in the
canvas; ``painted_ms`` goes on until the frame that shows it was produced, so it holds the wait
for the screen's next beat, up to 16.7 ms at 60 Hz, of which no program can be rid.
``difference`` is the largest one between the page's pictures of 100 random vectors and Keras's,
which go from -1 to 1.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
from pathlib import Path

import numpy as np

from gan_lessons import doctor, latent, page, pretrained

NAME = "frogs"
RUN = """vectors => { const network = [...GanLessons.engine.ready.values()][0];
  return vectors.map(z => Array.from(network.run(z))); }"""

MOVE = """async (moves) => {
  const slider = document.querySelector(".gl-directions input"), work = [], painted = [];
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0); // comes in after the frame was laid out and painted
  }));
  for (let i = 0; i < moves; i++) {
    await new Promise((done) => setTimeout(done, 5 + 17 * Math.random()));
    slider.value = 3 * Math.sin(i / 5);
    const from = performance.now();
    slider.dispatchEvent(new Event("input"));
    work.push(performance.now() - from);
    await frame();
    painted.push(performance.now() - from);
  }
  return { work, painted, bare: await (async () => {
    const out = [];
    for (let i = 0; i < moves; i++) {
      await new Promise((done) => setTimeout(done, 5 + 17 * Math.random()));
      const from = performance.now();
      await frame();
      out.push(performance.now() - from);
    }
    return out;
  })(), kernels: [...GanLessons.engine.ready.values()].map((n) => n.kernels) };
}"""


def main() -> None:
    """Measure both pages with both kernels and print JSON."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    pair = pretrained.load(NAME)
    fragments = {
        "generator": page.latent_sliders(pair.generator),
        "with discriminator": page.latent_sliders(pair.generator, pair.discriminator),
    }
    z = latent.vectors(100, pair.generator.input_shape[1], seed=5)
    keras = latent.generate(pair.generator, z).reshape(100, -1)
    results = []
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, fragment in fragments.items():
            path = fragment.save(Path(folder) / "page.html", "Benchmark")
            for forced in ("wasm", "plain"):
                tab = browser.new_page()
                if forced == "plain":
                    tab.add_init_script("delete globalThis.WebAssembly")
                tab.goto(path.as_uri())
                tab.wait_for_timeout(500)
                times = tab.evaluate(MOVE, options.moves)
                difference = np.abs(np.array(tab.evaluate(RUN, z.tolist())) - keras).max()
                assert set(times["kernels"]) == {forced}
                results.append(
                    {
                        "page": name,
                        "kernels": forced,
                        "bytes": len(fragment.body.encode()),
                        "work_ms": round(statistics.median(times["work"]), 2),
                        "work_p95_ms": round(statistics.quantiles(times["work"], n=20)[-1], 2),
                        "painted_ms": round(statistics.median(times["painted"]), 2),
                        "empty_frame_ms": round(statistics.median(times["bare"]), 2),
                        "difference": float(f"{difference:.2g}"),
                    }
                )
                tab.close()
        version = browser.version
        browser.close()
    report = {
        "what": f"slider move to picture, the shipped {NAME}: latent 64, 32 x 32 pixels",
        "moves": options.moves,
        "chromium": version,
        "machine": f"{os.cpu_count()} cores, {doctor.processor()}, {platform.system()}",
        "load": round(os.getloadavg()[0], 1),
        "results": results,
    }
    text = json.dumps(report, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
