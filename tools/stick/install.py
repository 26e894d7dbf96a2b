"""Install the course from this stick, without a network, and copy the notebooks.

It needs Python 3.11, 3.12 or 3.13, as README.txt says, and nothing else. What it makes lies in one
folder (painter-and-forger in your home); delete that folder and everything is gone.

usage: python install.py [--to FOLDER]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

STICK = Path(__file__).resolve().parent
HOME = "painter-and-forger"


def list_name(system: str, python: str) -> str:
    """The file that lists the wheels for a system and a Python such as "3.12"."""
    return f"{system}-{python}.txt"


def system_of(name: str, machine: str) -> str | None:
    """Our name of a system, from what the module platform says; None: no wheels exist."""
    known = {
        ("Windows", "amd64"): "windows",
        ("Darwin", "arm64"): "mac",
        ("Linux", "x86_64"): "linux",
    }
    return known.get((name, machine.lower()))


def chosen(wheels: Path, system: str | None, python: str) -> Path:
    """The list for this machine; stops with one sentence when the stick has none."""
    there = sorted(path.stem for path in wheels.glob("*-3.*.txt"))
    if not there:
        sys.exit(f"There are no wheels in {wheels}: copy the whole folder of the stick.")
    listed = wheels / list_name(system or "", python)
    if not listed.exists():
        mine = f"{system or platform.system() + ' ' + platform.machine()}-{python}"
        sys.exit(f"This machine is {mine}; this stick is for {', '.join(there)}. "
                 "Take another Python (python.org), or the book's pages, or Colab.")  # fmt: skip
    return listed


def copy_notebooks(source: Path, target: Path) -> int:
    """Copy what is not there yet, so that nobody's work is lost. Returns how many."""
    copied = 0
    for path in sorted(source.rglob("*.ipynb")):
        there = target / path.relative_to(source)
        if not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, there)
            copied += 1
    return copied


def starter(folder: Path) -> Path:
    """A file to double-click that opens JupyterLab in the notebooks' folder."""
    windows = os.name == "nt"
    scripts = Path("environment", "Scripts" if windows else "bin")
    name = {"Windows": "start.bat", "Darwin": "start.command"}.get(platform.system(), "start.sh")
    path = folder / name
    if windows:
        text = "@echo off\r\ncd /d %~dp0\r\n"
        text += "set TF_ENABLE_ONEDNN_OPTS=1\r\nset TF_CPP_MIN_LOG_LEVEL=2\r\n"
        text += f"{scripts}\\python -m jupyterlab --notebook-dir=notebooks\r\n"
    else:
        text = '#!/bin/sh\ncd "$(dirname "$0")"\n'
        text += "export TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=2\n"
        text += f"exec {scripts}/python -m jupyterlab --notebook-dir=notebooks\n"
    path.write_bytes(text.encode())
    path.chmod(0o755)
    return path


def install(to: Path, stick: Path = STICK) -> Path:
    """Make an environment in ``to``, fill it from the stick, copy the notebooks.

    Returns:
        The environment's interpreter.
    """
    python = ".".join(map(str, sys.version_info[:2]))
    listed = chosen(stick / "wheels", system_of(platform.system(), platform.machine()), python)
    start = time.monotonic()
    environment = to / "environment"
    print(f"Installing into {to}: this takes some minutes and no network.", flush=True)
    venv.create(environment, with_pip=True)
    its = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # --isolated: settings of this machine, such as another index, do not count
    pip = [str(its), "-m", "pip", "--isolated", "--disable-pip-version-check", "install"]
    subprocess.run(
        [*pip, "--quiet", "--no-index", "--find-links", str(stick / "wheels"),
         "--require-hashes", "--requirement", str(listed)], check=True,
    )  # fmt: skip
    copied = copy_notebooks(stick / "notebooks", to / "notebooks")
    print(f"Done in {time.monotonic() - start:.0f} s; {copied} notebooks copied.")
    print(f"To begin, open {starter(to)}")
    return its


def main() -> None:
    """Read the command line and install."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path.home() / HOME, help="the folder to make")
    install(parser.parse_args().to.resolve())


if __name__ == "__main__":
    main()
