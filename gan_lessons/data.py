"""Real pictures for the dealer: where they come from, and in which order he sees them.

Inside this package a picture is float32 ``(H, W, 3)`` in [-1, 1]; conversion happens at the edges,
in ``pixels``.
"""

from __future__ import annotations

import os
import typing
from pathlib import Path

import numpy as np

from gan_lessons import cifar, pictures
from gan_lessons.counts import is_whole, whole
from gan_lessons.errors import InputError
from gan_lessons.pixels import check_range, check_size, from_uint8, to_uint8
from gan_lessons.points import grid, grid_centres, moons, ring, ring_centres
from gan_lessons.sketch import SPECIES, Factors, sketch_frogs

if typing.TYPE_CHECKING:
    import tensorflow as tf

__all__ = [
    "SPECIES", "Factors", "batches", "check_batches", "from_uint8", "grid", "grid_centres",
    "load_images", "moons", "ring", "ring_centres", "sketch_frogs", "source", "source_class",
    "to_uint8",
]  # fmt: skip

SPLITS = ("train", "test", "all")
SKETCH_SIZES = {"train": (5000, 0), "test": (1000, 1)}  # how many, and the seed


def source() -> str:
    """The book's source: ``GAN_LESSONS_DATA``, or the drawn frogs."""
    return os.environ.get("GAN_LESSONS_DATA") or "sketch"


def source_class() -> str | None:
    """The class of it that the book uses: ``GAN_LESSONS_CLASS``, or all (of CIFAR-10 its frogs)."""
    return os.environ.get("GAN_LESSONS_CLASS") or ("frog" if source() == "cifar10" else None)


def load_images(
    source: str | Path | None = None,
    split: str = "train",
    *,
    class_name: str | None = None,
    image_size: int = 32,
    limit: int | None = None,
    skip_bad: bool = False,
) -> np.ndarray:
    """Load pictures from wherever they are.

    Args:
        source: ``"sketch"`` (frogs drawn by the package), ``"cifar10"`` (downloaded once; its
            frogs unless ``class_name`` says otherwise), a folder, a ``.zip``, ``.npz`` or
            ``.npy``; None takes the book's: ``source()``, and of it ``source_class()``.
        split: ``"train"``, ``"test"`` or ``"all"``. Of a source without splits of its own the last
            tenth of each class, sorted by name, is held out for ``"test"``.
        class_name: only this class: a folder's name at any depth, such as ``"frog"``.
        image_size: pixels, a power of two from 8 up. Pictures are cut to their middle square and
            averaged down to it; smaller ones are repeated up to it. An array must have that size.
        limit: at most so many, from the start; None takes all.
        skip_bad: leave out pictures that cannot be read, with a warning; otherwise the first one
            is named and refused.

    Returns:
        float32 ``(N, image_size, image_size, 3)`` in [-1, 1].

    Raises:
        InputError: for an unknown source, class or split, or pictures that cannot be used.
        StorageError: when a file cannot be read or downloaded.
    """
    given, class_name = _chosen(source, class_name)
    if split not in SPLITS:
        raise InputError(f"There is no split {split!r}: choose {', '.join(SPLITS)}.")
    check_size(image_size)
    limit = None if limit is None else whole("limit", limit)
    if given == "sketch":
        images = _sketch(split, class_name, image_size, limit)
    elif given == "cifar10":
        images = _cifar(split, class_name or "frog", image_size)
    else:
        path = Path(os.path.expanduser(given))
        # os.path says False where Path would raise: for a name too long, a folder locked away
        known = os.path.isfile(path) and path.suffix.lower() in pictures.FILES
        if not given or not (os.path.isdir(path) or known):
            there = given and os.path.exists(path)
            kind = "is not a kind of file that is known here" if there else "does not exist"
            raise InputError(
                f"The source {given!r} {kind}: give sketch, cifar10, a folder of pictures, a "
                ".zip, a .npz or a .npy."
            )
        images = pictures.read(path, split, class_name, image_size, limit, skip_bad)
    return images[:limit]


def _chosen(given: str | Path | None, class_name: str | None) -> tuple[str, str | None]:
    if given is None:
        return source(), class_name or source_class()
    if not isinstance(given, str | os.PathLike):
        raise InputError(
            f"The source is of the type {type(given).__name__}: give its name or its path; an "
            "array needs no loading."
        )
    return str(given), class_name


