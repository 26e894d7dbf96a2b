"""Which lines of the package the tests reach.

    python benchmarks/coverage/measure.py [--report FILE]

Runs all tests as ``make test`` does, with coverage.py, and writes ``result.json``; ``--report``
takes the JSON report of such a run instead. What the tests start in processes of their own (the
notebooks, the built book, the command line) is played, but its lines are not counted.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULT = Path(__file__).with_name("result.json")
COMMAND = ["pytest", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
COMMAND += ["--cov=gan_lessons"]
ENOUGH = 95  # per cent of a module's lines


def summary(report: dict) -> dict:
    """What coverage.py found, whole and for each module with too little."""
    below = {
        name.removeprefix("gan_lessons/"): {
            "lines": module["summary"]["num_statements"],
            "reached": module["summary"]["covered_lines"],
            "missing": module["missing_lines"],
        }
        for name, module in sorted(report["files"].items())
        if module["summary"]["percent_covered"] < ENOUGH
    }
    total = report["totals"]
    return {"lines": total["num_statements"], "reached": total["covered_lines"], "below": below}


def main() -> None:
    """Run the tests, or read a report, and write down what was reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--report", type=Path, help="the report of a run that was made already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.report or Path(folder) / "coverage.json"
        if not options.report:
            command = [sys.executable, "-m", *COMMAND, f"--cov-report=json:{path}"]
            # from Python 3.12 on: the interpreter's own monitoring, which costs next to nothing
            quick = {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 12) else {}
            subprocess.run(command, cwd=ROOT, env=os.environ | quick, check=True)
        found = {
            "machine": f"{os.cpu_count()} cores, {platform.system()}",
            "python": platform.python_version(),
            "command": " ".join(COMMAND),
            "enough": ENOUGH,
            **summary(json.loads(path.read_text("utf-8"))),
        }
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(f"{found['reached'] / found['lines']:.1%} of {found['lines']:,} lines")


if __name__ == "__main__":
    main()
