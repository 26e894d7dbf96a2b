"""Ten thousand hostile inputs: how many of each kind, what became of them, and what it took.

    python benchmarks/fuzz/measure.py [--cases 10000] [--seed 7] [--out result.json]

It plays ``tests/test_fuzz.py`` in a process of its own and counts. ``most_mib`` is how far a case
of a kind took the process above what it had before (Linux alone says so). ``failed`` names the
tests that failed; each fault that was mended stands in the test as an ``@example``.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gan_lessons import doctor

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Play the cases and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tally = Path(folder) / "tally.json"
        asked = {
            "GAN_LESSONS_FUZZ": str(options.cases),
            "GAN_LESSONS_FUZZ_SEED": str(options.seed),
            "GAN_LESSONS_FUZZ_OUT": str(tally),
        }
        played = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "tests/test_fuzz.py"],
            cwd=ROOT, env=os.environ | asked, capture_output=True, text=True,
        )  # fmt: skip
        if not tally.exists():
            sys.exit(played.stdout + played.stderr)
        counted = json.loads(tally.read_text("utf-8"))
    failed = re.findall(r"^FAILED \S+::(\w+)", played.stdout, re.M)
    if failed:
        print(played.stdout[-20_000:], file=sys.stderr)
    report = {
        "what": "hostile inputs, each refused with one sentence or used; anything else fails",
        "seed": options.seed,
        "cases": counted["cases"],
        "outcomes": counted["outcomes"],
        "most_mib": counted["most_mib"],
        "failed": failed,
        "seconds": round(time.perf_counter() - start),
        "machine": f"{os.cpu_count()} cores, {doctor.processor()}, {platform.system()}",
    }
    text = json.dumps(report, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
