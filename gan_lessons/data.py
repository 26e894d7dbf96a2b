"""Real pictures for the dealer: where they come from, and in which order he sees them.

Inside this package a picture is float32 ``(H, W, 3)`` in [-1, 1]; conversion happens here and in
``plots``.
"""

from __future__ import annotations

import io
import os
import typing
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import numpy as np

from gan_lessons import cifar
from gan_lessons.errors import InputError
from gan_lessons.points import grid, grid_centres, moons, ring, ring_centres
from gan_lessons.sketch import SPECIES, Factors, sketch_frogs

if typing.TYPE_CHECKING:
    import tensorflow as tf

__all__ = [
    "SPECIES", "Factors", "batches", "from_uint8", "grid", "grid_centres", "load_images", "moons",
    "ring", "ring_centres", "sketch_frogs", "source", "to_uint8",
]  # fmt: skip

SPLITS = ("train", "test", "all")
SKETCH_SIZES = {"train": (5000, 0), "test": (1000, 1)}  # how many, and the seed
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm")
MAX_PIXELS = 64_000_000  # of one picture: 8,000 x 8,000
MAX_BYTES = 64 << 20  # of one file inside a zip, unpacked
MAX_TOTAL = 2 << 30  # of a whole zip, unpacked


def source() -> str:
    """The book's source: ``GAN_LESSONS_DATA``, or the drawn frogs."""
    return os.environ.get("GAN_LESSONS_DATA") or "sketch"


def from_uint8(images: np.ndarray) -> np.ndarray:
    """uint8 0 to 255 to float32 -1 to 1."""
    return np.asarray(images, np.float32) / np.float32(127.5) - np.float32(1)


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Floats in [-1, 1] to uint8 0 to 255, rounded; what lies outside is clipped."""
    return np.clip(np.round((np.asarray(images, np.float32) + 1) * 127.5), 0, 255).astype(np.uint8)


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
            ``.npy``; None takes ``GAN_LESSONS_DATA``, or ``"sketch"``.
        split: ``"train"``, ``"test"`` or ``"all"``. Of a source without splits of its own the last
            tenth of each class, sorted by name, is held out for ``"test"``.
        class_name: only this class: a folder's name at any depth, such as ``"frog"``.
        image_size: pixels, a power of two from 8 up. Pictures are cut to their middle square and
            averaged down to it.
        limit: at most so many, from the start; None takes all.
        skip_bad: leave out pictures that cannot be read, with a warning; otherwise the first one
            is named and refused.

    Returns:
        float32 ``(N, image_size, image_size, 3)`` in [-1, 1].

    Raises:
        InputError: for an unknown source, class or split, or pictures that cannot be used.
        StorageError: when a file cannot be read or downloaded.
    """
    given = str(source if source is not None else globals()["source"]())
    if split not in SPLITS:
        raise InputError(f"There is no split {split!r}: choose {', '.join(SPLITS)}.")
    if image_size < 8 or image_size & (image_size - 1):
        raise InputError(f"The image size is {image_size}: choose a power of two from 8 up.")
    if limit is not None and limit < 1:
        raise InputError(f"limit is {limit}: give at least 1, or None for all.")
    path = Path(given).expanduser()
    if given == "sketch":
        images = _sketch(split, class_name, image_size)
    elif given == "cifar10":
        images = _cifar(split, class_name or "frog", image_size)
    elif path.is_dir():
        images = _pictures(_in_folder(path), path, split, class_name, image_size, limit, skip_bad)
    elif path.suffix.lower() in (".npy", ".npz") and path.is_file():
        images = _split(_array(path, image_size), split)
    elif path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            files = _in_zip(archive, path)
            images = _pictures(files, path, split, class_name, image_size, limit, skip_bad)
    else:
        raise InputError(_unknown(given, path))
    return images[:limit]


