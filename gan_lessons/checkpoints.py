"""Checkpoints: all that a run needs to go on, in one file that is written whole or not at all.

A checkpoint is a safetensors file. It is written beside its final name, forced to the disk and
then renamed, which file systems do in one step: whoever looks sees the old state or the new one.
Nothing in it is ever unpickled.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from gan_lessons.errors import StorageError

PATTERN = "step-*.safetensors"


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` so that a crash at any moment leaves the old file or the new.

    Raises:
        StorageError: for a full disk or a folder that may not be written; ``path`` is untouched.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with open(partial, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StorageError(
            f"{path.name} could not be written in {path.parent} ({reason(error)}): nothing that "
            "was saved before is lost; make room or choose another folder, then run the same "
            "command again."
        ) from error


def remove(path: Path) -> None:
    """Remove a file that is no longer wanted, if it is still there.

    Raises:
        StorageError: for a folder that may not be written.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"{path.name} could not be removed from {path.parent} ({reason(error)}): nothing that "
            "was saved is lost; make the folder writable, then run the same command again."
        ) from error


def reason(error: OSError) -> str:
    """Why the system refused, in plain words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if error.errno == errno.EFBIG:
        return "the system allows no file of that size"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder may not be written to"
    return error.strerror or str(error)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # so that the rename itself survives a power cut
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:  # some network file systems cannot; the file itself is there
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
                raise
        finally:
            os.close(handle)


def _digest(arrays: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def save_checkpoint(folder: Path, step: int, arrays: dict[str, np.ndarray]) -> Path:
    """Write the state after ``step`` rounds atomically.

    Args:
        folder: where checkpoints live; it must exist.
        step: rounds played.
        arrays: everything to keep, by name.

    Returns:
        The path of the new checkpoint.
    """
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    path = folder / f"step-{step:08d}.safetensors"
    # one entry, since several are written in no fixed order: the same state gives the same bytes
    about = json.dumps({"step": step, "sha256": _digest(arrays)})
    write_atomically(path, save(arrays, {"checkpoint": about}))
    return path


def load_checkpoint(path: Path) -> tuple[int, dict[str, np.ndarray]]:
    """Read a checkpoint and prove that it is whole.

    Returns:
        The step and the arrays.

    Raises:
        StorageError: when it cannot be read, is cut short, or its contents changed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StorageError(f"The checkpoint {path} cannot be read ({reason(error)}).") from error
    try:
        arrays = load(data)
        (length,) = struct.unpack("<Q", data[:8])
        header: dict[str, Any] = json.loads(data[8 : 8 + length])
        marks = header.get("__metadata__", {})
        if "checkpoint" not in marks:
            raise StorageError(
                f"{path} is not marked as a checkpoint: another version of the package wrote it, "
                "or it is damaged: use that version, or copy the file again from where it came "
                "from."
            )
        about = json.loads(marks["checkpoint"])
        step = int(about["step"])
        whole = _digest(arrays) == about["sha256"]
    except (
        SafetensorError,
        struct.error,
        ValueError,
        KeyError,
        TypeError,
        MemoryError,
        ArithmeticError,
        RecursionError,
    ):
        whole = False
    if not whole:
        raise StorageError(
            f"The checkpoint {path} is damaged ({len(data)} bytes that do not match their own "
            "checksum): delete this file to go on from the checkpoint before it, or copy it "
            "again from where it came from."
        )
    return step, arrays


def list_checkpoints(folder: Path) -> list[Path]:
    """All checkpoints in a folder, oldest first; partial files do not count."""
    return numbered(folder, PATTERN)


def numbered(folder: Path, pattern: str) -> list[Path]:
    """The files of a pattern such as ``step-*.png`` that have a number there, smallest first."""
    if not os.path.isdir(folder):  # glob would raise for a name too long, a folder locked away
        return []
    found = (path for path in folder.glob(pattern) if re.fullmatch("step-[0-9]+", path.stem))
    return sorted(found, key=step_of)


def step_of(path: Path) -> int:
    """The step in a checkpoint's name."""
    return int(path.stem.removeprefix("step-"))


def remove_partial_files(folder: Path) -> None:
    """Sweep up what a killed writer left behind."""
    for path in folder.glob(".*.partial"):
        with contextlib.suppress(OSError):
            path.unlink()


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold a run folder: a second process on it is refused with one sentence.

    The operating system lets go of the lock when the process ends, however it ends.
    """
    from filelock import FileLock, Timeout

    try:
        held = FileLock(folder / ".lock", timeout=0)
        held.acquire()
    except Timeout as error:
        raise StorageError(
            f"Another process is training in {folder}: wait until it ends, stop it, or give this "
            "one a run folder of its own."
        ) from error
    except OSError as error:
        raise StorageError(
            f"The run folder {folder} cannot be used ({reason(error)}): choose one that you may "
            "write to."
        ) from error
    try:
        yield
    finally:
        held.release()


@contextlib.contextmanager
def hold(folder: Path, *inside: Path) -> Iterator[None]:
    """Make a run's folder and the folders ``inside`` it, lock it, and sweep it.

    Folders that were made for nothing, since no file came into them, are taken away again.
    """
    made = [path for path in (folder, *folder.parents) if not os.path.exists(path)]
    try:
        for path in (folder, *inside):
            _make(path)
        with lock(folder):
            for path in (folder, *inside):
                remove_partial_files(path)
            yield
    finally:
        if (
            made
            and os.path.isdir(folder)
            and not any(path.is_file() for path in folder.rglob("[!.]*"))
        ):
            with contextlib.suppress(OSError):
                (folder / ".lock").unlink(missing_ok=True)
                for path in (*inside, *made):
                    path.rmdir()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made ({reason(error)}): choose a place that you may "
            "write to."
        ) from error
