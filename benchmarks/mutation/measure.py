"""Do the tests notice a fault? One small fault at a time, and whether a test fails.

    python benchmarks/mutation/measure.py losses.py gan.py [--seconds 170] [--again]

Faults are made in a random order (seed 0), so that a run that was cut short has taken a sample;
each outcome is kept in ``result.json`` at once and a later call goes on. TensorFlow takes seconds
to import, and a tool that starts Python for each fault would spend them each time; mutmut 3 changes
functions only, and the games of ``losses.py`` stand outside of one. So this process imports
TensorFlow once, runs none of its operations, and forks: each child loads the package with the
faulty module in it and plays the module's tests until one fails. Linux and macOS only.
"""

import argparse
import ast
import importlib.abc
import importlib.machinery
import json
import os
import platform
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import keras  # noqa: F401
import pytest
import tensorflow as tf  # noqa: F401
from mutants import mutants

ROOT = Path(__file__).parents[2]
RESULT = Path(__file__).parent / "result.json"
METRICS = (
    ["tests/test_distances.py", "tests/test_metrics.py"],
    # the development data, the feature network itself, and what takes more than a second
    "not real_pictures and not accuracy and not changed_network and not folding "
    "and not verdict_ranks and not species and not mode_coverage",
)
CHECKS = (
    ["tests/test_checks_core.py", "tests/test_checks.py"],
    # a process of their own, which never sees the fault
    "not light and not packed and not page_of_exercises and not exercises_are and not stub_keeps",
)
QUICK_CHECKS = (CHECKS[0], CHECKS[1] + " and not endless and not stopped")
#: A module: its tests, and which of them to play.
MODULES = {
    "losses.py": (["tests/test_losses.py"], ""),
    "distances.py": METRICS,
    "picture_features.py": METRICS,
    "report.py": METRICS,
    "gan.py": (
        ["tests/test_gan.py"],
        # a process of their own, or what is slow to trace
        "not data_parallel and not ring and not callbacks and not steps_per_execution "
        "and not wasserstein and not same_seed and not what_keras_fits",
    ),
    "checks/values.py": QUICK_CHECKS,
    "checks/outcome.py": QUICK_CHECKS,
    "checks/record.py": QUICK_CHECKS,
    "checks/guard.py": CHECKS,
}
SHORTER = {"gan_lessons.checks.guard": {"SECONDS": 3.0}}  # else each endless answer takes 20


class Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a module its faulty code; every other module comes from where it always comes from."""

    def __init__(self, name: str, path: Path, code) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, name, path, target=None):
        """The module's place, when it is the one."""
        if name != self.name:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=str(self.path))

    def exec_module(self, module):
        """Run the faulty code."""
        module.__file__ = str(self.path)
        exec(self.code, module.__dict__)
        vars(module).update(SHORTER.get(self.name, {}))


def child(module: str, tree, tests: list[str], only: str, said: Path) -> None:
    """Play the tests with the faulty module and leave with pytest's exit code."""
    os.setsid()
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = 3
    try:
        path = ROOT / "gan_lessons" / module
        name = "gan_lessons." + module.removesuffix(".py").replace("/", ".")
        sys.meta_path.insert(0, Faulty(name, path, compile(tree, str(path), "exec")))
        sys.path.insert(0, str(ROOT))
        found = [test for test in tests if (ROOT / test).exists()]
        options = [
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--tb=line",
            *(["-k", only] if only else []),
        ]
        code = int(pytest.main([*found, *options]))
    except BaseException as error:  # a fault that breaks pytest itself
        print(type(error), error)
        code = 2
    finally:
        sys.stdout.flush()
        os._exit(code)


class Trials:
    """Children at work, at most ``most`` at once."""

    def __init__(self, most: int, limit: float) -> None:
        self.most, self.limit = most, limit
        self.at_work: dict[int, tuple[str, float]] = {}

    def start(self, name: str, *task) -> None:
        """Fork a child."""
        pid = os.fork()
        if pid == 0:
            child(*task)
        self.at_work[pid] = (name, time.monotonic())

    def ended(self) -> list[tuple[str, str]]:
        """The names of the children that came to an end since, with what became of each."""
        found = []
        for pid, (name, start) in list(self.at_work.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                found.append((name, {0: "survived", 1: "killed", 2: "killed"}.get(code, str(code))))
            elif time.monotonic() - start > self.limit:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                found.append((name, "timeout"))
            else:
                continue
            del self.at_work[pid]
        return found


def trial(module: str, options: argparse.Namespace, found: dict, folder: Path) -> None:
    """Try a module's faults for a while, and keep each outcome at once."""
    source = (ROOT / "gan_lessons" / module).read_text("utf-8")
    faults = {fault.name: fault.tree for fault in mutants(source)}
    tests, only = MODULES[module]
    known = found["modules"].setdefault(module, {"faults": 0, "outcomes": {}, "notes": {}})
    known["faults"] = len(faults)
    kept = known["outcomes"] = {k: v for k, v in known["outcomes"].items() if k in faults}
    if options.again:
        for name in [name for name, outcome in kept.items() if outcome == "survived"]:
            del kept[name]
    todo = [name for name in faults if name not in kept]
    random.Random(0).shuffle(todo)
    start = time.monotonic()
    trials = Trials(options.jobs, options.limit)
    trials.start("", module, ast.parse(source), tests, only, folder / "none")
    while not (sound := trials.ended()):
        time.sleep(0.05)
    if sound != [("", "survived")]:
        sys.exit(f"Without a fault: {sound}\n{(folder / 'none').read_text('utf-8')[-3000:]}")
    print(f"{module}: {time.monotonic() - start:.1f} s without a fault; {len(todo)} to try")
    while trials.at_work or (todo and time.monotonic() - start < options.seconds):
        in_time = time.monotonic() - start < options.seconds
        while todo and in_time and len(trials.at_work) < trials.most:
            name = todo.pop()
            trials.start(name, module, faults[name], tests, only, folder / str(len(todo)))
        for name, outcome in trials.ended():
            kept[name] = outcome
            known["notes"] = {k: v for k, v in known["notes"].items() if kept.get(k) == "survived"}
            RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
            if outcome not in ("killed", "timeout"):
                print(outcome, name, flush=True)
        time.sleep(0.02)
    alive = sum(outcome == "survived" for outcome in kept.values())
    print(f"{len(kept) - alive} of {len(kept)} killed, {len(faults) - len(kept)} not tried")


def main() -> None:
    """Try the faults of one module or several."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="+", choices=MODULES)
    parser.add_argument("--seconds", type=float, default=170, help="for each module")
    parser.add_argument("--limit", type=float, default=90, help="seconds for one fault")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="try the survivors once more")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.dont_write_bytecode = True
    found = {"modules": {}}
    if RESULT.exists():
        found = json.loads(RESULT.read_text("utf-8"))
    found["machine"] = f"{os.cpu_count()} cores, {platform.system()}"
    found["python"] = platform.python_version()
    with tempfile.TemporaryDirectory() as folder:
        for module in options.modules:
            trial(module, options, found, Path(folder))


if __name__ == "__main__":
    main()
