"""The versions of the other environments, and that the pins can be installed."""

import re
import runpy
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def wanted():
    return runpy.run_path(str(ROOT / "tools" / "environments.py"))["wanted"]


def test_the_oldest_takes_each_bound_by_its_word(wanted):
    oldest = wanted("oldest")
    assert "ipywidgets==7.7.1" in oldest
    newest = wanted("newest")
    assert {line.replace("==", ">=") for line in oldest} == set(newest)
    assert {re.split("[>=]", line)[0] for line in newest} == {x.split("==")[0] for x in oldest}


def test_a_dependency_without_a_bound_is_named(wanted, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\ndependencies = ['numpy>=2.0', 'tqdm']\n")
    with pytest.raises(ValueError, match=r"'tqdm' has no plain lower bound"):
        wanted("oldest", tmp_path)
    with pytest.raises(ValueError, match="no environment 'colab'"):
        wanted("colab", tmp_path)


def extras_asked_for():
    """Every ``name[extra]`` that a pinned and installed distribution asks for."""
    pins = (ROOT / "requirements.txt").read_text("utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)(?:\[([\w,]+)\])?==", pins, re.M))
    for name in pinned:
        try:
            asked = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another system
            continue
        for line in asked:
            found = re.match(r"([\w.-]+)\[([\w,-]+)\]", line)
            if found and "extra ==" not in line and found[1] in pinned:
                yield name, found[1], set(found[2].split(",")), set(pinned[found[1]].split(","))


def test_a_pin_names_the_extras_that_others_ask_for():
    """An older pip looks for the newest ``name[extra]`` otherwise and refuses it without a hash."""
    pytest.importorskip("pytest_cov", reason="this is not the pinned environment")
    asked = list(extras_asked_for())
    assert asked, "pytest-cov asks for coverage[toml]"
    assert not [row for row in asked if not row[2] <= row[3]]
