"""One small run that can be started again and again, and what must be true of its folder."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan_lessons import checkpoints, data, frames

VICTIM = Path(__file__).with_name("victim.py")
NOTES = ("I0000", "WARNING: All log")  # of TensorFlow, which the command itself keeps back
EVERY = 20  # rounds between checkpoints
SMALL = ["--image-size", "8", "--width", "4", "--latent-dim", "8", "--batch-size", "8"]


@dataclass
class End:
    """How a process ended.

    Attributes:
        code: of the exit; below 0 the signal.
        said: on standard error, its lines.
        saved, played: the last checkpoint that it called safe, the last round.
        dying: in which phase of which file, where it says so.
    """

    code: int
    said: list[str]
    saved: int = 0
    played: int = 0
    dying: str = ""

    @property
    def sentence(self) -> str:
        """The one sentence of a refusal, or a complaint."""
        ours = [line for line in self.said if line.startswith("gan-lessons: ")]
        if len(ours) == 1 == len(self.said) and self.code == 2:
            return ours[0].removeprefix("gan-lessons: ")
        return f"(exit {self.code}, {len(self.said)} lines: {' | '.join(self.said)[-300:]})"


class Process:
    """A victim at work; what it says can be read meanwhile."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        command = [sys.executable, str(VICTIM), *arguments]
        self.process = subprocess.Popen(command, env=environment, stdout=self.out, stderr=self.err)

    @classmethod
    def forked(cls, arguments: Sequence[str], fault: dict) -> "Process":
        """The same, a few seconds sooner: a fork of this process, which has imported TensorFlow
        and done nothing with it. It builds its networks and reads the run like any other."""
        import victim

        self = cls.__new__(cls)
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115

        def main() -> None:
            os.dup2(self.out.fileno(), 1)
            os.dup2(self.err.fileno(), 2)
            victim.FAULT = fault
            sys.argv = [str(VICTIM), *arguments]
            sys.exit(victim.main())

        child = multiprocessing.get_context("fork").Process(target=main)
        child.start()
        self.process = _Child(child)
        return self

    def lines(self) -> list[str]:
        """What it has said on standard output so far, in whole lines."""
        said = os.pread(self.out.fileno(), 1 << 24, 0)  # leaves the place where it writes alone
        return said[: said.rfind(b"\n") + 1].decode().splitlines()

    def wait_for(self, word: str) -> None:
        """Until it says a line that begins with ``word``, or ends."""
        while self.process.poll() is None and not any(x.startswith(word) for x in self.lines()):
            time.sleep(0.01)

    def kill(self) -> End:
        """SIGKILL."""
        self.process.kill()
        return self.end()

    def end(self) -> End:
        """Wait for its end."""
        code = self.process.wait()
        said = os.pread(self.err.fileno(), 1 << 24, 0).decode(errors="replace").splitlines()
        end = End(code, [line for line in said if line.strip() and not line.startswith(NOTES)])
        for line in self.lines():
            word, _, rest = line.partition(" ")
            if word in ("saved", "played"):
                setattr(end, word, int(rest))
            if word == "dying":
                end.dying = rest
        self.out.close()
        self.err.close()
        return end


class _Child:
    """A forked process with the names of ``subprocess.Popen``."""

    def __init__(self, child: multiprocessing.Process) -> None:
        self.child, self.kill = child, child.kill

    def poll(self) -> int | None:
        return self.child.exitcode

    def wait(self) -> int:
        self.child.join()
        return self.child.exitcode


@dataclass
class Trial:
    """A run folder and the command that trains it.

    Attributes:
        folder: the run's.
        pictures: a .npy file.
        steps: rounds in all.
        options: more of them.
        fork: start faster, see ``Process.forked``.
    """

    folder: Path
    pictures: Path
    steps: int
    options: Sequence[str] = field(default_factory=lambda: ["--quiet"])
    fork: bool = False

    def arguments(self) -> list[str]:
        """The command, without its own name."""
        return ["train", "--run", str(self.folder), "--data", str(self.pictures),
                "--steps", str(self.steps), "--checkpoint-every", str(EVERY),
                *SMALL, *self.options]  # fmt: skip

    def start(self, fault: dict | None = None, **environment: str) -> Process:
        """The process, not waited for."""
        if self.fork:
            return Process.forked(self.arguments(), fault or {})
        told = {"FAULT": json.dumps(fault or {})}
        return Process(self.arguments(), os.environ | told | environment)

    def play(self, fault: dict | None = None, **environment: str) -> End:
        """Start it and wait for its end."""
        return self.start(fault, **environment).end()

    def newest(self) -> int:
        """The step of the newest checkpoint; every one must prove whole, and all else readable.

        Raises:
            StorageError, ValueError, AssertionError: for anything half-written.
        """
        for path in checkpoints.list_checkpoints(self.folder / "checkpoints"):
            step, _ = checkpoints.load_checkpoint(path)
            assert step == checkpoints.step_of(path)
        for name in ("settings.json", "progress.json"):
            if (self.folder / name).exists():
                json.loads((self.folder / name).read_text("utf-8"))
        if (self.folder / "history.csv").exists():
            lines = (self.folder / "history.csv").read_text("utf-8").splitlines()
            assert {line.count(",") for line in lines} == {4}
        if frames.paths(self.folder / "frames"):
            frames.load(self.folder / "frames")
        kept = checkpoints.list_checkpoints(self.folder / "checkpoints")
        return checkpoints.step_of(kept[-1]) if kept else 0

    def seconds_known(self) -> bool:
        """Whether progress.json speaks of the newest checkpoint."""
        path = self.folder / "progress.json"
        told = json.loads(path.read_text("utf-8"))["step"] if path.exists() else 0
        return told == self.newest()

    def bytes(self) -> dict[str, bytes]:
        """All that must be the same in the end: everything but seconds, lock and old checkpoints.

        Older checkpoints than the newest fall on other steps when a run was stopped in between.
        """
        newest = f"step-{self.newest():08d}.safetensors"
        return {
            str(p.relative_to(self.folder)): p.read_bytes()
            for p in sorted(self.folder.rglob("*"))
            if p.is_file()
            and p.name not in ("progress.json", ".lock")
            and (p.suffix != ".safetensors" or p.name == newest)
        }


def make_pictures(path: Path) -> Path:
    """Sixty-four drawn frogs, 8 x 8 pixels, as a .npy file."""
    images, _ = data.sketch_frogs(64, 1)
    np.save(path, images[:, ::4, ::4])
    return path
