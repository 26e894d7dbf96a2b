"""Which choice makes better frogs in the same number of rounds?

usage: python benchmarks/ablation/measure.py --data ZIP [--class frog] [--steps 1500] [--seeds 0]
       [--only NAME ...]

Every variant is the course recipe but for what its line says. Results are kept in
``result.json`` beside this file and a variant that is there already is not run again.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

from gan_lessons import augment, checkpoints, data, gan, losses, metrics, models
from gan_lessons.recipes import Settings

RESULT = Path(__file__).with_name("result.json")


def game(
    seed: int,
    *,
    d_rate: float = 1e-3,
    g_rate: float = 1e-3,
    beta_1: float = 0.5,
    width: int = 48,
    latent_dim: int = 64,
    **options: object,
) -> gan.GAN:
    """The course recipe with some choices changed."""
    given = {"augment": augment.translate_and_colour} | options
    made = gan.GAN(
        models.generator(latent_dim, width=width, seed=2 * seed),
        models.discriminator(width=width, dropout=given.pop("dropout", 0.0), seed=2 * seed + 1),
        seed=seed,
        **given,
    )
    made.compile(
        keras.optimizers.Adam(d_rate, beta_1=beta_1), keras.optimizers.Adam(g_rate, beta_1=beta_1)
    )
    return made


#: name -> what differs from the recipe with both rates at 1e-3; the course began with 2e-4
VARIANTS: dict[str, Callable[[int], gan.GAN]] = {
    "begun with": lambda s: game(s, d_rate=2e-4, g_rate=2e-4),
    "rates 5e-4": lambda s: game(s, d_rate=5e-4, g_rate=5e-4),
    "rates 1e-3": lambda s: game(s),
    "rates 2e-3": lambda s: game(s, d_rate=2e-3, g_rate=2e-3),
    "D 2e-3, G 1e-3": lambda s: game(s, d_rate=2e-3),
    "hinge": lambda s: game(s, loss=losses.hinge),
    "least squares": lambda s: game(s, loss=losses.least_squares),
    "R1 0.1": lambda s: game(s, penalty=losses.r1_penalty(0.1)),
    "beta_1 0": lambda s: game(s, beta_1=0.0),
    "beta_1 0.9": lambda s: game(s, beta_1=0.9),
    "no augmentation": lambda s: game(s, augment=None),
    "no EMA": lambda s: game(s, ema_decay=0.0),
    "width 32": lambda s: game(s, width=32),
    "width 64": lambda s: game(s, width=64),
    "latent 128": lambda s: game(s, latent_dim=128),
    "dropout 0.25": lambda s: game(s, dropout=0.25),
}


def main() -> None:
    """Train and judge what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--class", dest="class_name", default="frog")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--only", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    options = parser.parse_args()

    images, test = (
        data.load_images(options.data, split, class_name=options.class_name)
        for split in ("train", "test")
    )
    results = json.loads(RESULT.read_text()) if RESULT.exists() else []
    for seed in options.seeds:
        for name in options.only:
            key = {"variant": name, "seed": seed, "steps": options.steps}
            if any(key.items() <= row.items() for row in results):
                continue
            keras.backend.clear_session()
            made = VARIANTS[name](seed)
            dataset = data.batches(images, Settings.batch_size, seed, mirror=True)
            started = time.process_time()
            made.fit(dataset, steps_per_epoch=options.steps, verbose=0)
            seconds = (time.process_time() - started) / options.steps
            report = metrics.evaluate(made.sample(500, 0), test, images)
            found = dataclasses.asdict(report) | {"verdict": report.verdict}
            results.append(key | {"cpu_seconds_a_step": round(seconds, 4)} | found)
            text = json.dumps(results, indent=1) + "\n"
            checkpoints.write_atomically(RESULT, text.encode())
            print(f"{name}, seed {seed}: {seconds:.3f} CPU s a step\n{report}\n", flush=True)


if __name__ == "__main__":
    main()
