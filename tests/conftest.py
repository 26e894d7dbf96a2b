"""What several tests share."""

import shutil

import pytest


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
