"""Ship a trained run: ``gan_lessons/weights/NAME.safetensors``, its recording and its card.

usage: python tools/ship_weights.py RUN NAME --data SOURCE [--class frog] --words "CIFAR-10 ..."

The card's metrics are measured here, with the float16 weights as shipped, on held-out pictures.
The recording's scores are measured at every checkpoint that the run kept (``--keep-every``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons import checkpoints, data, latent, metrics, pretrained, recording, runs

WEIGHTS = Path(__file__).resolve().parent.parent / "gan_lessons" / "weights"
SCORES = ("precision", "recall", "coverage", "diversity")


def score(run: runs.Run, test: np.ndarray, train: np.ndarray, n: int) -> dict[str, np.ndarray]:
    """What ``recording.Recording.scores`` holds, at the steps that the run kept."""
    rows: list[dict[str, float]] = []
    for step in run.kept_steps:
        report = metrics.evaluate(run.gan(step).sample(n, seed=0), test, train)
        row: dict[str, float] = {"step": step}
        row |= {name: getattr(report, name) for name in SCORES}
        row |= {"colour": report.colour.value, "kernel": report.kernel.value}
        row |= {"kernel_error": report.kernel.error, "kernel_floor": report.kernel.floor}
        rows.append(row)
        print(f"step {step:6,}: kernel distance x 1000 {1000 * report.kernel.value:.1f}")
    return {name: np.array([row[name] for row in rows], np.float32) for name in rows[0]}


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
    parser.add_argument("--remarks", help="what else there is to know, such as a busy machine")
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--recording", action="store_true", help="ship the run's recording too")
    options = parser.parse_args()

    run = runs.Run(options.run)
    source = {"source": options.data, "class_name": options.class_name}
    test = data.load_images(split="test", **source)
    train = data.load_images(split="train", **source)
    weights, about = pretrained.pack(run, options.step)
    card: dict[str, Any] = {
        "name": options.name,
        "data": options.words,
        "command": options.command,
        "licence": options.licence,
        "known_failures": options.failures,
    } | about
    if options.remarks:
        card["remarks"] = options.remarks
    path = WEIGHTS / f"{options.name}.card.json"
    checkpoints.write_atomically(WEIGHTS / f"{options.name}.safetensors", weights)
    checkpoints.write_atomically(path, json.dumps(card, indent=2).encode())

    pair = pretrained.load(options.name)
    latents = latent.vectors(options.n, pair.generator.input_shape[-1], seed=0)
    report = metrics.evaluate(latent.generate(pair.generator, latents), test, train)
    print(report)
    card["metrics"] = report.as_dict()
    if options.recording:
        recorded = recording.pack(run, score(run, test, train, options.n))
        checkpoints.write_atomically(WEIGHTS / f"{options.name}.recording.safetensors", recorded)
        digest = hashlib.sha256(recorded).hexdigest()
        card["recording"] = {"bytes": len(recorded), "sha256": digest}
    checkpoints.write_atomically(path, (json.dumps(card, indent=2) + "\n").encode())


if __name__ == "__main__":
    main()
