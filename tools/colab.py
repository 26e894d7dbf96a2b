"""Run the notebooks as on Colab: its versions, the package without its repository, an empty folder.

A virtual environment outside the repository gets Colab's versions and a copy of the package
(``--no-deps``, as in the notebooks' set-up cell). There every notebook runs in quick mode, alone in
an empty folder, with no network and no home; then the widgets' tests run with Colab's ipywidgets.
Colab has Python 3.13; here it is the interpreter that runs this script.

usage: python tools/colab.py [--folder FOLDER] [NOTEBOOK ...]    all of the book's, or these
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Colab's image of 2026-08-19, so far as the course meets it
COLAB = [
    *("tensorflow==2.20.0", "keras==3.13.2", "numpy==2.1.3", "scipy==1.16.3", "matplotlib==3.10.0"),
    *("ipywidgets==7.7.1", "ipython==7.34.0", "ipykernel==6.17.1"),
    *("filelock", "pillow", "pooch", "requests", "safetensors", "tqdm"),
]
RUNNERS = ["nbclient", "nbformat", "pytest"]  # what runs the notebooks and the tests
EXECUTE = ["-c", "from nbclient.cli import main; main()"]
COPIED = ("gan_lessons", "pyproject.toml", "README.md", "LICENSE")


def python_of(folder: Path) -> Path:
    """The interpreter of the environment in ``folder``."""
    return folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(folder: Path) -> None:
    """Make the environment, or bring it up to date, and install the package as it is now."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [str(python_of(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted, marker = "\n".join([sys.version, *COLAB, *RUNNERS]), folder / "installed.txt"
    if not marker.exists() or marker.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder / "venv")], check=True)
        subprocess.run([*pip, *COLAB, *RUNNERS], check=True)
        marker.write_text(wanted, "utf-8")
    with tempfile.TemporaryDirectory() as copy:
        for name in COPIED:
            source, target = ROOT / name, Path(copy) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        again = ["--force-reinstall", "--no-deps", copy]
        subprocess.run([*pip, *again], check=True)


def alone(command: list[str], file: Path) -> subprocess.CompletedProcess[str]:
    """Run a command on a copy of ``file`` in an empty folder, with no network and no home.

    Args:
        command: its last word is to be the file's name, which is added.
        file: what is copied there.
    """
    with tempfile.TemporaryDirectory() as place:
        home, empty = Path(place, "home"), Path(place, "notebook")
        home.mkdir()
        empty.mkdir()
        shutil.copy(file, empty)
        nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GAN_LESSONS_")}
        environment.pop("PYTHONPATH", None)
        environment |= nowhere | {k.upper(): v for k, v in nowhere.items()}
        environment |= {"HOME": str(home), "GAN_LESSONS_QUICK": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
        return subprocess.run(
            [*command, file.name], cwd=empty, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip


def report(name: str, command: list[str], file: Path) -> bool:
    """Run it alone, print one line, and what it said if it failed."""
    start = time.monotonic()
    done = alone(command, file)
    word = "failed" if done.returncode else "ran"
    print(f"{name:<40} {word} in {time.monotonic() - start:.0f} s", flush=True)
    if done.returncode:
        said = re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)  # without colours
        print(said[-4000:], flush=True)
    return done.returncode == 0


def packages(python: str) -> set[str]:
    """What is installed, as ``name==version``, but for the course's own package."""
    freeze = [python, "-m", "pip", "list", "--format", "freeze", "--disable-pip-version-check"]
    listed = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout
    return {line for line in listed.split() if not line.startswith(("gan-lessons", "gan_lessons"))}


def set_up(python: str, chapter: Path) -> bool:
    """Run a notebook's set-up cell where the package is missing; it must install that and no more.

    The archive that a public host would serve is made of the last commit and served on loopback.

    Args:
        python: the interpreter of Colab's environment. The package is taken out of it first.
        chapter: a notebook whose first code cell is the set-up cell.
    """
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    source = "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "uninstall", "--yes", "gan-lessons"], check=True)
    before = packages(python)
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place, "course", "archive", "refs", "heads", "main.zip")
        archive.parent.mkdir(parents=True)
        made = ["git", "archive", "--format=zip", "--prefix=course-main/", "-o", str(archive)]
        subprocess.run([*made, "HEAD"], cwd=ROOT, check=True)
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=place)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            here = f"http://127.0.0.1:{server.server_port}/course"
            code = re.sub(r'REPOSITORY = ".*"', f'REPOSITORY = "{here}"', source)
            done = subprocess.run(
                [python, "-c", code + "\nimport gan_lessons; print(gan_lessons.__file__)"],
                cwd=place, capture_output=True, text=True, check=False,
            )  # fmt: skip
            server.shutdown()
    changed = before ^ packages(python)
    good = done.returncode == 0 and "site-packages" in done.stdout and not changed
    print(
        f"{'the set-up cell':<40} {'installs the package and nothing else' if good else 'failed'}"
    )
    if not good:
        print(done.stdout, done.stderr, f"Changed: {', '.join(sorted(changed)) or 'nothing'}")
    return good


def notebooks() -> list[Path]:
    """The chapters, and the solutions in place of the exercises, which are not finished."""
    book = ROOT / "book"
    return sorted(book.glob("*.ipynb")) + sorted((book / "solutions").glob("*.ipynb"))


def main() -> int:
    """Prepare, run, and say how many failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="all of the book's if left out")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "gan-lessons-colab",
        help="where the environment is kept for the next time",
    )  # fmt: skip
    options = parser.parse_args()
    prepare(options.folder)
    python = str(python_of(options.folder))
    paths = options.notebooks or notebooks()
    good = [set_up(python, notebooks()[0])]
    good += [report(path.stem, [python, *EXECUTE], path) for path in paths]
    if not options.notebooks:
        tests = ROOT / "tests" / "test_widgets.py"
        good.append(report("widgets", [python, "-m", "pytest", "-q"], tests))
    print(f"{good.count(False)} of {len(good)} failed.")
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