def _unknown(given: str, path: Path) -> str:
    if path.is_file() and path.suffix.lower() == ".zip":
        return f"{given} is not a whole zip archive: copy or download it again."
    kind = "is not a kind of file that is known here" if path.exists() else "does not exist"
    return (
        f"The source {given!r} {kind}: give sketch, cifar10, a folder of pictures, a .zip, a .npz "
        "or a .npy."
    )


def _sketch(split: str, class_name: str | None, image_size: int) -> np.ndarray:
    parts = [SKETCH_SIZES[s] for s in (("train", "test") if split == "all" else (split,))]
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

        images = np.stack([_square(Image.fromarray(image), image_size) for image in images])
    return from_uint8(images)


def _array(path: Path, image_size: int) -> np.ndarray:
    """Pictures in NumPy's own format; never unpickled."""
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.lib.npyio.NpzFile):
            with loaded:
                names = loaded.files
                if len(names) != 1 and "images" not in names:
                    raise InputError(
                        f"{path} holds {', '.join(names) or 'nothing'}: name the array of pictures "
                        "'images'."
                    )
                loaded = loaded["images" if "images" in names else names[0]]
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{path} cannot be read as NumPy data ({error}): save it again with numpy.save, "
            "without Python objects."
        ) from error
    shape = (image_size, image_size, 3)
    if loaded.ndim != 4 or loaded.shape[1:] != shape or not len(loaded):
        raise InputError(
            f"{path} has shape {loaded.shape}: give one of (N, {image_size}, {image_size}, 3)."
        )
    if loaded.dtype == np.uint8:
        return from_uint8(loaded)
    if not np.issubdtype(loaded.dtype, np.floating):
        raise InputError(
            f"The array in {path} is {loaded.dtype}: save uint8 (0 to 255) or floats in [-1, 1]."
        )
    return _checked(loaded.astype(np.float32), str(path))


def _checked(images: np.ndarray, name: str) -> np.ndarray:
    if not np.isfinite(images).all():
        raise InputError(f"{name} holds NaN or infinity: mend those pictures first.")
    if abs(images).max() > 1.001:
        raise InputError(
            f"{name} reaches from {images.min():.3g} to {images.max():.3g}: scale it to [-1, 1] or "
            "save uint8."
        )
    return images


def _split(items: typing.Any, split: str) -> typing.Any:
    cut = len(items) - len(items) // 10
    return items if split == "all" else items[:cut] if split == "train" else items[cut:]


# ------------------------------------------------------------------ folders and archives

Files = dict[PurePosixPath, Callable[[], bytes]]


def _in_folder(folder: Path) -> Files:
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
    return {PurePosixPath(p.relative_to(folder).as_posix()): p.read_bytes for p in found}


def _in_zip(archive: zipfile.ZipFile, path: Path) -> Files:
    total = 0
    files: Files = {}
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in entry.filename.split("/")[0]:
            raise InputError(
                f"{path} has an entry that points outside it ({entry.filename!r}): do not trust "
                "this archive."
            )
        if entry.is_dir() or name.suffix.lower() not in PICTURES or "__MACOSX" in name.parts:
            continue
        total += entry.file_size
        if entry.file_size > MAX_BYTES or total > MAX_TOTAL:
            raise InputError(
                f"{path} would unpack to more than is reasonable (at {entry.filename!r}): pictures "
                f"may have {MAX_BYTES >> 20} MB each and {MAX_TOTAL >> 30} GB together."
            )

        def read(entry: zipfile.ZipInfo = entry) -> bytes:
            with archive.open(entry) as file:  # never more than the size that was checked
                return file.read(entry.file_size)

        files[name] = read
    return dict(sorted(files.items()))


