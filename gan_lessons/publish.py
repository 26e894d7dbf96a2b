"""Name the book's repository everywhere it is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

from gan_lessons.errors import InputError

ADDRESS = re.compile(r"https://[\w.-]+(/[\w.-]+){2,}")


def publish_to(url: str, root: str | Path = ".") -> list[Path]:
    """Replace the repository's address in the configuration, the README and every notebook.

    Args:
        url: such as ``https://github.com/you/painter-and-forger``.
        root: the folder with ``_config.yml``.

    Returns:
        The files that changed.

    Raises:
        InputError: for something that is no address, or a folder that holds no book.
    """
    url = url.rstrip("/").removesuffix(".git")
    if not ADDRESS.fullmatch(url):
        raise InputError(
            f"{url!r} is not the address of a repository: give one such as "
            "https://github.com/you/painter-and-forger."
        )
    root = Path(root)
    config = root / "_config.yml"
    found = (
        re.search(r"^\s+url: (\S+)$", config.read_text("utf-8"), re.M) if config.exists() else None
    )
    if not found:
        raise InputError(f"{root} holds no _config.yml that names a repository: give --root.")
    old = found.group(1)
    changed = []
    files = [config, root / "README.md", root / "CITATION.cff", *sorted((root / "book").rglob("*"))]
    for path in files:
        if path.suffix not in (".yml", ".md", ".cff", ".ipynb") or not path.is_file():
            continue
        content = path.read_bytes()  # not as text, whose line ends Windows would change
        new = content.replace(old.encode(), url.encode())
        if new != content:
            if path.suffix == ".ipynb":
                json.loads(new)  # still a notebook
            path.write_bytes(new)
            changed.append(path)
    return changed
