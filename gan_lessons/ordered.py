"""The forger and the copyist of chapter 10: recipes, and the trained pair that is shipped.

Both paint with the same network, of the same size, from the same random numbers and orders.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import keras
import numpy as np

from gan_lessons import augment, conditional, data, mixed_precision, pretrained, vae

LATENT_DIM, WIDTH = 32, 32


def forger(
    names: Sequence[str], *, width: int = WIDTH, seed: int = 0
) -> conditional.ConditionalGAN:
    """A compiled conditional GAN for these classes, untrained."""
    n = len(names)
    game = conditional.ConditionalGAN(
        conditional.generator(n, LATENT_DIM, width=width, seed=2 * seed),
        conditional.discriminator(n, width=width, seed=2 * seed + 1),
        names=names,
        augment=augment.translate_and_colour,  # as in the course's recipe
        seed=seed,
    )
    game.compile()
    return game


def copyist(names: Sequence[str], *, width: int = WIDTH, seed: int = 0) -> vae.VAE:
    """A compiled VAE for these classes, untrained; its decoder is the forger's generator."""
    n = len(names)
    model = vae.VAE(
        vae.encoder(LATENT_DIM, width=width, seed=2 * seed + 1),
        conditional.generator(n, LATENT_DIM, width=width, seed=2 * seed),
        n_classes=n,
        names=names,
        seed=seed,
    )
    model.compile()
    return model


@dataclass(frozen=True)
class Trained:
    """The shipped pair, for the eight drawn species.

    Attributes:
        forger: the conditional GAN; its generator holds the averaged weights, too.
        copyist: the VAE.
        cards: what there is to know about each.
    """

    forger: conditional.ConditionalGAN
    copyist: vae.VAE
    cards: dict[str, dict[str, Any]]


def _networks(model: Any) -> list[keras.Model]:
    if isinstance(model, vae.VAE):
        return [model.encoder, model.decoder]
    return [model.ema_generator, model.discriminator]


def pack(model: Any) -> tuple[bytes, str]:
    """A trained forger or copyist as float16 safetensors, and their SHA-256."""
    from safetensors.numpy import save

    bytes_ = save(
        {
            f"{k}/{i:03d}": array.astype(np.float16)
            for k, network in enumerate(_networks(model))
            for i, array in enumerate(network.get_weights())
        }
    )
    return bytes_, hashlib.sha256(bytes_).hexdigest()


def load() -> Trained:
    """Load the shipped pair, after checking its bytes against the cards.

    Raises:
        StorageError: when a file was changed or cut short.
    """
    from safetensors.numpy import load as parse

    with mixed_precision.policy("float32"):
        models: dict[str, Any] = {"forger": forger(data.SPECIES), "copyist": copyist(data.SPECIES)}
    cards = {}
    for name, model in models.items():
        text = (resources.files("gan_lessons") / "weights" / f"{name}.card.json").read_text("utf-8")
        cards[name] = json.loads(text)
        arrays = parse(pretrained.verified(f"{name}.safetensors", cards[name]["sha256"]))
        for k, network in enumerate(_networks(model)):
            network.set_weights(
                [arrays[f"{k}/{i:03d}"].astype(np.float32) for i in range(len(network.weights))]
            )
    models["forger"].generator.set_weights(models["forger"].ema_generator.get_weights())
    return Trained(**models, cards=cards)