def _pictures(
    files: Files,
    path: Path,
    split: str,
    class_name: str | None,
    image_size: int,
    limit: int | None,
    skip_bad: bool,
) -> np.ndarray:
    if not files:
        raise InputError(f"{path} holds no pictures: they should end in {', '.join(PICTURES)}.")
    classes: dict[str, list[PurePosixPath]] = {}
    for name in files:
        classes.setdefault(name.parent.name, []).append(name)
    if class_name is not None:
        chosen = [name for name in files if class_name in name.parent.parts]
        if not chosen:
            found = ", ".join(sorted(filter(None, classes))[:20]) or "no folders"
            raise InputError(f"There is no class {class_name!r} in {path}: it has {found}.")
        classes = {class_name: chosen}
    names = [name for members in classes.values() for name in _split(members, split)]
    if not names:
        raise InputError(
            f"{path} has too few pictures for the split {split!r}: it needs at least 10 of a class."
        )
    images = _decode(((n, files[n]) for n in names[:limit]), path, image_size, skip_bad)
    if not len(images):
        raise InputError(f"None of the {len(names)} pictures in {path} could be read.")
    return from_uint8(images)


def _decode(
    files: Iterable[tuple[PurePosixPath, Callable[[], bytes]]],
    path: Path,
    image_size: int,
    skip_bad: bool,
) -> np.ndarray:
    from PIL import Image

    images, bad = [], []
    for name, read in files:
        try:
            data = read()
            if not data:
                raise ValueError("it is empty")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of Pillow, about odd metadata
                with Image.open(io.BytesIO(data)) as picture:
                    if picture.width * picture.height > MAX_PIXELS:
                        raise ValueError(f"{picture.width} x {picture.height} pixels are too many")
                    images.append(_square(picture, image_size))
        except MemoryError:
            raise
        except Exception as error:  # Pillow raises many kinds
            reason = "it is no picture" if "identify" in str(error) else str(error)
            if not skip_bad:
                raise InputError(
                    f"The picture {name} in {path} cannot be read ({reason}): mend or remove it, "
                    "or pass --skip-bad (skip_bad=True) to leave such pictures out."
                ) from error
            bad.append(str(name))
    if bad:
        shown = ", ".join(bad[:3]) + (" ..." if len(bad) > 3 else "")
        warnings.warn(f"{len(bad)} unreadable pictures were left out: {shown}", stacklevel=4)
    return np.stack(images) if images else np.empty((0, image_size, image_size, 3), np.uint8)


def _square(picture: typing.Any, size: int) -> np.ndarray:
    """Any Pillow picture as uint8 ``(size, size, 3)``: upright, on white, its middle square."""
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):  # 16 and 32 bits: keep the visible range
        values = np.asarray(picture, np.float64)
        top = 65535 if picture.mode.startswith("I") and values.max() > 255 else max(values.max(), 1)
        picture = Image.fromarray((np.clip(values / top, 0, 1) * 255).astype(np.uint8))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    picture = picture.convert("RGB")
    if picture.size != (size, size):
        picture = ImageOps.fit(picture, (size, size), Image.Resampling.BOX)
    return np.asarray(picture)


# ------------------------------------------------------------------ batches


def batches(
    images: np.ndarray,
    batch_size: int,
    seed: int = 0,
    *,
    start: int = 0,
    shuffle: bool = True,
    mirror: bool = False,
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

    Returns:
        A dataset of float32 ``(batch_size, ...)``.
    """
    import tensorflow as tf

    images = np.asarray(images, np.float32)
    n = len(images)
    if isinstance(batch_size, bool) or not 1 <= batch_size <= n:
        raise InputError(
            f"The batch size is {batch_size} but there are {n} pictures: choose 1 to {n}."
        )
    if not np.isfinite(images).all():
        raise InputError("The pictures hold NaN or infinity: mend them first.")
    if images.ndim == 4:
        _checked(images, "The array of pictures")
    everything = tf.constant(images)
    in_a_pass = n // batch_size

    def batch(k: tf.Tensor) -> tf.Tensor:
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
        return real

    stream = tf.data.Dataset.range(start, np.iinfo(np.int64).max).map(batch)
    endless = tf.data.experimental.assert_cardinality(tf.data.experimental.INFINITE_CARDINALITY)
    return stream.apply(endless).prefetch(2)
