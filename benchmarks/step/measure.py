"""How near is a training step to what the machine can do, and how does PyTorch fare?

usage: python benchmarks/step/measure.py [--torch-python PYTHON] [--rounds 8]

In one run, in turns: a large matrix product (the machine's float32 peak, and its bfloat16 peak),
steps of the course recipe in TensorFlow with either precision, and the same steps in PyTorch
(``torch_twin.py``, in float32, in an interpreter that has ``torch==2.13.0``). All of it with the
recipe's width and batch, 32 and 32, and with those of the shipped pair, 48 and 64. What counts are
the ratios. The FLOP of a step are counted from the layers by ``gan_lessons.flops``. Also how much
memory the process holds at most. Writes ``result.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from gan_lessons import doctor, flops
from gan_lessons.recipes import POLICIES, Settings

HERE = Path(__file__).parent
BATCHES = {Settings.width: Settings.batch_size, 48: 64}  # by width: the recipe, the shipped pair
STEPS = 10  # in a row, before the other has its turn


@contextmanager
def twin(python: str, settings: Settings) -> Iterator[subprocess.Popen]:
    """The PyTorch process, warm."""
    shape = (str(settings.width), str(settings.batch_size))
    command = [python, str(HERE / "torch_twin.py"), *shape]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        child.about = json.loads(child.stdout.readline())
        turn(child, 5)
        yield child
        child.stdin.close()


def turn(child: subprocess.Popen, steps: int) -> list[float]:
    """Seconds of each of some steps in PyTorch."""
    child.stdin.write(f"{steps}\n")
    child.stdin.flush()
    return json.loads(child.stdout.readline())


def summary(seconds: list[float]) -> dict[str, float]:
    """Median, best and worst."""
    return {
        "median": round(float(np.median(seconds)), 4),
        "best": round(min(seconds), 4),
        "worst": round(max(seconds), 4),
        "steps": len(seconds),
    }


def main() -> None:
    """Measure in turns and write the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch-python", help="an interpreter that has torch==2.13.0")
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()

    found = {
        "machine": f"{os.cpu_count()} cores, {doctor.processor()}",
        "load": round(os.getloadavg()[0], 1),
        "tensorflow": tf.__version__,
        "widths": {
            str(width): one_width(
                Settings(width=width, batch_size=batch), options.torch_python, options.rounds
            )
            for width, batch in BATCHES.items()
        },
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    (HERE / "result.json").write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


def one_width(settings: Settings, torch_python: str | None, rounds: int) -> dict[str, Any]:
    """All that is measured of a recipe of one width."""
    size = settings.image_size
    real = tf.random.stateless_uniform((settings.batch_size, size, size, 3), (0, 0), -1, 1)
    games = {name: settings.replace(precision=name).build() for name in POLICIES}
    work = flops.training_step(games["float32"], settings.batch_size)
    steps = {name: tf.function(game.train_step) for name, game in games.items()}
    for step in steps.values():
        for _ in range(5):
            step(real)

    peaks: dict[str, list[float]] = {name: [] for name in steps}
    ours: dict[str, list[float]] = {name: [] for name in steps}
    theirs: list[float] = []
    about = {}
    with twin(torch_python, settings) if torch_python else nullcontext() as child:
        for _ in range(rounds):
            for name, step in steps.items():
                peaks[name].append(doctor.matmul_gflops(dtype=name))
                for _ in range(STEPS):
                    started = time.perf_counter()
                    float(step(real)["g_loss"])
                    ours[name].append(time.perf_counter() - started)
            if child:
                about = child.about
                theirs.extend(turn(child, STEPS))

    def achieved(precision: str) -> dict[str, float]:
        """Of the float32 peak, whatever the step computes with."""
        rates, tops = work.total / np.array(ours[precision]) / 1e9, peaks["float32"]
        return {
            "median": round(float(np.median(rates) / np.median(tops)), 3),
            "best": round(float(max(rates) / max(tops)), 3),
        }

    found = about | {
        "batch_size": settings.batch_size,
        "flop": {**work.parts, "together": work.total},
        "peak_gflops": {
            name: {"median": round(float(np.median(tops))), "best": round(max(tops))}
            for name, tops in peaks.items()
        },
        "seconds": {f"ours, {name}": summary(seconds) for name, seconds in ours.items()},
        "achieved_of_float32_peak": {name: achieved(name) for name in ours},
    }
    if theirs:
        found["seconds"]["pytorch, float32"] = summary(theirs)
        found["ours_of_pytorch"] = {
            name: {
                "median": round(float(np.median(seconds) / np.median(theirs)), 3),
                "best": round(min(seconds) / min(theirs), 3),
            }
            for name, seconds in ours.items()
        }
    return found


if __name__ == "__main__":
    main()
