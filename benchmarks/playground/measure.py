"""Training steps a second of the playground in headless Chromium; prints one JSON object.

python benchmarks/playground/measure.py [steps]
"""

import json
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from gan_lessons import page


def main(steps: int = 5000) -> None:
    """Measure in a fresh browser."""
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        path = page.playground().save(Path(folder) / "playground.html")
        browser = p.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(path.as_uri())
        tab.wait_for_selector(".ganp[data-step]")
        bench = "([n, kind]) => document.querySelector('.ganp').ganp.bench(n, kind)"
        rates = {
            kind: max(tab.evaluate(bench, [n, kind])["rate"] for _ in range(3))
            for kind, n in (("simd", steps), ("plain", steps // 8))
        }
        result = {
            "what": "two hidden layers of 32, batch 128, Adam, non-saturating; best of three",
            "steps_per_second": {kind: round(rate) for kind, rate in rates.items()},
            "ratio": round(rates["simd"] / rates["plain"], 2),
            "browser": browser.version,
            "machine": f"{os.cpu_count()} x {platform.machine()}",
            "load": round(os.getloadavg()[0], 2),
        }
        browser.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
