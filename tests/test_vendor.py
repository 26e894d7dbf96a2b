"""Files of others are the ones that the manifest names."""

import hashlib
import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_vendored_files_are_unchanged_and_named():
    manifest = json.loads((ROOT / "vendor" / "manifest.json").read_text("utf-8"))
    for name, entry in manifest.items():
        digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        assert digest == entry["sha256"], name
        assert entry["source"]
        assert entry["licence"]
    there = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "vendor").rglob("*")
        if p.is_file() and p.name not in ("LICENSE", "manifest.json")
    } | {p.relative_to(ROOT).as_posix() for p in (ROOT / "tests").rglob("*.min.*")}
    assert there == set(manifest)


def test_the_icons_are_the_themes():
    pytest.importorskip("pydata_sphinx_theme")
    spec = importlib.util.spec_from_file_location("icons", ROOT / "tools" / "icons.py")
    icons = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(icons)
    assert icons.STYLES.read_text("utf-8") == icons.styles()
    with pytest.raises(ValueError, match="no icon 'no-such'"):
        icons.rule("no-such", icons.drawings())


def test_every_requirement_is_pinned_with_hashes():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    names = [line for line in lines if line and line[0] not in " #"]
    assert len(names) > 50
    for line in names:
        assert "==" in line
    assert sum("--hash=sha256:" in line for line in lines) >= len(names)
    assert not any("://" in line for line in lines)
