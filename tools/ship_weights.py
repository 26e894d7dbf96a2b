"""Ship a trained run as ``gan_lessons/weights/NAME.safetensors`` with its card.

usage: python tools/ship_weights.py RUN NAME --data SOURCE [--class frog] --words "CIFAR-10 ..."

The card's metrics are measured here, with the float16 weights as shipped, on held-out pictures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from gan_lessons import checkpoints, data, latent, metrics, pretrained, runs

WEIGHTS = Path(__file__).resolve().parent.parent / "gan_lessons" / "weights"


def main() -> None:
    """Pack, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("name")
    parser.add_argument("--data", required=True, help="the pictures to measure against")
    parser.add_argument("--class", dest="class_name")
    parser.add_argument("--step", type=int, help="a kept checkpoint (default: the newest)")
    parser.add_argument("--words", required=True, help="what the data are, in words")
    parser.add_argument("--command", required=True, help="the command that trained it")
    parser.add_argument("--licence", default="MIT (weights)")
    parser.add_argument("--failures", required=True, help="known failures, in words")
    parser.add_argument("--n", type=int, default=1000)
    options = parser.parse_args()

    weights, about = pretrained.pack(runs.Run(options.run), options.step)
    words = {
        "name": options.name,
        "data": options.words,
        "command": options.command,
        "licence": options.licence,
        "known_failures": options.failures,
    }
    path = WEIGHTS / f"{options.name}.card.json"
    checkpoints.write_atomically(WEIGHTS / f"{options.name}.safetensors", weights)
    checkpoints.write_atomically(path, json.dumps(words | about, indent=2).encode())

    source = {"source": options.data, "class_name": options.class_name}
    test = data.load_images(split="test", **source)
    train = data.load_images(split="train", **source)
    pair = pretrained.load(options.name)
    latents = latent.vectors(options.n, pair.generator.input_shape[-1], seed=0)
    report = metrics.evaluate(latent.generate(pair.generator, latents), test, train)
    print(report)
    card = words | about | {"metrics": report.as_dict()}
    checkpoints.write_atomically(path, (json.dumps(card, indent=2) + "\n").encode())


if __name__ == "__main__":
    main()
