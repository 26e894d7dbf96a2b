"""Does the shipped forger copy? The training frogs nearest to 200 forgeries, in two spaces.

usage: python benchmarks/memorisation/measure.py --data CIFAR10  (a folder or zip, as for training)

Held-out frogs are put through the same search: a forger that copies lies much nearer to the
training frogs than they do. Beside it, the same search finds planted copies: training frogs with a
little noise. Writes ``result.json``, ``nearest.png`` (the twelve forgeries nearest to a training
frog in each space, each above that frog) and ``blind.png`` (64 forgeries and 64 held-out frogs,
mixed; which is which stands in ``result.json`` under ``blind``).
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from gan_lessons import data, plots, pretrained
from gan_lessons.latent import generate, vectors
from gan_lessons.picture_features import nearest_real

HERE = Path(__file__).parent
SPACES = ("pixels", "features")
COUNT = 200


def quantiles(distances: np.ndarray) -> dict[str, float]:
    """The least, the tenth, the half and the most."""
    cut = np.quantile(distances, (0, 0.1, 0.5, 1))
    return {
        name: round(float(v), 4)
        for name, v in zip(("least", "tenth", "median", "most"), cut, strict=True)
    }


def main() -> None:
    """Search, write, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    train = data.load_images(given.data, class_name="frog", split="train")
    test = data.load_images(given.data, class_name="frog", split="test")
    loaded = pretrained.load("frogs")
    latents = vectors(COUNT, loaded.generator.input_shape[-1], seed=given.seed)
    fake = generate(loaded.generator, latents)
    rng = np.random.default_rng(given.seed)
    planted = train[rng.choice(len(train), COUNT, replace=False)]
    planted = np.clip(planted + rng.normal(0, 0.05, planted.shape), -1, 1).astype(np.float32)
    found: dict[str, Any] = {
        "forgeries": COUNT,
        "training": len(train),
        "held_out": COUNT,
        "seed": given.seed,
    }
    rows = []
    for space in SPACES:
        sets = {"forgeries": fake, "held_out": test[:COUNT], "planted_copies": planted}
        results = {name: nearest_real(images, train, space) for name, images in sets.items()}
        found[space] = {name: quantiles(result.distances) for name, result in results.items()}
        bound = np.quantile(results["held_out"].distances, 0.01)
        found[space]["below_all_but_1_percent_of_held_out"] = {
            name: int((result.distances < bound).sum()) for name, result in results.items()
        }
        near = results["forgeries"]
        order = near.distances.argsort()[:12]
        rows += [fake[order], train[near.indices[order]]]
    plots.save_grid(np.concatenate(rows), HERE / "nearest.png", columns=12)
    order = rng.permutation(128)
    mixed = np.concatenate([fake[:64], test[-64:]])[order]
    plots.save_grid(mixed, HERE / "blind.png", columns=16)
    found["blind"] = {
        "columns": 16,
        "forged": [int(i) for i in np.flatnonzero(order < 64)],
    }
    (HERE / "result.json").write_text(json.dumps(found, indent=1) + "\n")
    for space in SPACES:
        print(space, json.dumps(found[space]))


if __name__ == "__main__":
    main()
