"""Make the bundle for a room without a network: everything on one USB stick.

It holds the built book (if there is one), the playground and the slides as single pages, the
notebooks, the package with its trained weights, and the wheels of all that it needs. What stands
in `tools/stick/` is copied onto it: an installer that asks nothing of the network.

usage: python tools/bundle.py [--out FOLDER] [--platform windows ...] [--python 3.12 ...]
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.stick import install  # noqa: E402

PYTHONS = ("3.11", "3.12", "3.13")
LAB = "jupyterlab"  # what opens the notebooks; its version is pinned in requirements.txt too
BOOK = ROOT / "_build" / "html"
PACKAGE = ("gan_lessons", "pyproject.toml", "README.md", "LICENSE")


@dataclass(frozen=True)
class System:
    """A kind of laptop.

    Attributes:
        said: what it is, for the README.
        uv: the name that uv has for it.
        tags: the wheels that it takes.
    """

    said: str
    uv: str
    tags: tuple[str, ...]


_LINUX = ("1", "2010", "2014", "_2_17", "_2_24", "_2_26", "_2_27", "_2_28")
SYSTEMS = {
    "windows": System("Windows, 64 bit", "x86_64-pc-windows-msvc", ("win_amd64",)),
    "mac": System("macOS 12 or newer, Apple silicon", "aarch64-apple-darwin",
                  ("macosx_12_0_arm64", "macosx_12_0_universal2")),
    "linux": System("Linux with glibc 2.28 or newer, x86-64", "x86_64-manylinux_2_28",
                    (*(f"manylinux{v}_x86_64" for v in _LINUX), "linux_x86_64")),
}  # fmt: skip


def run(command: list[str], **options: object) -> None:
    """Run a command; when it fails, stop with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} … failed:\n{done.stdout[-1500:]}{done.stderr[-3000:]}")


def own_wheel(folder: Path) -> Path:
    """The package, trained weights and all, as a wheel in ``folder``."""
    with tempfile.TemporaryDirectory() as copy:
        for name in PACKAGE:
            source, target = ROOT / name, Path(copy) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        run([*pip, "--no-build-isolation", "--wheel-dir", str(folder), copy])
    return max(folder.glob("gan_lessons-*.whl"), key=lambda path: path.stat().st_mtime)


def wanted() -> list[str]:
    """What a learner needs: the package's requirements, and what opens notebooks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [*project["dependencies"], LAB]


def pins() -> list[str]:
    """The versions of requirements.txt, without their hashes."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [line.rstrip("\\ ") for line in lines if line and line[0] not in " #-"]


def resolve(system: str, python: str, target: Path) -> None:
    """Write every requirement for one system and one Python to ``target``, each with its hashes."""
    with tempfile.TemporaryDirectory() as place:
        asked, pinned = Path(place, "asked.in"), Path(place, "pinned.txt")
        asked.write_text("\n".join(wanted()), "utf-8")
        pinned.write_text("\n".join(pins()), "utf-8")
        run([sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes",
             "--no-annotate", "--no-header", "--python-version", python,
             "--python-platform", SYSTEMS[system].uv, "--constraint", str(pinned),
             "--output-file", str(target), str(asked)])  # fmt: skip


def download(system: str, python: str, listed: Path, folder: Path) -> None:
    """Fetch the wheels that a list names."""
    tags = [word for tag in SYSTEMS[system].tags for word in ("--platform", tag)]
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
         "--only-binary=:all:", "--implementation", "cp", "--python-version", python, *tags,
         "--dest", str(folder), "--requirement", str(listed)])  # fmt: skip


def add_wheels(out: Path, systems: list[str], pythons: list[str]) -> None:
    """The package's wheel, and for each system and Python a list and what it names."""
    wheels = out / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    for old in wheels.glob("*.txt"):
        old.unlink()
    for old in wheels.glob("gan_lessons-*.whl"):
        old.unlink()
    package = own_wheel(wheels)
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    version = package.name.split("-")[1]
    for system in systems:
        for python in pythons:
            listed = wheels / install.list_name(system, python)
            resolve(system, python, listed)
            print(f"fetching the wheels for {SYSTEMS[system].said}, Python {python}", flush=True)
            download(system, python, listed, wheels)
            with listed.open("a", encoding="utf-8") as file:
                file.write(f"gan-lessons=={version} --hash=sha256:{digest}\n")


def add_pages(out: Path, book: Path = BOOK) -> str:
    """The built book and two pages that need nothing. Returns what to say about the book."""
    from gan_lessons import page

    page.playground().save(out / "playground.html")
    for old in (out / "book", out / "slides.html"):
        if old.is_dir():
            shutil.rmtree(old)
        old.unlink(missing_ok=True)
    slides = ROOT / "_build" / "slides.html"
    if slides.exists():
        shutil.copy(slides, out / "slides.html")
    if not (book / "book" / "intro.html").exists():
        return "The book is NOT on this stick: run `make book` first, then `make bundle` again."
    shutil.copytree(book, out / "book", ignore=shutil.ignore_patterns("*.doctree", ".buildinfo"))
    return "The book: open book/book/intro.html (double click). It needs no Python."


def add_notebooks(out: Path) -> None:
    """Chapters and exercises for the learners; the solutions in a folder of their own."""
    for name, source in {"notebooks": "book", "notebooks/exercises": "book/exercises",
                         "for-the-teacher": "book/solutions"}.items():  # fmt: skip
        (out / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((ROOT / source).glob("*.ipynb")):
            shutil.copy(path, out / name)


def megabytes(folder: Path) -> float:
    """How much is in a folder, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def make(out: Path, systems: list[str], pythons: list[str], book: Path = BOOK) -> None:
    """Put everything into ``out``; what is there already is not fetched again."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out / "notebooks", ignore_errors=True)
    add_wheels(out, systems, pythons)
    add_notebooks(out)
    said = add_pages(out, book)
    for path in (ROOT / "tools" / "stick").glob("*"):
        if path.is_file() and path.name not in ("__init__.py", "README.txt"):
            shutil.copy(path, out)
    sheet = (ROOT / "tools" / "stick" / "README.txt").read_text("utf-8")
    takes = "\n".join(f"  - {SYSTEMS[s].said}, with Python {' or '.join(pythons)}" for s in systems)
    (out / "README.txt").write_text(
        sheet.replace("{BOOK}", said).replace("{SYSTEMS}", takes), "utf-8"
    )
    print(f"{said}\n{out} holds {megabytes(out):,.0f} MB, {megabytes(out / 'wheels'):,.0f} of them")
    print("wheels. Copy the folder onto the stick; README.txt in it says how to go on.")


def this_system() -> str:
    """The system that this runs on; stops where there are no wheels for it."""
    found = install.system_of(platform.system(), platform.machine())
    if found is None:
        sys.exit(f"There are no wheels for {platform.system()} on {platform.machine()}: "
                 f"name one of {', '.join(SYSTEMS)} with --platform.")  # fmt: skip
    return found


def main() -> None:
    """Read the command line and make the bundle."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "painter-and-forger")
    laptops = "for which laptops (again for more); left out: for this kind"
    parser.add_argument("--platform", action="append", choices=list(SYSTEMS), help=laptops)
    versions = "for which Python (again for more); left out: for this one"
    parser.add_argument("--python", action="append", choices=PYTHONS, help=versions)
    options = parser.parse_args()
    here = ".".join(map(str, sys.version_info[:2]))
    make(options.out, options.platform or [this_system()], options.python or [here])


if __name__ == "__main__":
    main()
