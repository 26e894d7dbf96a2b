"""Pictures from files: a folder or a zip of any sizes and kinds, or an array of NumPy.

Nothing here trusts what it reads: archives are never unpacked to the disk, nothing is unpickled,
sizes are checked before memory is taken.
"""

from __future__ import annotations

import io
import os
import re
import typing
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import numpy as np

from gan_lessons.errors import InputError
from gan_lessons.pixels import check_range, from_uint8

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm")
FILES = (".zip", ".npz", ".npy")
#: what those endings stand for: Pillow would open much more, EPS with an interpreter
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 64_000_000  # of one picture: 8,000 x 8,000
MAX_BYTES = 64 << 20  # of one file inside a zip, unpacked
MAX_TOTAL = 2 << 30  # of a whole zip, unpacked

Files = dict[PurePosixPath, Callable[[], bytes]]


def read(
    path: Path,
    split: str,
    class_name: str | None,
    image_size: int,
    limit: int | None,
    skip_bad: bool,
) -> np.ndarray:
    """The pictures of a folder, a zip, a ``.npz`` or a ``.npy``: see ``data.load_images``.

    Returns:
        float32 ``(N, image_size, image_size, 3)`` in [-1, 1].

    Raises:
        InputError: when there are none, or they cannot be used.
    """
    if path.is_dir():
        return _pictures(_in_folder(path), path, split, class_name, image_size, limit, skip_bad)
    if path.suffix.lower() in (".npy", ".npz"):
        if class_name is not None:
            raise InputError(
                f"{path} has no classes, so there is no {class_name!r} in it: leave the class out."
            )
        return take_split(_array(path, image_size), split)
    with _open_zip(path) as archive:
        files = _in_zip(archive, path)
        return _pictures(files, path, split, class_name, image_size, limit, skip_bad)


def read_classes(
    path: Path, split: str, image_size: int, limit: int | None
) -> dict[str, np.ndarray]:
    """The pictures of every folder that holds some, at any depth, by the folder's name.

    Args:
        path: a folder or a zip; an array has no classes.
        split, image_size: as for ``data.load_images``.
        limit: at most so many in all, the same share of each class.

    Raises:
        InputError: when there is no such file, or it cannot be used.
    """

    def sorted_out(files: Files) -> dict[str, np.ndarray]:
        classes: dict[str, Files] = {}
        for name, content in files.items():
            classes.setdefault(_spelt(name.parent.name), {})[name] = content
        classes.pop("", None)
        each = None if limit is None else max(1, limit // max(1, len(classes)))
        return {
            name: _pictures(classes[name], path, split, None, image_size, each, False)
            for name in sorted(classes)
        }

    if os.path.isdir(path):
        return sorted_out(_in_folder(path))
    if not os.path.isfile(path):
        raise InputError(f"{path} does not exist: give sketch, cifar10, or a folder or zip.")
    if path.suffix.lower() != ".zip":
        return {}
    with _open_zip(path) as archive:
        return sorted_out(_in_zip(archive, path))


def take_split(items: typing.Any, split: str) -> typing.Any:
    """The part of ``items`` for a split: the last tenth is held out for ``"test"``."""
    cut = len(items) - len(items) // 10
    return items if split == "all" else items[:cut] if split == "train" else items[cut:]


# ------------------------------------------------------------------ arrays


def _array(path: Path, image_size: int) -> np.ndarray:
    """Pictures in NumPy's own format; never unpickled."""
    loaded = _load_array(path)
    shape = (image_size, image_size, 3)
    if loaded.ndim != 4 or loaded.shape[1:] != shape or not len(loaded):
        raise InputError(
            f"{path} has shape {loaded.shape}: give one of (N, {image_size}, {image_size}, 3), or "
            "its own size as --image-size (image_size=...)."
        )
    if loaded.dtype == np.uint8:
        return from_uint8(loaded)
    if not np.issubdtype(loaded.dtype, np.floating):
        raise InputError(
            f"The array in {path} is {loaded.dtype}: save uint8 (0 to 255) or floats in [-1, 1]."
        )
    images = check_range(loaded.astype(np.float32), str(path))
    if images.min() >= 0:
        warnings.warn(
            f"{path} reaches from {images.min():.3g} to {images.max():.3g}, so nothing in it is "
            "darker than middle grey: if black is 0 there, save 2 x - 1, or uint8.",
            stacklevel=4,
        )
    return images


def _load_array(path: Path) -> np.ndarray:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > MAX_TOTAL:
                    raise InputError(_too_much(path))
        loaded = np.load(path, allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            return loaded
        with loaded:
            names = loaded.files
            if len(names) != 1 and "images" not in names:
                raise InputError(
                    f"{path} holds {', '.join(names) or 'nothing'}: name the array of pictures "
                    "'images'."
                )
            array = loaded["images" if "images" in names else names[0]]
        if not isinstance(array, np.ndarray):  # of an entry without NumPy's mark it gives the bytes
            raise ValueError("its entry is no array")
        return array
    except InputError:
        raise
    except Exception as error:  # NumPy and zipfile raise many kinds
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"{path} cannot be read as NumPy data ({reason}): save it again with numpy.save, "
            "without Python objects."
        ) from error


def _too_much(path: Path, name: str | None = None) -> str:
    where = "" if name is None else f" (at {name!r})"
    return (
        f"{path} would unpack to more than is reasonable{where}: pictures may have "
        f"{MAX_BYTES >> 20} MB each and {MAX_TOTAL >> 30} GB together."
    )


# ------------------------------------------------------------------ folders and archives


def _is_picture(name: PurePosixPath) -> bool:
    """By its ending; macOS lays a ``._x.png`` of its own beside each file on a foreign disk."""
    return name.suffix.lower() in ENDINGS and not name.name.startswith("._")


def _spelt(name: str) -> str:
    """Its letters in one way: macOS writes an ö as an o and two dots, keyboards as one letter."""
    return unicodedata.normalize("NFC", name)


def _in_folder(folder: Path) -> Files:
    found = {PurePosixPath(p.relative_to(folder).as_posix()): p for p in folder.rglob("*")}
    # sorted as in a zip: Windows, which does not tell A from a, would sort its own paths otherwise
    return {
        name: path.read_bytes
        for name, path in sorted(found.items())
        if _is_picture(name) and path.is_file()
    }


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror or error}): copy or download it again."
        ) from error
    # of a forged directory: unknown versions, names that are no UTF-8, places before the start
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise InputError(
            f"{path} is not a whole zip archive: copy or download it again."
        ) from error


