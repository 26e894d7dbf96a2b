"""Pictures with the names of what they show, and orders as networks read them: one-hot."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons import cifar, data, pictures, sketch
from gan_lessons.counts import whole
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_size, from_uint8


@dataclass(frozen=True)
class Labelled:
    """Pictures of several classes.

    Attributes:
        images: float32 ``(N, H, W, 3)`` in [-1, 1].
        labels: int ``(N,)``, indices of ``names``.
        names: what the classes are called.
    """

    images: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]


def load(
    source: str | Path | None = None,
    split: str = "train",
    *,
    image_size: int = 32,
    limit: int | None = None,
) -> Labelled:
    """Load pictures and what they show.

    Args:
        source: ``"sketch"`` (the classes are the eight species), ``"cifar10"`` (its ten classes),
            or a folder or ``.zip`` with a folder for each class; None takes the book's.
        split: as for ``data.load_images``.
        image_size: pixels, a power of two from 8 up.
        limit: at most so many pictures, the same share of each class; None takes all.

    Returns:
        The pictures in a mixed order that depends on nothing but their number.

    Raises:
        InputError: for a source without classes, or what ``data.load_images`` refuses.
    """
    given = data.source() if source is None else str(source)
    if split not in data.SPLITS:
        raise InputError(f"There is no split {split!r}: choose {', '.join(data.SPLITS)}.")
    check_size(image_size)
    limit = None if limit is None else whole("limit", limit)
    if given == "sketch":
        return _sketches(split, image_size, limit)
    if given == "cifar10":
        return _photographs(split, image_size, limit)
    found = pictures.read_classes(Path(os.path.expanduser(given)), split, image_size, limit)
    if len(found) < 2:
        raise InputError(
            f"The source {given!r} has no classes to order from: give sketch, cifar10, or a folder "
            "or zip that holds a folder for each class, two at least."
        )
    labels = np.repeat(np.arange(len(found)), [len(part) for part in found.values()])
    return _mixed(np.concatenate(list(found.values())), labels, tuple(found))


def _parts(split: str) -> tuple[str, ...]:
    return ("train", "test") if split == "all" else (split,)


def _first(labels: np.ndarray, n_classes: int, limit: int | None) -> np.ndarray:
    """The places of the first pictures of each class, the same share of each."""
    each = None if limit is None else max(1, limit // n_classes)
    return np.concatenate([np.flatnonzero(labels == k)[:each] for k in range(n_classes)])


def _mixed(images: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> Labelled:
    order = np.random.default_rng(0).permutation(len(labels))
    return Labelled(images[order], labels[order], names)


def _sketches(split: str, image_size: int, limit: int | None) -> Labelled:
    """The drawn frogs by species: only those that are wanted are drawn."""
    images, labels = [], []
    for part in _parts(split):
        factors, spots = sketch.random_factors(*data.SKETCH_SIZES[part])
        wanted = _first(factors.species, len(data.SPECIES), limit)
        images.append(sketch.draw(factors[wanted], spots[wanted], image_size=image_size))
        labels.append(factors.species[wanted])
    return _mixed(np.concatenate(images), np.concatenate(labels), data.SPECIES)


def _photographs(split: str, image_size: int, limit: int | None) -> Labelled:
    """CIFAR-10's ten classes; its archive is read once."""
    parts = [cifar.load(part) for part in _parts(split)]
    images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    wanted = _first(labels, len(cifar.CLASSES), limit)
    images, labels = images[wanted], labels[wanted]
    if image_size != 32:
        from PIL import Image

        images = np.stack([pictures.square(Image.fromarray(image), image_size) for image in images])
    return _mixed(from_uint8(images), labels, cifar.CLASSES)


def check_number(n_classes: int) -> None:
    """Refuse a number of classes that leaves nothing to choose.

    Raises:
        InputError: for anything but a whole number of at least 2.
    """
    whole("n_classes", n_classes, 2)


def check_labels(labels: Any, n: int, n_classes: int | None = None) -> np.ndarray:
    """Labels as int32 ``(n,)``, or a sentence.

    Raises:
        InputError: for another number of them, numbers that are not whole, or outside 0 to
            ``n_classes - 1``.
    """
    found = np.asarray(labels)
    if found.shape != (n,) or not np.issubdtype(found.dtype, np.integer):
        raise InputError(
            f"The labels are {found.dtype} of shape {found.shape}: give {n} whole numbers, one "
            "for each picture."
        )
    top = int(found.max()) if n else 0
    if n and (found.min() < 0 or (n_classes is not None and top >= n_classes)):
        known = "at least 0" if n_classes is None else f"0 to {n_classes - 1}"
        raise InputError(
            f"The labels reach from {found.min()} to {top}: give numbers from {known}."
        )
    return found.astype(np.int32)


def one_hot(label: Any, n: int, n_classes: int, names: Sequence[str] | None = None) -> np.ndarray:
    """Orders as a network reads them: a row of zeros with a single 1.

    Args:
        label: a number, a name, or n of either; None takes the classes in turn.
        n: how many orders.
        n_classes: how many classes there are.
        names: what they are called, if names are to be understood.

    Returns:
        float32 ``(n, n_classes)``.

    Raises:
        InputError: for a label that there is not, or another number of labels than n.
    """
    if label is None:
        label = np.arange(n) % n_classes
    several = not isinstance(label, str) and np.ndim(label) > 0
    wanted = list(label) if several else [label] * n
    for i, one in enumerate(wanted):
        if isinstance(one, str):
            if names is None or one not in names:
                known = ", ".join(names) if names else f"a number from 0 to {n_classes - 1}"
                raise InputError(f"There is no class {one!r}: choose {known}.")
            wanted[i] = list(names).index(one)
    rows = check_labels(np.array(wanted), n, n_classes)
    return np.eye(n_classes, dtype=np.float32)[rows]
