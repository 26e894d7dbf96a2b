"""Which choice makes better frogs with the same arithmetic?

usage: python benchmarks/ablation/measure.py --data ZIP [--class frog] [--tflop 23] [--seeds 0]
       [--only NAME ...]

Every variant is the course recipe as it was, with width 48 and batches of 64, but for what its line
says, and plays as many rounds as its share of the arithmetic allows: 23 TFLOP are about 1,500
rounds of it, two and a half minutes of two free cores. Arithmetic is the clock because it does not
depend on what else a shared machine does; the CPU seconds are noted beside it. A penalty's
arithmetic is not counted, so a variant with one gets its extra work for nothing. Results are kept
in ``result.json`` beside this file and a variant that is there already is not run again.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

from gan_lessons import (
    augment,
    checkpoints,
    data,
    flops,
    gan,
    losses,
    metrics,
    mixed_precision,
    models,
)

RESULT = Path(__file__).with_name("result.json")


class OnePass(gan.GAN):
    """The painter forges once a round: both players learn from the same forgeries."""

    def train_step(self, real):
        """The dealer's turn, then the painter's, whose forgeries the dealer has just seen."""
        step, peek = self.g_optimizer.iterations, gan._peek
        with tf.GradientTape() as painting:
            latents = self.latents(tf.shape(real)[0], gan.G_LATENT, step)
            fake = self.generator(latents, training=True)
        gan._peek = lambda model, inputs: fake  # no second pass in the dealer's turn
        try:
            logs = self.discriminator_step(real)
        finally:
            gan._peek = peek
        with tf.GradientTape() as judging:
            judging.watch(fake)
            seen = self._augmented(fake, gan.G_FAKE, step)
            loss = self.generator_loss(peek(self.discriminator, seen))
        slope = judging.gradient(loss, fake)
        variables = self.generator.trainable_variables
        slopes = painting.gradient(fake, variables, output_gradients=slope)
        self.g_optimizer.apply_gradients(zip(slopes, variables, strict=True))
        self._update_ema()
        return logs | {"g_loss": loss}


class Unchanged(keras.layers.Layer):
    """Takes the place of batch normalisation and does nothing."""

    def call(self, x, mask=None):
        """The input."""
        return x


def plain(network: keras.Model) -> keras.Model:
    """The same network without batch normalisation, with fresh initial weights."""

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, keras.layers.BatchNormalization):
            return Unchanged(name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    return keras.models.clone_model(network, clone_function=copy)


def game(
    seed: int,
    *,
    one_pass: bool = False,
    normalise: bool = True,
    spectral_norm: bool = False,
    d_rate: float = 1e-3,
    g_rate: float = 1e-3,
    beta_1: float = 0.5,
    width: int = 48,
    latent_dim: int = 64,
    batch_size: int = 64,
    **options: object,
) -> gan.GAN:
    """The course recipe, 48 wide and with batches of 64, with some choices changed."""
    given = {"augment": augment.translate_and_colour} | options
    painter = models.generator(latent_dim, width=width, seed=2 * seed)
    made = (OnePass if one_pass else gan.GAN)(
        painter if normalise else plain(painter),
        models.discriminator(
            width=width,
            dropout=given.pop("dropout", 0.0),
            spectral_norm=spectral_norm,
            seed=2 * seed + 1,
        ),
        seed=seed,
        **given,
    )
    judge = models.discriminator(width=width)
    work = flops.training_step(SimpleNamespace(generator=painter, discriminator=judge), batch_size)
    made.batch_size = batch_size
    made.flop = work.total - one_pass * work.parts["dealer's step: the painter paints"]
    made.compile(
        keras.optimizers.Adam(d_rate, beta_1=beta_1), keras.optimizers.Adam(g_rate, beta_1=beta_1)
    )
    return made


#: name -> what differs from "rates 1e-3"; the course began with 2e-4, and is now 32 wide with
#: batches of 32
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
    "width 24": lambda s: game(s, width=24),
    "width 32": lambda s: game(s, width=32),
    "width 32, least squares": lambda s: game(s, width=32, loss=losses.least_squares),
    "width 32, batch 16": lambda s: game(s, width=32, batch_size=16),
    "width 32, batch 32": lambda s: game(s, width=32, batch_size=32),
    "width 32, batch 128": lambda s: game(s, width=32, batch_size=128),
    "width 64": lambda s: game(s, width=64),
    "latent 16": lambda s: game(s, latent_dim=16),
    "latent 128": lambda s: game(s, latent_dim=128),
    "dropout 0.25": lambda s: game(s, dropout=0.25),
    "spectral norm": lambda s: game(s, spectral_norm=True),
    "no batch norm": lambda s: game(s, normalise=False),
    "one pass of G": lambda s: game(s, one_pass=True),
    "bfloat16": mixed_precision.policy("bfloat16")(game),
}


def main() -> None:
    """Train and judge what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--class", dest="class_name", default="frog")
    parser.add_argument("--tflop", type=float, default=23)
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
            key = {"variant": name, "seed": seed, "tflop": options.tflop}
            if any(key.items() <= row.items() for row in results):
                continue
            keras.backend.clear_session()
            made = VARIANTS[name](seed)
            dataset = data.batches(images, made.batch_size, seed, mirror=True)
            rounds = round(options.tflop * 1e12 / made.flop)
            started = time.process_time()
            made.fit(dataset, steps_per_epoch=rounds, verbose=0)
            seconds = time.process_time() - started
            report = metrics.evaluate(made.sample(500, 0), test, images)
            found = dataclasses.asdict(report) | {"verdict": report.verdict}
            cost = {"rounds": rounds, "cpu_seconds": round(seconds, 1)}
            results.append(key | cost | found)
            text = json.dumps(results, indent=1) + "\n"
            checkpoints.write_atomically(RESULT, text.encode())
            print(f"{name}, seed {seed}: {rounds} rounds\n{report}\n", flush=True)


if __name__ == "__main__":
    main()
