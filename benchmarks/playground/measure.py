"""How fast is the playground, and does the page stay free? In headless Chromium, as JSON.

    python benchmarks/playground/measure.py [--bursts 20] [--out result.json]

``steps_per_second``: two hidden layers of 32 in both players, batch 128, Adam, no penalty, in
bursts of about a fifth of a second; the best burst is what the machine can do, the median what it
did beside everything else that was running (``load``: processes that wanted a core).
``longest_task_ms``: the longest task of the main thread while two runs train as fast as they can
with every view on, in ms of its own processor time and on the clock on the wall.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
from pathlib import Path

from gan_lessons import doctor, page

EVERY_VIEW = "#play=seed:1~seed:1~show:real.fake.landscape.optimum.warp.arrows"
BENCH = "([n, kind]) => document.querySelector('.ganp').ganp.bench(n, kind)"


def rates(tab, bursts):
    """Steps a second with SIMD and without."""
    found = {}
    for kind, steps in (("simd", 300), ("plain", 40)):
        each = [tab.evaluate(BENCH, [steps, kind])["rate"] for _ in range(bursts)]
        found[kind] = {"best": round(max(each)), "median": round(statistics.median(each))}
    return found


def longest_task(browser, tab, seconds=5):
    """The main thread's longest task while everything moves."""
    tab.get_by_label("Steps a second").select_option("1000000")
    tab.wait_for_timeout(500)
    browser.start_tracing(page=tab, categories=["toplevel", "__metadata"])
    tab.locator(".ganp-main").click()
    tab.wait_for_timeout(1000 * seconds)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    main = {
        (e["pid"], e["tid"])
        for e in events
        if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        e
        for e in events
        if e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in main and "tdur" in e
    ]
    return {
        "tasks": len(tasks),
        "processor": round(max(e["tdur"] for e in tasks) / 1000, 1),
        "wall": round(max(e.get("dur", 0) for e in tasks) / 1000, 1),
        "steps": int(tab.get_attribute(".ganp", "data-step")),
    }


def main() -> None:
    """Measure in a fresh browser."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("--bursts", type=int, default=20)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        path = page.playground().save(Path(folder) / "playground.html")
        browser = p.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.goto(path.as_uri())
        tab.wait_for_selector(".ganp[data-step]")
        speed = rates(tab, options.bursts)
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.goto(path.as_uri() + EVERY_VIEW)
        tab.wait_for_function("document.querySelectorAll('.ganp-plane').length === 2")
        task = longest_task(browser, tab)
        report = {
            "what": "two hidden layers of 32, batch 128, Adam, non-saturating",
            "steps_per_second": speed,
            "longest_task_ms": task,
            "bytes": path.stat().st_size,
            "chromium": browser.version,
            "machine": f"{os.cpu_count()} cores, {doctor.processor()}, {platform.system()}",
            "load": round(os.getloadavg()[0], 1),
        }
        browser.close()
    text = json.dumps(report, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
