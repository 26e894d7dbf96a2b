"""A plugin for nbval: what the cells showed is written into a copy of the notebook.

So each chapter runs once in ``make test``: nbval judges it, and the browser looks at the pages
that are built from the copy.
"""

import os
from pathlib import Path

import nbformat


def pytest_sessionfinish(session):
    """Write the copy into the folder that ``KEEP_OUTPUTS`` names."""
    folder = os.environ.get("KEEP_OUTPUTS")
    cells = [item for item in session.items if getattr(item, "test_outputs", None) is not None]
    if not folder or not cells:
        return
    for number, item in enumerate(cells, 1):
        item.cell.outputs = [_known(output) for output in item.test_outputs]
        item.cell.execution_count = number
    notebook, path = cells[0].parent.nb, Path(cells[0].parent.path)
    nbformat.write(notebook, Path(folder) / path.name)


def _known(output):
    """An output as the notebook format has it."""
    kept = nbformat.from_dict(dict(output))
    if kept.output_type == "stream":
        kept.pop("metadata", None)
    return kept
