"""What becomes of a run when the machine fails: each fault done to a small run, and counted.

    python benchmarks/faults/measure.py [--kills 50] [--only NAME ...] [--out result.json]

Every start is a process of ``gan-lessons train`` (see ``victim.py``), most of them forked from one
that has imported TensorFlow and done nothing else, which saves the import each time. Every run must
end with the bytes of one that was left alone. A full and a read-only disk are a small file system
in memory, mounted for the purpose: that takes Linux and root; without them these are left out and
the report says so.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from downloads import downloads
from trial import EVERY, End, Trial, make_pictures

from gan_lessons import doctor

STEPS = 400
PHASES = ("half written", "before the rename", "after the rename")


def killed(whole: Trial, folder: Path, kills: int, seed: int = 7, fork: bool = True) -> dict:
    """SIGKILL, one start after another on the same folder; half of them inside a write.

    ``fork``: as in ``Trial``; fifty imports of TensorFlow would take longest.
    When a run reaches its end alive, its bytes are compared and the next one begins.
    """
    moments, done, runs = random.Random(seed), Counter(), []

    def new() -> Trial:
        return Trial(folder / str(len(runs)), whole.pictures, whole.steps, fork=fork)

    trial, before, kinds = new(), 0, Counter()
    while done["kills"] < kills or not runs or runs[-1] is not trial:
        if runs and runs[-1] is trial:
            trial, before = new(), 0
        end = _one_death(trial, moments, aimed=done["kills"] % 2 == 1, spare=done["kills"] >= kills)
        newest = trial.newest()
        if end.code == 0:
            runs.append(trial)
            done["identical"] += trial.bytes() == whole.bytes()
            continue
        assert end.code == -9, end.said
        done["kills"] += 1
        print(f"kill {done['kills']}: step {newest} kept, {end.dying or 'in a round'}", flush=True)
        done["in_a_write"] += bool(end.dying)
        if end.dying:
            kinds[f"{_kind(end.dying)}"] += 1
        done["checkpoints_lost"] += newest < max(before, end.saved)
        done["seconds_uncounted"] += not trial.seconds_known()
        done["rounds_played_again"] += max(0, end.played - newest)
        before = newest
    return {"runs": len(runs), **done, "in_which_write": dict(sorted(kinds.items()))}


def _one_death(trial: Trial, moments: random.Random, aimed: bool, spare: bool) -> End:
    if spare:
        return trial.play()
    if aimed:
        fault = {"write": moments.randint(1, 14), "phase": moments.choice(PHASES)}
        return trial.play(fault)
    process = trial.start()
    early = moments.random() < 0.2  # while the networks are built and the run is restored
    process.wait_for("ready" if early else "played")
    time.sleep(moments.uniform(0, 2.0 if early else 1.0))
    return process.kill()


def _kind(dying: str) -> str:
    phase, _, file = dying.rpartition(" ")
    return f"{Path(file).suffix.removeprefix('.')}, {phase}"


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Callable[[str], None]]:
    """A file system of that size at ``place``; what it gives changes its options."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place], check=True)
    try:
        yield (
            lambda options: (
                subprocess.run(["mount", "-o", f"remount,{options}", place], check=True) and None
            )
        )
    finally:
        subprocess.run(["umount", place], check=True)


def may_mount() -> bool:
    """Whether file systems can be mounted here."""
    try:
        with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disk", 64):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def full_disk(whole: Trial, folder: Path, sizes: tuple[int, ...] = (0, 24, 80, 150)) -> dict:
    """A disk with so many KiB to spare: refused, nothing lost; with more room the run goes on."""
    if not may_mount():
        return {"left_out": "no file system can be mounted here"}
    done, said, steps = Counter(), set(), []
    for size in sizes:
        place = folder / f"{size}k"
        with small_disk(place, 4 + size) as change:
            (place / "other").write_bytes(bytes(4096))
            trial = Trial(place / "run", whole.pictures, whole.steps, fork=True)
            end = trial.play()
            steps.append(trial.newest())
            done["refused"] += "disk is full" in end.sentence
            done["checkpoints_lost"] += steps[-1] < end.saved
            said.add(_general(end.sentence, trial.folder))
            change("size=4m")
            done["resumed"] += trial.play().code == 0
            done["identical"] += trial.bytes() == whole.bytes()
    return {"disks": len(sizes), "kept_steps": steps, **done, "said": sorted(said)}


