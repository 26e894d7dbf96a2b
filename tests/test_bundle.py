"""The stick for a room without a network: what is on it, and that it installs from itself alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tools import bundle  # noqa: E402
from tools.stick import install  # noqa: E402

BUNDLE = os.environ.get("GAN_LESSONS_BUNDLE")


@pytest.fixture
def dry(tmp_path, monkeypatch):
    """A bundle without wheels, and with or without a book."""

    def make(book):
        monkeypatch.setattr(bundle, "add_wheels", lambda out, *_: (out / "wheels").mkdir())
        bundle.make(tmp_path / "stick", ["windows", "mac"], ["3.12"], book)
        return tmp_path / "stick"

    return make


def test_without_a_book_it_says_so_and_what_to_do(dry, tmp_path, capsys):
    stick = dry(tmp_path / "nothing")
    assert "NOT on this stick" in capsys.readouterr().out
    readme = (stick / "README.txt").read_text("utf-8")
    assert "NOT on this stick: run `make book`" in readme and "{" not in readme
    assert "Windows, 64 bit, with Python 3.12" in readme and "Apple silicon" in readme


def test_what_is_on_it(dry, tmp_path):
    page = tmp_path / "html" / "book" / "intro.html"
    page.parent.mkdir(parents=True)
    page.write_text("the book", "utf-8")
    stick = dry(tmp_path / "html")
    assert (stick / "book" / "book" / "intro.html").read_text("utf-8") == "the book"
    chapters = {path.name for path in (ROOT / "book").glob("*.ipynb")}
    assert chapters and chapters == {p.name for p in (stick / "notebooks").glob("*.ipynb")}
    for name, source in {
        "notebooks/exercises": "exercises",
        "for-the-teacher": "solutions",
    }.items():
        there = {path.name for path in (ROOT / "book" / source).glob("*.ipynb")}
        assert there and there == {path.name for path in (stick / name).glob("*.ipynb")}
    assert not list((stick / "notebooks").rglob("*olution*"))
    for name in ("install.py", "install.sh", "install-windows.bat", "README.txt"):
        assert (stick / name).exists()
    assert b"\r\n" in (stick / "install-windows.bat").read_bytes()
    assert b"\r" not in (stick / "install.sh").read_bytes()


def test_learners_get_what_the_package_needs_in_the_books_versions():
    names = {line.split(">")[0].split("=")[0] for line in bundle.wanted()}
    assert {"tensorflow", "ipywidgets", "jupyterlab"} <= names and "jupyter-book" not in names
    pinned = bundle.pins()
    assert "tensorflow==2.21.0" in pinned and not any("hash" in line for line in pinned)


def test_the_list_is_chosen_by_machine_and_python(tmp_path):
    for name in ("windows-3.12", "mac-3.12"):
        (tmp_path / f"{name}.txt").write_text("", "utf-8")
    assert install.chosen(tmp_path, "mac", "3.12").name == "mac-3.12.txt"
    with pytest.raises(SystemExit, match=r"This machine is mac-3\.13; this stick is for mac-3\.12"):
        install.chosen(tmp_path, "mac", "3.13")
    with pytest.raises(SystemExit, match="copy the whole folder"):
        install.chosen(tmp_path / "empty", "mac", "3.12")
    assert install.system_of("Windows", "AMD64") == "windows"
    assert install.system_of("Darwin", "arm64") == "mac"
    assert install.system_of("Darwin", "x86_64") is None  # TensorFlow has no wheels for it


def test_nobodys_work_is_overwritten(tmp_path):
    source, target = tmp_path / "stick", tmp_path / "home"
    (source / "exercises").mkdir(parents=True)
    (source / "one.ipynb").write_text("new", "utf-8")
    (source / "exercises" / "two.ipynb").write_text("new", "utf-8")
    target.mkdir()
    (target / "one.ipynb").write_text("my work", "utf-8")
    assert install.copy_notebooks(source, target) == 1
    assert (target / "one.ipynb").read_text("utf-8") == "my work"
    assert (target / "exercises" / "two.ipynb").exists()


def test_the_shell_scripts_are_sound():
    script = ROOT / "tools" / "stick" / "install.sh"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


SAMPLE = """
import numpy as np, jupyterlab
import gan_lessons
from gan_lessons import pretrained
frogs = pretrained.load("frogs")
z = np.random.default_rng(0).standard_normal((4, 64)).astype("float32")
print(gan_lessons.__file__, np.asarray(frogs.generator(z, training=False)).shape)
"""


@pytest.mark.skipif(not BUNDLE, reason="installs 2 GB: run `make test-bundle`")
def test_it_installs_without_a_network_and_paints_a_frog(tmp_path):
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    environment |= nowhere | {k.upper(): v for k, v in nowhere.items()}
    environment |= {"HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "2"}
    there, start = tmp_path / "course", time.monotonic()
    command = [sys.executable, str(Path(BUNDLE, "install.py").resolve()), "--to", str(there)]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seconds = time.monotonic() - start
    its = there / "environment" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    said = subprocess.run(
        [str(its), "-c", SAMPLE], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr[-2000:]
    assert str(there) in said.stdout and "(4, 32, 32, 3)" in said.stdout
    assert list((there / "notebooks").glob("01-*.ipynb"))
    print(f"\nThe bundle holds {bundle.megabytes(Path(BUNDLE)):,.0f} MB, installed in "
          f"{seconds:.0f} s, takes {bundle.megabytes(there):,.0f} MB on the disk.")  # fmt: skip
