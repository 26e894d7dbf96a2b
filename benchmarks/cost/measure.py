"""What a step costs as the work grows: seconds and peak memory against batch, size and width.

usage: python benchmarks/cost/measure.py [--only batch size width memory]

Each case runs in a process of its own, so that its peak memory is its own. One case at a time is
changed from the settings of the shipped pair (batch 64, 32 pixels, width 48). ``memory``: 10,000
steps of a small game under Keras's ``fit``, resident memory after every 500.
Writes ``result.json`` and ``cost.svg`` beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = Path(__file__).parent
COURSE = {"batch_size": 64, "image_size": 32, "width": 48}
GROWING = {
    "batch": [{"batch_size": n} for n in (16, 32, 64, 128, 256)],
    "size": [{"image_size": n} for n in (16, 32, 64, 128)],
    "width": [{"width": n} for n in (16, 32, 48, 64, 96)],
}
LABELS = {"batch": "batch (pictures)", "size": "side of a picture (pixels)", "width": "width"}


def one_case(case: dict[str, int]) -> dict[str, float]:
    """Seconds a step and peak memory of one game, in this process."""
    import numpy as np
    import tensorflow as tf

    from gan_lessons.recipes import Settings

    settings = Settings(**case)
    game = settings.build()
    shape = (settings.batch_size, settings.image_size, settings.image_size, 3)
    real = tf.random.stateless_uniform(shape, (0, 0), -1, 1)
    step = tf.function(game.train_step)
    for _ in range(3):
        step(real)
    seconds: list[float] = []
    while len(seconds) < 8 or (sum(seconds) < 6 and len(seconds) < 60):
        started = time.perf_counter()
        float(step(real)["g_loss"])
        seconds.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": round(float(np.median(seconds)), 4),
        "best": round(min(seconds), 4),
        "peak_mib": round(peak),
        "parameters": game.generator.count_params() + game.discriminator.count_params(),
    }


def memory_over_time() -> list[dict[str, float]]:
    """Resident memory along 10,000 steps of a small game, in MiB."""
    import keras

    from gan_lessons import data
    from gan_lessons.recipes import Settings

    class Watch(keras.callbacks.Callback):
        """Note the resident memory now and then."""

        def __init__(self) -> None:
            super().__init__()
            self.rows: list[dict[str, float]] = []

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            """Look after every 500 steps."""
            if (batch + 1) % 500 == 0:
                pages = int(Path("/proc/self/statm").read_text().split()[1])
                mib = pages * resource.getpagesize() / 2**20
                self.rows.append({"step": batch + 1, "mib": round(mib, 1)})

    settings = Settings(image_size=16, width=8, batch_size=16)
    images = data.load_images("sketch", image_size=16, limit=1000)
    watch = Watch()
    batches = data.batches(images, 16, 0, mirror=True)
    settings.build().fit(batches, steps_per_epoch=10_000, callbacks=[watch], verbose=0)
    return watch.rows


def in_a_child(what: dict[str, int] | str) -> object:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--case", json.dumps(what)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def draw(found: dict) -> None:
    """Seconds and memory against each of the three, on logarithmic axes."""
    from matplotlib.figure import Figure

    figure = Figure((9, 5), layout="constrained")
    axes = figure.subplots(2, 3, sharey="row")
    for (name, label), column in zip(LABELS.items(), axes.T, strict=True):
        key = next(iter(GROWING[name][0]))
        xs = [row[key] for row in found[name]]
        for axis, value, unit in zip(
            column, ("seconds", "peak_mib"), ("seconds a step", "peak memory (MiB)"), strict=True
        ):
            axis.loglog(xs, [row[value] for row in found[name]], "o-", color="#4a5568")
            axis.set_xticks(xs, [str(x) for x in xs])
            axis.minorticks_off()
            axis.grid(alpha=0.3)
            axis.set_xlabel(label)
            if axis in axes[:, 0]:
                axis.set_ylabel(unit)
    figure.savefig(HERE / "cost.svg", metadata={"Date": None})


def main() -> None:
    """Measure what was asked for and keep the rest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=[*GROWING, "memory"])
    parser.add_argument("--case", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case is not None:
        found = memory_over_time() if options.case == "memory" else one_case(options.case)
        print(json.dumps(found))
        return
    path = HERE / "result.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    found["machine"] = f"{os.cpu_count()} cores"
    for name in options.only or [*GROWING, "memory"]:
        if name == "memory":
            found[name] = in_a_child(name)
        else:
            found[name] = [COURSE | case | in_a_child(COURSE | case) for case in GROWING[name]]
        path.write_text(json.dumps(found, indent=1) + "\n")
        print(name, json.dumps(found[name]), flush=True)
    if GROWING.keys() <= found.keys():
        draw(found)


if __name__ == "__main__":
    main()
