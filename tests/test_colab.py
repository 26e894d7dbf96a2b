"""The rehearsal for Colab: it must be able to fail, and its versions must be ones we allow."""

import importlib.util
import sys
import tomllib
from pathlib import Path

import nbformat
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("colab", ROOT / "tools" / "colab.py")
colab = importlib.util.module_from_spec(spec)
spec.loader.exec_module(colab)


def test_the_package_takes_colabs_versions_and_asks_for_nothing_else():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    has = {r.name: r.specifier for r in map(Requirement, colab.COLAB)}
    pinned = {name for name, specifier in has.items() if len(specifier) == 1}
    assert {"tensorflow", "keras", "numpy", "matplotlib", "ipywidgets"} <= pinned
    for needed in map(Requirement, project["dependencies"]):
        assert needed.name in has, f"{needed.name} would have to be installed on Colab"
        for pin in has[needed.name]:
            assert needed.specifier.contains(pin.version), f"{needed} refuses {pin.version}"


def notebook(folder, source):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(made, folder / "one.ipynb")
    return folder / "one.ipynb"


def test_a_notebook_runs_alone_and_a_failing_one_is_reported(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GAN_LESSONS_DATA", "cifar10")
    look = "import os; print(os.listdir()); assert os.listdir() == ['one.ipynb']; "
    command = [sys.executable, *colab.EXECUTE]
    quick = "assert os.environ['GAN_LESSONS_QUICK'] == '1' and 'GAN_LESSONS_DATA' not in os.environ"
    assert colab.report("one", command, notebook(tmp_path, look + quick))
    assert not colab.report("one", command, notebook(tmp_path, "assert 1 == 2, 'no'"))
    said = capsys.readouterr().out
    assert "ran in" in said and "failed in" in said and "AssertionError: no" in said