def _in_zip(archive: zipfile.ZipFile, path: Path) -> Files:
    total = 0
    files: Files = {}
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or re.match("[A-Za-z]:", entry.filename):
            raise InputError(
                f"{path} has an entry that points outside it ({entry.filename!r}): do not trust "
                "this archive."
            )
        # a forged entry may have no name, at which is_dir() stumbles
        if entry.filename.endswith("/") or not _is_picture(name) or "__MACOSX" in name.parts:
            continue
        total += entry.file_size
        if entry.file_size > MAX_BYTES or total > MAX_TOTAL:
            raise InputError(_too_much(path, entry.filename))

        def read_entry(entry: zipfile.ZipInfo = entry) -> bytes:
            with archive.open(entry) as file:  # never more than the size that was checked
                return file.read(entry.file_size)

        files[name] = read_entry
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
        raise InputError(f"{path} holds no pictures: they should end in {', '.join(ENDINGS)}.")
    classes: dict[str, list[PurePosixPath]] = {}
    for name in files:
        classes.setdefault(name.parent.name, []).append(name)
    if class_name is not None:
        chosen = [n for n in files if _spelt(class_name) in map(_spelt, n.parent.parts)]
        if not chosen:
            folders = sorted({part for name in files for part in name.parent.parts})
            found = ", ".join(folders[:20]) or "no folders"
            raise InputError(f"There is no class {class_name!r} in {path}: it has {found}.")
        classes = {class_name: chosen}
    names = [name for members in classes.values() for name in take_split(members, split)]
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
    for name, read_file in files:
        try:
            data = read_file()
            if not data:
                raise ValueError("it is empty")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of Pillow, about odd metadata
                with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                    if picture.width * picture.height > MAX_PIXELS:
                        raise ValueError(f"{picture.width} x {picture.height} pixels are too many")
                    images.append(square(picture, image_size))
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
        some = (
            "1 unreadable picture was" if len(bad) == 1 else f"{len(bad)} unreadable pictures were"
        )
        warnings.warn(f"{some} left out: {shown}", stacklevel=5)
    return np.stack(images) if images else np.empty((0, image_size, image_size, 3), np.uint8)


def square(picture: typing.Any, size: int) -> np.ndarray:
    """Any Pillow picture as uint8 ``(size, size, 3)``: upright, on white, its middle square.

    Of an animation it is the first frame. 16 and 32 bits a pixel become 8.

    Raises:
        ValueError: for floats that are NaN or infinite.
    """
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):  # 16 and 32 bits: keep the visible range
        values = np.asarray(picture, np.float64)
        if not np.isfinite(values).all():  # one of them would make the whole picture black
            raise ValueError("it holds NaN or infinity")
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
