"""Which recipe makes better frogs in the same CPU minutes: the course's or the article's?

usage: python benchmarks/time_to_quality/measure.py --data ZIP [--class frog] [--minutes 30]
       [--runs runs/time_to_quality] [--only default | narrow | compact]

The two take turns, minute by minute, so that whatever else the machine does disturbs both. The
clock counts the CPU seconds of this process, all threads together, and calls 120 of them a minute
of two cores: waiting costs nothing, building and tracing the networks counts, judging does not.
Started again it goes on where the last turn ended; a turn that was cut short by Ctrl-C or SIGTERM
is kept as far as it came.

What it finds goes into the package (``gan_lessons/measured``), because the last chapters tell of
it and only the package reaches every reader. Here ``course`` is as wide as the shipped pair, 48,
and its batches are as large, 64. Three more run alone, by ``--only``, on the same clock:
``default``, the recipe as it is; ``narrow``, with its width of today, 32, but batches of 64; and
``compact``, the compact DCGAN that the course began with, like ``course`` but with the usual
learning rate of 2e-4 (Radford et al., 2016).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import time
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from safetensors.numpy import load_file, save

from gan_lessons import checkpoints, data, doctor, gan, metrics, recipes, runs
from gan_lessons.measured import MINUTES
from gan_lessons.recipes import DEFAULTS, Settings

MEASURED = Path(__file__).parents[2] / "gan_lessons" / "measured"
RACE = {
    "course": Settings(width=48, batch_size=64),
    "article": Settings(recipe="article", **DEFAULTS["article"]),
}
CORES = 2  # whose minutes the clock counts
SAMPLES = 1000
CLOCK = "CPU seconds of all threads / 120: minutes of two cores; set-up counts, judging does not"


def compact(settings: Settings) -> gan.GAN:
    """The course's game with the learning rates of the DCGAN paper."""
    game = recipes.course(settings)
    game.compile(*(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)))
    return game


recipes.RECIPES["compact"] = compact
ALONE = {
    "default": Settings(),
    "narrow": Settings(width=32, batch_size=64),
    "compact": Settings(recipe="compact", width=48, batch_size=64),
}


class Contestant:
    """A run with a clock of its own."""

    def __init__(self, name: str, folder: Path, settings: Settings) -> None:
        self.name, self.path = name, folder / name / "clock.json"
        self.run = runs.Run.create(folder / name, settings)
        clock = json.loads(self.path.read_text()) if self.path.exists() else {"step": 0, "cpu": 0.0}
        if clock["step"] != self.run.step:
            raise SystemExit(
                f"{folder / name} stands at step {self.run.step} but its clock at step "
                f"{clock['step']}: it was killed in the middle of saving; delete the folder."
            )
        self.cpu = clock["cpu"]

    @property
    def minutes(self) -> float:
        """Minutes of two cores spent so far."""
        return self.cpu / 60 / CORES

    def train_until(self, images: np.ndarray, minutes: float) -> bool:
        """Go on until the clock shows about ``minutes``; False if it was stopped before."""
        while self.minutes < 0.97 * minutes:
            rate = self.cpu / self.run.step if self.run.step else None
            left = 60 * CORES * minutes - self.cpu
            more = max(1, round(left / rate)) if rate else {"article": 3}.get(self.name, 100)
            target = self.run.step + more
            keras.backend.clear_session()
            started = time.process_time()
            self.run.train(images, target, checkpoint_every=10**6, progress=False, report=str)
            self.cpu += time.process_time() - started
            clock = json.dumps({"step": self.run.step, "cpu": self.cpu})
            checkpoints.write_atomically(self.path, clock.encode())
            if self.run.step < target:
                return False
        return True


def judged(contestant: Contestant, test: np.ndarray, train: np.ndarray) -> tuple[dict, np.ndarray]:
    """One row of the table, and sixteen forgeries."""
    forged = contestant.run.gan().sample(SAMPLES, 0)
    report = metrics.evaluate(forged, test, train)
    row = {"minutes": round(contestant.minutes, 2), "step": contestant.run.step}
    return row | dataclasses.asdict(report) | {"verdict": report.verdict}, data.to_uint8(
        forged[:16]
    )


def save_all(path: Path, found: dict, pictures: Path, sheets: dict[str, np.ndarray]) -> None:
    """Write both files, each whole or not at all."""
    checkpoints.write_atomically(path, (json.dumps(found, indent=1) + "\n").encode())
    checkpoints.write_atomically(pictures, save(sheets))


def main() -> None:
    """Let both train to each of the minutes in turn and judge them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--class", dest="class_name", default="frog")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--runs", type=Path, default=Path("runs/time_to_quality"))
    parser.add_argument("--only", choices=ALONE, help="let it run alone")
    options = parser.parse_args()
    field = {options.only: ALONE[options.only]} if options.only else RACE
    path = MEASURED / f"{options.only or 'time_to_quality'}.json"
    pictures = (options.runs / options.only if options.only else path).with_suffix(".safetensors")

    train, test = (
        data.load_images(options.data, split, class_name=options.class_name)
        for split in ("train", "test")
    )
    given = {"data": options.data, "class_name": options.class_name}
    given["data_sha256"] = runs.fingerprint(train)
    contestants = [
        Contestant(name, options.runs, settings.replace(**given))
        for name, settings in field.items()
    ]
    found = {
        "data": f"CIFAR-10, class {options.class_name}: {len(train):,} to learn from, "
        f"{len(test):,} held out",
        "clock": CLOCK,
        "machine": f"{os.cpu_count()} cores, {doctor.processor()}",
        "threads": os.cpu_count(),
        "samples": SAMPLES,
        "contestants": {c.name: [] for c in contestants},
    }
    sheets: dict[str, np.ndarray] = {}
    if path.exists() and any(c.run.step for c in contestants):
        found["contestants"] = json.loads(path.read_text())["contestants"]
        sheets = load_file(pictures) if pictures.exists() else {}
    for minute in (m for m in MINUTES if m <= options.minutes):
        for contestant in contestants:
            key = f"{contestant.name}/{minute}"
            if key in sheets:
                continue
            if not contestant.train_until(train, minute):
                return
            row, sheets[key] = judged(contestant, test, train)
            found["contestants"][contestant.name].append(row)
            save_all(path, found, pictures, sheets)
            print(contestant.name, json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
