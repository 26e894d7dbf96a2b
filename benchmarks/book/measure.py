"""Judge the built pages with Lighthouse and with the Nu Html Checker.

    npm install --prefix /tmp/judges lighthouse vnu-jar
    make book
    python benchmarks/book/measure.py /tmp/judges [--pages NAME ...] [--site _build/html]

Neither judge belongs to the project; the checker needs Java. The pages are served on loopback,
compressed as every common server does it, under the policy that README names. With ``--pages`` only
those are measured again and the others stay as they were.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gan_lessons import doctor

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RESULT = HERE / "result.json"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; worker-src blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
# what the checker says and stays, and why
STAYS = {
    r"CSS: .*container": "the checker's CSS is older than container queries, which browsers know",
    r"webpack-macros": "a template of the theme that lies among its files; no page leads there",
    r"role is unnecessary": "the theme's, for old screen readers",
    r"Article lacks heading|headingoffset": "the theme lays a section with its h1 into the article",
    r"genindex": "the theme's page of the index, which is empty here; no page leads there",
    r"cards\.html": "a card to cut out is a section without a heading",
}


class Server(SimpleHTTPRequestHandler):
    """Text goes out compressed, everything may be kept, and the policy holds."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        if path.suffix not in {".png", ".jpeg"}:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)


def chapters(site: Path) -> list[str]:
    """The pages that are measured: the introduction and the chapters."""
    return ["intro", *sorted(path.stem for path in (site / "book").glob("[01]*.html"))]


def lighthouse(judges: Path, address: str, form: str, runs: int) -> dict[str, Any]:
    """What Lighthouse gives a page: four categories out of 100, and four times.

    Args:
        judges: where npm installed it.
        address: of the page.
        form: "mobile" or "desktop".
        runs: of which the one with the median performance counts.
    """
    command = [
        "node", str(judges / "node_modules" / "lighthouse" / "cli" / "index.js"), address,
        "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        *(["--preset=desktop"] if form == "desktop" else []),
    ]  # fmt: skip
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    rows = []
    for _ in range(runs):
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": browser},
            timeout=300, check=True,
        )  # fmt: skip
        said = json.loads(done.stdout)
        audits = said["audits"]
        rows.append(
            {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}
            | {
                "first_paint_ms": round(audits["first-contentful-paint"]["numericValue"]),
                "largest_paint_ms": round(audits["largest-contentful-paint"]["numericValue"]),
                "blocked_ms": round(audits["total-blocking-time"]["numericValue"]),
                "shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
                "lacks": sorted(
                    name
                    for category in CATEGORIES[1:]
                    for name in (r["id"] for r in said["categories"][category]["auditRefs"])
                    if audits[name]["score"] is not None and audits[name]["score"] < 0.9
                ),
            }
        )
    middle = statistics.median_low(row["performance"] for row in rows)
    return next(row for row in rows if row["performance"] == middle)


def validity(judges: Path, site: Path) -> dict[str, Any]:
    """What the Nu Html Checker says: how often, on how many files, and whether it stays."""
    jar = judges / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        ["java", "-Xss8m", "-jar", str(jar), "--format", "json", "--skip-non-html", str(site)],
        capture_output=True, text=True,
    )  # fmt: skip
    groups: dict[tuple[str, str, str], set[str]] = collections.defaultdict(set)
    for found in json.loads(done.stderr)["messages"]:
        kind = found.get("subType") or found["type"]
        if kind == "info" or "Trailing slash" in found["message"]:
            continue  # how Sphinx writes <br/> and <meta/>: allowed, and no matter of taste here
        message = re.sub(r"“[^”]{25,}”", "“…”", found["message"])
        where = f"{found['url']} {message}"
        why = next((why for key, why in STAYS.items() if re.search(key, where)), "")
        groups[kind, message, why].add(found["url"])
    rows = [
        {"kind": kind, "message": message, "files": len(urls), "why": why}
        for (kind, message, why), urls in sorted(groups.items())
    ]
    return {"files": len(list(site.rglob("*.html"))), "said": rows}


def version(*command: str) -> str:
    """The version that a program says it has."""
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return (re.search(r"\d+(\.\d+)+", said) or [""])[0]


def main() -> None:
    """Measure and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judges", type=Path, help="where npm installed lighthouse and vnu-jar")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--pages", nargs="*", help="only these, such as intro")
    parser.add_argument("--runs", type=int, default=1, help="of which the median counts")
    parser.add_argument("--built", default="make book", help="how the site was built")
    parser.add_argument("--no-html", action="store_true", help="leave the checker out")
    chosen = parser.parse_args()
    found = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {"lighthouse": {}}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(chosen.site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_address[1]}/book"
    for name in chapters(chosen.site) if chosen.pages is None else chosen.pages:
        for form in ("mobile", "desktop"):
            row = lighthouse(chosen.judges, f"{root}/{name}.html", form, chosen.runs)
            found["lighthouse"].setdefault(form, {})[name] = row
            print(name, form, *(row[category] for category in CATEGORIES), row["lacks"], flush=True)
    if not chosen.no_html:
        found["html"] = validity(chosen.judges, chosen.site)
    tool = chosen.judges / "node_modules" / "lighthouse" / "package.json"
    checker = chosen.judges / "node_modules" / "vnu-jar" / "package.json"
    found |= {
        "versions": {
            "lighthouse": json.loads(tool.read_text("utf-8"))["version"],
            "vnu": json.loads(checker.read_text("utf-8"))["version"],
            "chromium": version(shutil.which("chromium") or "chromium", "--version"),
        },
        "machine": f"{os.cpu_count()} cores, {doctor.processor()}, {platform.system()}",
        "built": chosen.built,
        "load": round(os.getloadavg()[2], 1),
    }
    RESULT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
