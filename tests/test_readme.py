"""What README and the book tell people to type is there, and README's versions and code are so."""

import re
import shlex
import sys
import tomllib
from pathlib import Path

import numpy as np
from PIL import Image

from gan_lessons import __version__, options

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tools import colab  # noqa: E402

README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TEXTS = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "book").glob("*.md")), *sorted((ROOT / "book" / "teach").glob("*.md")),
]  # fmt: skip
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAMES = ("TensorFlow", "Keras", "NumPy", "Matplotlib", "Pillow", "ipywidgets")


def typed(program):
    """What is typed after the program's name: whole lines, and what stands among words."""
    lines, words = [], []
    for path in TEXTS:
        text = path.read_text("utf-8")
        lines += re.findall(rf"^ *{program} (.+?)(?: +#.*)?$", text, re.M)
        words += re.findall(rf"`{program} ([^`\n]+)`", text)
    assert lines and words
    return lines, words


def test_every_command_that_is_told_is_understood():
    lines, words = typed("gan-lessons")
    for line in lines:
        options.parser().parse_args(shlex.split(line))
    (known,) = (a.choices for a in options.parser()._actions if a.dest == "command")
    for line in words:  # such as `gan-lessons train`, without what it needs
        command, *rest = shlex.split(line)
        for word in rest:
            if word.startswith("-"):
                assert word.partition("=")[0] in known[command]._option_string_actions, line
        assert command in known, line
    told = {line.split()[0] for line in [*lines, *words]} | {"evaluate", "page", "sample"}
    assert told == set(known)


def test_every_target_that_is_told_is_there_and_make_help_lists_it():
    described = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M))
    phony = set(re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.M)[1].split())
    assert described == phony
    lines, words = typed("make")
    told = set()
    for line in [*lines, *words]:
        targets = re.findall(r"(?<!\S)[a-z-]+(?!\S)", re.sub(r'\w+=("[^"]*"|\S+)', "", line))
        assert set(targets) <= described, line
        told |= set(targets)
    assert len(told) >= 12


def test_what_readme_links_to_and_names_is_there():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    named = re.findall(r"`((?:book|gan_lessons|tests|benchmarks|tools|deploy)/[\w./-]*)`", README)
    assert len(links) >= 2 and len(named) >= 8
    for name in [*links, *named]:
        assert (ROOT / name).exists(), name


def row(start):
    """The versions of a row of the table of environments."""
    (found,) = re.findall(rf"^\| {start}.*$", README, re.M)
    return dict(re.findall(rf"({'|'.join(NAMES)}) ([\d.]+\d)", found))


def test_readmes_oldest_releases_are_the_bounds():
    bounds = dict(line.split(">=") for line in PROJECT["dependencies"])
    assert row("the oldest") == {name: bounds[name.lower()] for name in NAMES}
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "Python 3.11 to 3.13" in README and "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (
        MAKEFILE
    )


def test_readmes_versions_for_colab_are_those_that_are_installed():
    pins = dict(line.split("==") for line in colab.COLAB if "==" in line)
    told = row("Colab's versions")
    assert set(told) >= {"TensorFlow", "Keras", "NumPy", "ipywidgets"}
    for name, version in told.items():
        assert f"{pins[name.lower()]}.".startswith(f"{version}."), name


def test_the_citation_is_of_this_version():
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_readmes_code_runs(tmp_path):
    """Ten times a thousand rounds are shortened to one."""
    random = np.random.default_rng(0)
    for k in range(80):
        pixels = random.integers(0, 256, (32, 32, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{k}.png")
    (code,) = re.findall(r"```python\n(.+?)```", README, re.S)
    for told, here in (
        ("my-pictures/", tmp_path.as_posix()),
        ("steps_per_epoch=1000, epochs=10", "steps_per_epoch=1, epochs=1, verbose=0"),
    ):
        assert code.count(told) == 1
        code = code.replace(told, here)
    space = {}
    exec(compile(code, "README.md", "exec"), space)
    assert space["images"].shape[1:] == (32, 32, 3) and space["images"].dtype == np.float32
    assert abs(space["images"]).max() <= 1
    assert space["forgeries"].shape == (64, 32, 32, 3)
    assert int(space["game"].g_optimizer.iterations) == 1
