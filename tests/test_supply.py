"""What the course is made of: a list of it, no secrets, nothing heavy, pinned workflows."""

import contextlib
import importlib.util
import json
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LARGEST = 3_000_000
SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    rb"|\bgithub_pat_[A-Za-z0-9_]{60,}|\bhf_[A-Za-z]{34}\b|\bpypi-AgEI[A-Za-z0-9_-]{40,}"
    rb"|\bxox[abpr]-[A-Za-z0-9-]{20,}|\bglpat-[A-Za-z0-9_-]{20}\b|\bsk-[A-Za-z0-9_-]{40,}"
    rb"|://[^/\s:@\"'{}<>$]+:[^/\s:@\"'{}<>$]+@"
)


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "tools" / "sbom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tracked():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if done.returncode:
        pytest.skip("needs a git checkout")
    return [p for name in done.stdout.decode().split("\0") if name and (p := ROOT / name).is_file()]


def test_the_list_names_every_pin_and_every_vendored_file(tool):
    parts = tool.sbom()["components"]
    text = (ROOT / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^([^\s#=\[]+)(?:\[\S*\])?==(\S+)", text, re.M)
    assert [(p["name"], p["version"]) for p in parts if p["type"] == "library"] == pins
    counted = sum(
        len(p["externalReferences"][0]["hashes"]) for p in parts if p["type"] == "library"
    )
    assert counted == text.count("--hash=sha256:") > 1000
    files = {p["name"] for p in parts if p["type"] == "file"}
    assert files == set(json.loads((ROOT / "vendor" / "manifest.json").read_text("utf-8")))
    references = [p["bom-ref"] for p in parts]
    assert len(references) == len(set(references))


def test_the_list_refuses_what_it_cannot_read(tool):
    with pytest.raises(ValueError, match="cannot read the line"):
        tool.python_parts("numpy>=2\n")
    with pytest.raises(ValueError, match="cannot read the source"):
        tool.vendored_parts({"a.js": {"source": "somewhere", "licence": "MIT", "sha256": "0"}})


def test_every_part_has_a_licence(tool):
    assert all(part["licenses"][0]["license"] for part in tool.sbom()["components"])


def test_the_page_of_licences_is_current(monkeypatch):
    """The tool writes the page anew from this environment: nothing may change."""
    spec = importlib.util.spec_from_file_location("licences", ROOT / "tools" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.syspath_prepend(str(ROOT))
    spec.loader.exec_module(module)
    pins = set(module.licences(module.PAGE.read_text("utf-8")))
    for name in {name for name, _ in pins}:  # some have one pin for each Python
        with contextlib.suppress(metadata.PackageNotFoundError):
            if (name, metadata.version(name)) not in pins:
                pytest.skip("needs the pinned packages")
    assert module.PAGE.read_text("utf-8") == module.page()
    with pytest.raises(ValueError, match="add its licence to KNOWN"):
        module.licence("no-such-package-here")


def test_no_file_is_heavy(tracked):
    heavy = [(str(p), p.stat().st_size) for p in tracked if p.stat().st_size > LARGEST]
    assert heavy == []


def test_the_search_for_secrets_can_find_one():
    assert SECRETS.search(b"key = 'AKIA" + b"A" * 16 + b"'")
    assert SECRETS.search(b"-----BEGIN RSA " + b"PRIVATE KEY-----")
    assert SECRETS.search(b"https://me:" + b"secret@example.org")


def test_no_secrets(tracked):
    found = [(str(p), m[0]) for p in tracked if (m := SECRETS.search(p.read_bytes()))]
    assert found == []


def test_workflows_name_a_version_of_each_action_and_ask_for_little():
    paths = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert len(paths) >= 3
    for path in paths:
        text = path.read_text("utf-8")
        assert re.search(r"^permissions:\n  contents: read$", text, re.M), path.name
        actions = re.findall(r"uses: *(\S+)", text)
        assert actions, path.name
        for action in actions:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})", action), action