def read_only(whole: Trial, folder: Path) -> dict:
    """Folders that may not be written to, from the start and all of a sudden."""
    done, said = Counter(), set()

    def judge(end: End, trial: Trial, before: int) -> None:
        done["tried"] += 1
        done["refused"] += "may not be written" in end.sentence or "may write to" in end.sentence
        done["checkpoints_lost"] += trial.newest() < max(before, end.saved)
        said.add(_general(end.sentence, trial.folder))

    def finish(trial: Trial) -> None:
        done["resumed"] += trial.play().code == 0
        done["identical"] += trial.bytes() == whole.bytes()

    halfway = Trial(folder / "halfway", whole.pictures, EVERY * 10, fork=True)
    halfway.play()
    # a frame newer than the newest checkpoint, as a kill leaves behind: it must be removed first
    (halfway.folder / "checkpoints" / f"step-{EVERY * 10:08d}.safetensors").unlink()
    before = halfway.newest()

    if os.name == "posix":
        trial = Trial(folder / "modes", whole.pictures, whole.steps, fork=True)
        shutil.copytree(halfway.folder, trial.folder)
        places = [trial.folder, trial.folder / "checkpoints", trial.folder / "frames"]
        for place in (places, places[:1], places[1:2], places[2:]):
            _chmod(place, 0o555)
            judge(trial.play({"obey_modes": True}), trial, before)
            _chmod(places, 0o755)
        process = trial.start({"obey_modes": True})
        process.wait_for("played")
        _chmod(places, 0o555)  # in the middle of training
        judge(process.end(), trial, before)
        _chmod(places, 0o755)
        finish(trial)
    if may_mount():
        with small_disk(folder / "disk", 4096) as change:
            trial = Trial(folder / "disk" / "run", whole.pictures, whole.steps, fork=True)
            shutil.copytree(halfway.folder, trial.folder)
            change("ro")
            judge(trial.play(), trial, before)
            judge(
                Trial(folder / "disk" / "new", whole.pictures, 5, fork=True).play(), trial, before
            )
            change("rw")
            finish(trial)
    return {**done, "said": sorted(said)}


def _chmod(places: list[Path], mode: int) -> None:
    for place in places:
        place.chmod(mode)


def clock(whole: Trial, folder: Path) -> dict:
    """Python's wall clock runs backwards, an hour a second, with the progress bar shown."""
    trial = Trial(folder / "run", whole.pictures, whole.steps // 2, options=[], fork=True)
    start = time.monotonic()
    codes = [trial.play({"clock": 3600}).code]
    trial.steps = whole.steps
    codes.append(trial.play({"clock": 3600}).code)
    seconds = json.loads((trial.folder / "progress.json").read_text("utf-8"))["seconds"]
    return {
        "resumed": int(codes == [0, 0]),
        "identical": int(trial.bytes() == whole.bytes()),
        "seconds_plausible": 0 < seconds < time.monotonic() - start,
    }


def two_processes(whole: Trial, folder: Path) -> dict:
    """A second process on the folder of a first that trains."""
    trial = Trial(folder / "run", whole.pictures, whole.steps)
    first = trial.start()
    first.wait_for("played")
    second = trial.play()
    end = first.end()
    return {
        "refused": int("Another process is training" in second.sentence),
        "first_went_on": end.code == 0 and end.played == whole.steps,
        "identical": int(trial.bytes() == whole.bytes()),
        "said": [_general(second.sentence, trial.folder)],
    }


def memory(whole: Trial, folder: Path, sizes: tuple[int, ...] = (4, 32, 64, 128, 192)) -> dict:
    """So many MiB to go on with and no more: however the process ends, the run goes on later."""
    done, ends, said = Counter(), Counter(), set()
    trial = Trial(folder / "run", whole.pictures, whole.steps // 2, fork=True)
    trial.play()
    trial.steps, before = whole.steps, trial.newest()
    for more in sizes:
        end = trial.play({"more": more << 20})
        newest = trial.newest()
        done["checkpoints_lost"] += newest < max(before, end.saved)
        before = newest
        ours = end.sentence.startswith("There is not enough memory")
        how = "our sentence" if ours else "success" if end.code == 0 else f"exit {end.code}"
        ends[how] += 1
        said |= {end.sentence} if ours else set()
    done["resumed"] += trial.play().code == 0
    done["identical"] += trial.bytes() == whole.bytes()
    return {"tried": len(sizes), "ended_with": dict(ends), **done, "said": sorted(said)}


def _general(sentence: str, folder: Path) -> str:
    return sentence.replace(str(folder), "DIR").replace(str(folder.parent), "PARENT")


FAULTS: dict[str, Callable[..., dict]] = {
    "two processes": two_processes,
    "read-only": read_only,
    "full disk": full_disk,
    "clock": clock,
    "memory": memory,
    "download": lambda whole, folder: downloads(folder),
    "killed": killed,
}


def main() -> None:
    """Do them all and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--only", nargs="*", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--out", type=Path, help="faults not asked for stay as they are there")
    options = parser.parse_args()
    kept = (
        json.loads(options.out.read_text("utf-8")) if options.out and options.out.exists() else {}
    )
    found = kept.get("faults", {})
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = Trial(folder / "whole", make_pictures(folder / "frogs.npy"), STEPS)
        assert whole.play().code == 0
        for name in options.only:
            (folder / name).mkdir()
            start = time.monotonic()
            more = (options.kills,) if name == "killed" else ()
            found[name] = FAULTS[name](whole, folder / name, *more)
            found[name]["seconds"] = round(time.monotonic() - start)
            print(name, json.dumps(found[name], indent=2), flush=True)
            report = {
                "what": f"a run of {STEPS} rounds, a checkpoint every {EVERY}",
                "machine": f"{os.cpu_count()} cores, {doctor.processor()}, {platform.system()}",
                "faults": {key: found[key] for key in FAULTS if key in found},
            }
            if options.out:
                options.out.write_text(json.dumps(report, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
