"""Build the book twice and compare: ``python tools/twice.py [--full] [--keep FOLDER]``.

Without ``--full`` no notebook runs: it shows that the pages themselves are the same each time.
With it every notebook runs twice, and what a cell printed or drew counts. What may differ then:

- places of objects in memory and measured times (EXCEPT);
- what cells with the tag ``clock`` print and draw: they train for so many seconds, or show times;
- what cells with the tag ``rounding`` do: TensorFlow does not always add up in the same order, and
  of all the games one (R1 with five looks, chapter 5) has been seen to differ in the second digit;
- numbers among the words of the search index, which come from such cells.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("_config.yml", "_toc.yml", "book", "vendor")
# what a full build may write differently: places of objects in memory, and measured times
EXCEPT = (
    rb"0x[0-9a-f]{6,16}\b",
    rb"\b\d+(\.\d+)? ?(ms|s|seconds|minutes)\b",
    rb"\b\d+(ms|s)/step\b",
)
TAGS = ("clock", "rounding")
PART = re.compile(r"_parts/[\w.-]+")


def prints(folder: Path, full: bool) -> dict[str, str]:
    """The SHA-256 of every file that a build wrote, by its path.

    Args:
        folder: the built pages.
        full: whether the notebooks ran, so that EXCEPT applies.
    """
    paths = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    contents = {name: path.read_bytes() for name, path in sorted(paths.items())}
    if full:
        contents = without_tagged(contents)
        for name, content in contents.items():
            if name == "searchindex.js":
                contents[name] = without_numbers(content)
            elif name.endswith((".html", ".js", ".txt")):
                for pattern in EXCEPT:
                    contents[name] = content = re.sub(pattern, b"*", content)
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def without_tagged(contents: dict[str, bytes]) -> dict[str, bytes]:
    """The files without what cells with one of TAGS put out, and without its pictures.

    Args:
        contents: of every file, by its path.
    """
    there, taken, left = {}, set(), set()
    outputs = ", ".join(f"div.cell.tag_{tag} div.cell_output" for tag in TAGS)
    for name, content in contents.items():
        if name.endswith(".html") and any(f"tag_{tag}".encode() in content for tag in TAGS):
            page = BeautifulSoup(content, "html.parser")
            for output in page.select(outputs):
                taken |= set(PART.findall(str(output)))
                output.clear()
            content = str(page).encode()
        if name.endswith(".html"):
            left |= set(PART.findall(content.decode("utf-8")))
        there[name] = content
    return {name: content for name, content in there.items() if name not in taken - left}


def without_numbers(index: bytes) -> bytes:
    """The search index without words that begin with a digit."""
    head, _, rest = index.partition(b"(")
    found = json.loads(rest[: rest.rindex(b")")])
    found["terms"] = {word: n for word, n in found["terms"].items() if not word[:1].isdigit()}
    return head + json.dumps(found, sort_keys=True).encode()


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
    parser.add_argument("--keep", type=Path, help="where both builds go, to look at them after")
    options = parser.parse_args()
    full = options.full
    with tempfile.TemporaryDirectory() as place:
        found = []
        for number in ("one", "two"):  # in the same folder both times: pages may name it
            pages = build(Path(place) / "book", full)
            if options.keep:
                shutil.copytree(pages, options.keep / number, dirs_exist_ok=True)
            found.append(prints(pages, full))
        first, second = found
    wrong = differing(first, second)
    print(f"{len(first)} files, {len(wrong)} differ" + "".join(f"\n  {path}" for path in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
