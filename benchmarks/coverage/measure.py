"""Which lines of the package the tests reach, in pieces.

    python benchmarks/coverage/measure.py [tests ...] [--seconds 170] [--new]

The same as ``pytest --cov=gan_lessons``, stopped after some seconds; a later call goes on with the
tests that have not passed yet, and ``--new`` begins again. Left out is what starts the package in
processes of its own, where nothing is counted: the notebooks, the built book, the environments.
What was reached is kept in ``build/coverage``; ``result.json`` is written at the end of each piece.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import time
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).parents[2]
RESULT = Path(__file__).parent / "result.json"
KEPT = ROOT / "build" / "coverage"
ELSEWHERE = {
    "bundle", "colab", "deploy", "environments", "faults", "nbgrader", "notebooks", "supply",
    "twice", "vendor",
}  # fmt: skip
ENOUGH = 95  # per cent of a module's lines


class Piece:
    """Leaves out the tests that have passed before, and stops when the time is up."""

    def __init__(self, known: set[str], seconds: float) -> None:
        self.known, self.end = known, time.monotonic() + seconds
        self.ended, self.failed = set(), set()
        self.left = 0

    def pytest_collection_modifyitems(self, items):
        """Leave out what is known, and what plays chapters."""
        items[:] = [
            item
            for item in items
            if item.nodeid not in self.known and not {"play", "html"} & set(item.fixturenames)
        ]
        self.left = len(items)

    def pytest_runtest_logreport(self, report):
        """Note how a test ended."""
        if report.failed:
            self.failed.add(report.nodeid)
        if report.when == "teardown":
            self.ended.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):
        """Play a test, and look at the clock."""
        done = yield
        if time.monotonic() > self.end:
            item.session.shouldstop = "time is up"
        return done


def reached() -> dict:
    """What the kept figures say, whole and for each module with too little."""
    kept = coverage.Coverage(data_file=str(KEPT / ".coverage"))
    kept.load()
    text = KEPT / "coverage.json"
    kept.json_report(include="gan_lessons/*", outfile=str(text), ignore_errors=True)
    found = json.loads(text.read_text("utf-8"))
    below = {
        name.removeprefix("gan_lessons/"): {
            "lines": module["summary"]["num_statements"],
            "reached": module["summary"]["covered_lines"],
            "missing": module["missing_lines"],
        }
        for name, module in sorted(found["files"].items())
        if module["summary"]["percent_covered"] < ENOUGH
    }
    total = found["totals"]
    return {"lines": total["num_statements"], "reached": total["covered_lines"], "below": below}


def main() -> None:
    """Play a piece and write down what is reached so far."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tests", nargs="*", help="test files; every one without this")
    parser.add_argument("--seconds", type=float, default=170)
    parser.add_argument("--new", action="store_true", help="begin again")
    options = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    os.chdir(ROOT)
    if options.new:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    played = KEPT / "played.json"
    known = set(json.loads(played.read_text("utf-8"))) if played.exists() else set()
    every = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").glob("test_*.py"))
        if path.stem.removeprefix("test_") not in ELSEWHERE
    ]
    piece = Piece(known, options.seconds)
    watched = coverage.Coverage(data_file=str(KEPT / ".coverage"), source=["gan_lessons"])
    watched.load()
    watched.start()
    pytest.main(
        [*(options.tests or every), "-q", "-p", "no:cacheprovider", "--durations=8",
         "--continue-on-collection-errors"],
        plugins=[piece],
    )  # fmt: skip
    watched.stop()
    watched.save()
    known |= piece.ended - piece.failed
    played.write_text(json.dumps(sorted(known)), "utf-8")
    sys.stdout.flush()
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "command": "pytest --cov=gan_lessons",
        "tests": len(known),
        "left": piece.left - len(piece.ended - piece.failed),
        "failed": sorted(piece.failed),
        "enough": ENOUGH,
        "left_out": sorted(f"tests/test_{name}.py" for name in ELSEWHERE),
        **reached(),
    }
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    share = found["reached"] / found["lines"]
    print(f"{share:.2%} of {found['lines']} lines; {found['left']} tests left")


if __name__ == "__main__":
    main()
