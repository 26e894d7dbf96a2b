"""Trained networks that come with the package, so that every page shows good forgeries at once.

Each pair of networks is one safetensors file of float16 weights beside a card in JSON that says
what it was trained on, how, how good it is, how it fails, and the SHA-256 of the weights.
"""

from __future__ import annotations

import hashlib
import json
import typing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons.errors import InputError, StorageError

if typing.TYPE_CHECKING:
    import keras

    from gan_lessons.recording import Recording
    from gan_lessons.runs import Run


@dataclass(frozen=True)
class Pretrained:
    """A trained pair.

    Attributes:
        generator: latents ``(B, latent_dim)`` to pictures in [-1, 1]; the averaged (EMA) one.
        discriminator: pictures to logits, larger means "more likely real".
        card: what there is to know about them.
    """

    generator: keras.Model
    discriminator: keras.Model
    card: dict[str, Any]


def _folder() -> Any:
    return resources.files("gan_lessons") / "weights"


def names() -> list[str]:
    """What ``load`` can load: the trained pairs, not the feature network of the metrics."""
    return sorted(
        entry.name.removesuffix(".card.json")
        for entry in _folder().iterdir()
        if entry.name.endswith(".card.json") and "network" in json.loads(entry.read_text("utf-8"))
    )


def card(name: str) -> dict[str, Any]:
    """The card of a trained pair, without loading it.

    Raises:
        InputError: for an unknown name.
    """
    if name not in names():
        raise InputError(f"There are no trained weights {name!r}: choose {' or '.join(names())}.")
    return json.loads((_folder() / f"{name}.card.json").read_text("utf-8"))


def load(name: str = "frogs") -> Pretrained:
    """Load a trained pair, after checking that its bytes are the ones of its card.

    Args:
        name: ``"frogs"`` (trained on CIFAR-10's frogs) or ``"sketch"`` (on the drawn ones).

    Raises:
        InputError: for an unknown name.
        StorageError: when the file was changed or cut short.
    """
    from safetensors.numpy import load as parse

    from gan_lessons import mixed_precision, models

    about = card(name)
    arrays = parse(verified(f"{name}.safetensors", about["sha256"]))
    network = about["network"]
    size = {"image_size": network["image_size"], "width": network["width"]}
    with mixed_precision.policy("float32"):
        pair = models.generator(network["latent_dim"], **size), models.discriminator(**size)
    for model in pair:
        model.set_weights(
            [arrays[f"{model.name}/{i:03d}"].astype(np.float32) for i in range(len(model.weights))]
        )
    return Pretrained(*pair, card=about)


def recording(name: str = "frogs") -> Recording:
    """The recorded run that made a trained pair: frames, history, and scores along the way.

    Raises:
        InputError: for an unknown name, or a pair that comes without its recording.
        StorageError: when the file was changed or cut short.
    """
    from gan_lessons import recording as recordings

    about = card(name)
    if "recording" not in about:
        raise InputError(f"The run of {name!r} was not recorded: choose another.")
    data = verified(f"{name}.recording.safetensors", about["recording"]["sha256"])
    return recordings.unpack(data, Path(name))


def verified(file: str, sha256: str) -> bytes:
    """The bytes of a shipped file, if they are the ones of its card.

    Raises:
        StorageError: when they are not, or it cannot be read.
    """
    try:
        data = (_folder() / file).read_bytes()
    except OSError as error:
        raise StorageError(
            f"{file} cannot be read ({error.strerror}): install the package again."
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StorageError(
            f"{file} is not the one of its card (SHA-256 differs): install the package again."
        )
    return data


def pack(run: Run, step: int | None = None) -> tuple[bytes, dict[str, Any]]:
    """Turn a run into what ``load`` reads: the weights file and the parts of its card it decides.

    Args:
        run: a run of the course recipe.
        step: a kept checkpoint; None takes the newest.

    Returns:
        The bytes of the safetensors file and the card's ``network``, ``training``, ``bytes`` and
        ``sha256``.
    """
    import dataclasses

    from safetensors.numpy import save

    if run.settings.recipe != "course":
        raise InputError("Only runs of the course recipe can be packed: train one first.")
    gan = run.gan(step)
    arrays = {
        f"{name}/{i:03d}": array.astype(np.float16)
        for name, model in (("generator", gan.ema_generator), ("discriminator", gan.discriminator))
        for i, array in enumerate(model.get_weights())
    }
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise InputError("Some weights do not fit float16: this run cannot be packed.")
    data = save(arrays)
    settings = dataclasses.asdict(run.settings)
    network = {name: settings.pop(name) for name in ("image_size", "latent_dim", "width")}
    training = settings | {"steps": step or run.step}
    if training["steps"] == run.step:
        training["minutes"] = round(run.seconds / 60, 1)
    training.pop("data")  # a path of some machine; the card says in words what the data are
    about = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return data, {"network": network, "training": training} | about
