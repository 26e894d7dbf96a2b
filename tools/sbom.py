"""Write what the course is made of as CycloneDX JSON: ``python tools/sbom.py [FILE]``.

It reads the pinned requirements, the manifest of vendored files and LICENSES/third-party.md, and
asks no network. The same inputs give the same bytes, so that two lists can be compared.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*(.+?))?\s*\\?$")
HASH = re.compile(r"^\s+--hash=sha256:([0-9a-f]{64})\s*\\?$")
NPM = re.compile(r"^(\S+)@(\S+) \(npm\), (\S+?)(?:, bundled by \S+)?$")


def python_parts(text: str) -> list[dict[str, Any]]:
    """The pinned packages of a requirements file.

    Args:
        text: what ``make pins`` wrote.

    Returns:
        One CycloneDX component for each pin; its hashes are those of the package's files.

    Raises:
        ValueError: when a line is neither a comment, a pin nor a hash.
    """
    parts: list[dict[str, Any]] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if pin := PIN.match(line):
            name, version, marker = pin.groups()
            purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
            files = {"type": "distribution", "url": purl, "hashes": []}
            part = {"type": "library", "bom-ref": purl, "name": name, "version": version,
                    "purl": purl, "externalReferences": [files]}  # fmt: skip
            if marker:
                part["properties"] = [{"name": "python:marker", "value": marker}]
            parts.append(part)
        elif (digest := HASH.match(line)) and parts:
            known = parts[-1]["externalReferences"][0]["hashes"]
            known.append({"alg": "SHA-256", "content": digest[1]})
        else:
            raise ValueError(f"requirements.txt: cannot read the line {line!r}.")
    return parts


def vendored_parts(manifest: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The files of others that lie in the repository.

    Args:
        manifest: path to source, licence and sha256, as in ``vendor/manifest.json``.

    Returns:
        One CycloneDX component for each file, of type ``file``, with the purl of its package.

    Raises:
        ValueError: when a source is not ``NAME@VERSION (npm), PATH``.
    """
    parts = []
    for path, entry in sorted(manifest.items()):
        source = NPM.match(entry["source"])
        if not source:
            raise ValueError(f"vendor/manifest.json: cannot read the source of {path}.")
        name, version, inside = source.groups()
        parts.append({
            "type": "file", "bom-ref": path, "name": path, "version": version,
            "description": f"{inside} of {name}", "purl": f"pkg:npm/{name}@{version}",
            "licenses": [{"license": {"id": entry["licence"]}}],
            "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
        })  # fmt: skip
    return parts


def licences(text: str) -> dict[tuple[str, str], str]:
    """The licences of the packages by name and version, from LICENSES/third-party.md."""
    rows = re.findall(r"^\| (\S+) \| (\S+) \| ([^|]+) \|$", text.split("## Python")[-1], re.M)
    return {(name, version): said for name, version, said in rows if name != "package"}


def sbom(root: Path = ROOT) -> dict[str, Any]:
    """The whole list, CycloneDX 1.6, of the checkout that lies in ``root``."""
    text = (root / "gan_lessons" / "__init__.py").read_text("utf-8")
    version = re.search(r'^__version__ = "([^"]+)"', text, re.M)
    manifest = json.loads((root / "vendor" / "manifest.json").read_text("utf-8"))
    parts = python_parts((root / "requirements.txt").read_text("utf-8"))
    known = licences((root / "LICENSES" / "third-party.md").read_text("utf-8"))
    for part in parts:
        if said := known.get((part["name"], part["version"])):
            part["licenses"] = [{"license": {"name": said}}]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "gan-lessons", "name": "gan-lessons",
            "version": version[1] if version else "unknown",
            "licenses": [{"license": {"id": "MIT"}}, {"license": {"id": "CC-BY-4.0"}}],
        }},
        "components": parts + vendored_parts(manifest),
    }  # fmt: skip


def main() -> None:
    """Write the list to the file that the command line names, or to dist/sbom.cdx.json."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "sbom.cdx.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(sbom(), indent=1) + "\n", "utf-8")
    print(f"{path}: {len(sbom()['components'])} components")


if __name__ == "__main__":
    main()
