"""Train and ship the forger and the copyist of chapter 10, for the same computing time each.

usage: python tools/ship_orders.py [--seconds 220] [--only forger]

Both learn from the same drawn frogs and their species. The time is that of the processor, summed
over its cores, so that a busy machine favours neither. Writes ``gan_lessons/weights/forger.*`` and
``copyist.*``: float16 weights and their cards.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from gan_lessons import budget, checkpoints, classes, data, ordered

WEIGHTS = Path(__file__).resolve().parent.parent / "gan_lessons" / "weights"
BATCH = 64
FAILURES = {
    "forger": "Edges are soft; spots and eyes are sometimes missing, doubled or uneven.",
    "copyist": "Blurred: eyes, spots and edges are averages of what they could have been; some "
    "samples, far from every encoded picture, are torn.",
}


def main() -> None:
    """Train, pack, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=220, help="of the processor, for each")
    parser.add_argument("--only", choices=list(FAILURES))
    options = parser.parse_args()
    frogs = classes.load("sketch")
    stream = data.batches(frogs.images, BATCH, seed=0, mirror=True, labels=frogs.labels)
    for name, failures in FAILURES.items():
        if options.only not in (None, name):
            continue
        model: Any = getattr(ordered, name)(frogs.names)
        spent = budget.fit_for(model, stream, options.seconds)
        packed, digest = ordered.pack(model)
        card = {
            "name": name,
            "data": "frogs drawn by the package, with their species: classes.load('sketch')",
            "command": f"python tools/ship_orders.py --seconds {options.seconds:g}",
            "licence": "MIT (weights)",
            "known_failures": failures,
            "networks": {"latent_dim": ordered.LATENT_DIM, "width": ordered.WIDTH},
            "training": {
                "rounds": spent.rounds,
                "cpu_seconds": round(spent.cpu_seconds, 1),
                "batch_size": BATCH,
                "seed": 0,
            }
            | ({"pixel_noise": model.pixel_noise} if name == "copyist" else {}),
            "bytes": len(packed),
            "sha256": digest,
        }
        checkpoints.write_atomically(WEIGHTS / f"{name}.safetensors", packed)
        text = json.dumps(card, indent=2) + "\n"
        checkpoints.write_atomically(WEIGHTS / f"{name}.card.json", text.encode())
        print(name, card["training"], card["bytes"])


if __name__ == "__main__":
    main()