def _sketch(split: str, class_name: str | None, image_size: int, limit: int | None) -> np.ndarray:
    parts = [SKETCH_SIZES[s] for s in (("train", "test") if split == "all" else (split,))]
    if limit is not None and class_name is None:  # the first frogs do not depend on how many follow
        parts = [(min(n, limit), seed) for n, seed in parts]
    drawn = [sketch_frogs(n, seed, image_size=image_size) for n, seed in parts]
    images = np.concatenate([images for images, _ in drawn])
    if class_name is None:
        return images
    if class_name not in SPECIES:
        raise InputError(
            f"There is no class {class_name!r} among the sketches: choose {', '.join(SPECIES)}."
        )
    species = np.concatenate([factors.species for _, factors in drawn])
    return images[species == SPECIES.index(class_name)]


def _cifar(split: str, class_name: str, image_size: int) -> np.ndarray:
    if class_name not in cifar.CLASSES:
        raise InputError(
            f"There is no class {class_name!r} in CIFAR-10: choose {', '.join(cifar.CLASSES)}."
        )
    parts = [cifar.load(s) for s in (("train", "test") if split == "all" else (split,))]
    wanted = cifar.CLASSES.index(class_name)
    images = np.concatenate([images[labels == wanted] for images, labels in parts])
    if image_size != 32:
        from PIL import Image

        images = np.stack([pictures.square(Image.fromarray(image), image_size) for image in images])
    return from_uint8(images)


# ------------------------------------------------------------------ batches


def check_batches(images: np.ndarray, batch_size: int) -> None:
    """Refuse what ``batches`` cannot cut into batches.

    Raises:
        InputError: for a batch size that is no whole number from 1 to N, NaN, pictures outside
            [-1, 1], or none at all.
    """
    n = len(images)
    if not n:
        raise InputError("There are no pictures to make batches of: give at least one.")
    if not is_whole(batch_size) or not 1 <= batch_size <= n:
        raise InputError(
            f"The batch size is {batch_size!r} but there are {n} pictures: choose a whole number "
            f"from 1 to {n}."
        )
    if images.ndim == 4:
        check_range(images)
    elif not np.isfinite(images).all():
        raise InputError("The points hold NaN or infinity: mend them first.")


def batches(
    images: np.ndarray,
    batch_size: int,
    seed: int = 0,
    *,
    start: int = 0,
    shuffle: bool = True,
    mirror: bool = False,
    labels: np.ndarray | None = None,
) -> tf.data.Dataset:
    """An endless stream of batches whose k-th element depends on ``seed`` and k alone.

    So a run that stopped after k batches goes on with ``start=k``. Every picture comes once in
    each pass, but for the remainder that does not fill a batch. Being endless, it needs
    ``fit(..., steps_per_epoch=...)``.

    Args:
        images: float32 ``(N, ...)``: pictures in [-1, 1], or points.
        batch_size: 1 to N.
        seed: decides order and mirroring.
        start: the number of the first batch.
        shuffle: a new order in each pass; False keeps the order as it is.
        mirror: turn each picture left to right with probability one half.
        labels: int ``(N,)``, at least 0: what each picture shows. It changes no picture's place.

    Returns:
        A dataset of float32 ``(batch_size, ...)``; with labels, of pairs, the second int32
        ``(batch_size,)``.

    Raises:
        InputError: for what ``check_batches`` refuses, labels that are not N whole numbers, or
            points to mirror.
    """
    import tensorflow as tf

    from gan_lessons import classes

    images = np.asarray(images, np.float32)
    n = len(images)
    check_batches(images, batch_size)
    if mirror and images.ndim != 4:
        raise InputError(
            f"Only pictures (N, H, W, C) have a mirror image, and these have shape {images.shape}: "
            "leave mirror out."
        )
    everything = tf.constant(images)
    shown = None if labels is None else tf.constant(classes.check_labels(labels, n))
    in_a_pass = n // batch_size

    def batch(k: tf.Tensor) -> tf.Tensor | tuple[tf.Tensor, tf.Tensor]:
        epoch, place = tf.cast(k // in_a_pass, tf.int32), tf.cast(k % in_a_pass, tf.int32)
        order = tf.range(n)
        if shuffle:
            order = tf.random.experimental.stateless_shuffle(order, [seed, epoch])
        chosen = order[place * batch_size : (place + 1) * batch_size]
        real = tf.ensure_shape(tf.gather(everything, chosen), (batch_size, *images.shape[1:]))
        if mirror:
            coin = tf.random.stateless_uniform(
                (batch_size, 1, 1, 1), [seed + 1, tf.cast(k, tf.int32)]
            )
            real = tf.where(coin < 0.5, real[:, :, ::-1], real)
        if shown is None:
            return real
        return real, tf.ensure_shape(tf.gather(shown, chosen), (batch_size,))

    stream = tf.data.Dataset.range(start, np.iinfo(np.int64).max).map(batch)
    endless = tf.data.experimental.assert_cardinality(tf.data.experimental.INFINITE_CARDINALITY)
    return stream.apply(endless).prefetch(2)
