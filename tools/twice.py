"""Build the book twice and compare: ``python tools/twice.py [--full]``.

Without ``--full`` no notebook runs: it shows that the pages themselves are the same each time.
With it every notebook runs twice, and what a cell printed counts. EXCEPT lists what may differ.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("_config.yml", "_toc.yml", "book", "vendor")
# what a full build may write differently: places of objects in memory, and measured times
EXCEPT = (
    rb"0x[0-9a-f]{6,16}\b",
    rb"\b\d+(\.\d+)? ?(ms|s|seconds|minutes)\b",
    rb"\b\d+(ms|s)/step\b",
)


def prints(folder: Path, full: bool) -> dict[str, str]:
    """The SHA-256 of every file that a build wrote, by its path.

    Args:
        folder: the built pages.
        full: whether the notebooks ran, so that EXCEPT applies.
    """
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if full and path.suffix in {".html", ".js", ".txt"}:
            for pattern in EXCEPT:
                content = re.sub(pattern, b"*", content)
        found[path.relative_to(folder).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The paths that only one of two builds has, or that are not the same in both."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def build(folder: Path, full: bool) -> Path:
    """Build the book in a folder, made anew; the folder of its pages.

    Raises:
        RuntimeError: when the build fails, with the end of what it said.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)  # type: ignore[operator]
    config = folder / "_config.yml"
    if not full:
        text = config.read_text("utf-8")
        config.write_text(text.replace("notebooks: force", "notebooks: 'off'"), "utf-8")
    place = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")
    done = subprocess.run(
        ["jupyter-book", "build", "-W", "--keep-going", "--all", str(folder)],
        capture_output=True, text=True, env={**os.environ, "PATH": place},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError("the book does not build:\n" + (done.stdout + done.stderr)[-2000:])
    return folder / "_build" / "html"


def main() -> int:
    """Build, compare, say; 1 when something differs."""
    parser = argparse.ArgumentParser(description="Build the book twice and compare.")
    parser.add_argument("--full", action="store_true", help="run every notebook, twice")
    full = parser.parse_args().full
    with tempfile.TemporaryDirectory() as place:
        # the same folder both times: pages may name it
        first = prints(build(Path(place) / "book", full), full)
        second = prints(build(Path(place) / "book", full), full)
    wrong = differing(first, second)
    print(f"{len(first)} files, {len(wrong)} differ" + "".join(f"\n  {path}" for path in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
