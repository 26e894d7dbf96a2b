"""What several tests share."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parent / "plugins"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config, items):
    """Several workers: a file stays together, and so does what looks at the played chapters.

    Those, which take the longest, come first.
    """
    if not config.pluginmanager.hasplugin("xdist"):
        return

    def chapters(item):
        path = getattr(item, "callspec", None) and item.callspec.params.get("path")
        alone = path and path.parent.name == "solutions"
        return bool({"html", "play"} & set(item.fixturenames)) and not alone

    items.sort(key=lambda item: not chapters(item))
    for item in items:
        name = "chapters" if chapters(item) else item.path.name
        item.add_marker(pytest.mark.xdist_group(name))


@pytest.hookimpl(tryfirst=True)  # before pytest skips it
def pytest_runtest_setup(item):
    """A test over the files of a folder fails where there are none: it would look like a pass."""
    if any("empty parameter set" in m.kwargs.get("reason", "") for m in item.iter_markers("skip")):
        pytest.fail("There is nothing to try it with.", pytrace=False)


@dataclass(frozen=True)
class Played:
    """A notebook that nbval has played.

    Attributes:
        passed: no cell failed.
        said: what nbval said.
        copy: the notebook with what its cells showed.
    """

    passed: bool
    said: str
    copy: Path


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """Play a notebook from top to bottom with nbval, in quick mode, once for all who ask."""
    folder, known = tmp_path_factory.mktemp("played"), {}

    def go(path):
        if path not in known:
            kept = folder / str(len(known))
            kept.mkdir()
            environment = os.environ | {
                "GAN_LESSONS_QUICK": "1",
                "GAN_LESSONS_DATA": "sketch",
                "KEEP_OUTPUTS": str(kept),
                "PYTHONPATH": str(PLUGINS),
            }
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=600", "-q",
                 "-p", "no:cacheprovider", "-p", "keep_outputs", "-c", os.devnull,
                 "--rootdir", str(path.parent), str(path)],
                capture_output=True, text=True, env=environment, cwd=path.parent,
            )  # fmt: skip
            known[path] = Played(done.returncode == 0, done.stdout[-4000:], kept / path.name)
        return known[path]

    return go


@pytest.fixture(scope="session")
def node():
    """Node.js: the machine's own, or the one that comes inside Playwright."""
    own = shutil.which("node")
    if own:
        return own
    driver = pytest.importorskip(
        "playwright._impl._driver", reason="needs node: `apt-get install nodejs`"
    )
    return driver.compute_driver_executable()[0]
