"""Run the tests in an environment of other versions than the pinned ones.

``newest`` takes the newest releases that pyproject.toml allows, ``oldest`` the oldest: each lower
bound there is taken by its word. The environment is kept outside the repository for the next time.
The tests of the built pages need the pinned jupyter-book and stay out.

usage: python tools/environments.py newest|oldest [--folder FOLDER] [PYTEST'S ARGUMENTS]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: what the tests themselves use
RUNNERS = (
    *("ipykernel", "nbformat", "nbval", "nbclient", "pytest", "scipy", "hypothesis"),
    *("playwright", "pyyaml", "setuptools", "wheel"),
)
LEFT_OUT = ("tests/browser", "tests/test_vendor.py", "tests/test_bundle.py")


def wanted(which: str, root: Path = ROOT) -> list[str]:
    """The requirements of an environment.

    Args:
        which: ``"newest"``: as pyproject.toml says, for ``pip install --upgrade``; ``"oldest"``:
            each ``name>=version`` there as ``name==version``. The runners are the newest in both.
        root: the repository.

    Raises:
        ValueError: for another word, or a dependency without a lower bound.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    if which == "newest":
        return [*project["dependencies"], *RUNNERS]
    if which != "oldest":
        raise ValueError(f"There is no environment {which!r}: choose 'newest' or 'oldest'.")
    lowest = []
    for line in project["dependencies"]:
        found = re.fullmatch(r"([\w.-]+)>=([\d.]+)", line)
        if not found:
            raise ValueError(f"The dependency {line!r} has no plain lower bound: write name>=1.2.")
        lowest.append(f"{found[1]}=={found[2]}")
    return [*lowest, *RUNNERS]


def prepare(which: str, folder: Path) -> str:
    """Make the environment, or bring it up to date; its interpreter."""
    place = folder / f"{which}-{sys.version_info.major}.{sys.version_info.minor}"
    python = str(place / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", *wanted(which)], check=True)
    editable = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    subprocess.run([*pip, *editable], check=True)
    return python


def versions(python: str) -> str:
    """What stands in the environment, in one line."""
    names = ["tensorflow", "keras", "numpy", "matplotlib", "ipywidgets", "pillow", "scipy"]
    code = f"from importlib.metadata import version as v; print(*(n + ' ' + v(n) for n in {names}))"
    return subprocess.run(
        [python, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def main() -> int:
    """Prepare, say what is there, run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("which", choices=("newest", "oldest"))
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "gan-lessons-environments",
        help="where the environments are kept for the next time",
    )  # fmt: skip
    options, given = parser.parse_known_args()
    python = prepare(options.which, options.folder)
    print(f"{options.which}: Python {sys.version.split()[0]}, {versions(python)}", flush=True)
    ignored = [f"--ignore={name}" for name in LEFT_OUT]
    command = [python, "-m", "pytest", "-q", *ignored, *given]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
