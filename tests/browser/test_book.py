"""The built book in a real browser, from file:// with every host blocked."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("GAN_LESSONS_REQUIRE_BROWSER") == "1"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not BROWSER and not REQUIRED,
        reason="needs chromium: on Debian or Ubuntu `apt-get install chromium`",
    ),
]
WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """The whole book, built here with its notebooks in quick mode."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "_toc.yml", "book", "vendor"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    environment = os.environ | {"GAN_LESSONS_QUICK": "1", "GAN_LESSONS_DATA": "sketch"}
    environment["PATH"] = str(Path(sys.executable).parent) + os.pathsep + environment["PATH"]
    done = subprocess.run(
        ["jupyter-book", "build", "-W", "--keep-going", "--all", str(folder)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Visit:
    """A page, with what it complained about and what it asked the network for."""

    def __init__(self, browser, path, width="desktop", **options):
        w, h = WIDTHS[width]
        self.context = browser.new_context(viewport={"width": w, "height": h}, **options)
        self.page, self.errors, self.outside = self.context.new_page(), [], []
        self.page.route("**/*", self._gate)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.goto(path.as_uri())
        self.page.wait_for_timeout(800)

    def _gate(self, route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


def pages(html):
    return sorted((html / "book").rglob("*.html"))


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_open_quietly_and_fit(html, chromium, width):
    for path in pages(html):
        with Visit(chromium, path, width) as visit:
            assert visit.errors == [], path
            assert visit.outside == [], path
            wide = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 1, f"{path} scrolls sideways by {wide} px"


def test_every_picture_has_a_description(html, chromium):
    for path in pages(html):
        with Visit(chromium, path) as visit:
            bare = visit.page.evaluate(
                "[...document.querySelectorAll('article img, article svg.gl-diagram')]"
                ".filter(e => !(e.alt || e.getAttribute('aria-label'))).length"
            )
            assert bare == 0, path


def test_equations_are_drawn(html, chromium):
    with Visit(chromium, html / "book" / "01-the-painter-and-the-forger.html") as visit:
        visit.page.wait_for_selector("mjx-container svg", timeout=15_000)
        drawn = visit.page.evaluate("document.querySelectorAll('mjx-container svg').length")
        assert drawn > 10
        assert visit.page.evaluate("document.querySelectorAll('mjx-merror').length") == 0


def test_axe_finds_nothing(html, chromium):
    axe = (Path(__file__).parent / "axe.min.js").read_text()
    for path in pages(html):
        for scheme in ("light", "dark"):
            with Visit(chromium, path, color_scheme=scheme) as visit:
                visit.page.evaluate(axe)
                found = visit.page.evaluate(
                    "axe.run({include: [['article']]}, {runOnly: ['wcag2a', 'wcag2aa']})"
                )
                problems = [
                    (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary"))
                    for v in found["violations"]
                ]
                assert problems == [], (path.name, scheme)


def test_dark_mode_turns_dark(html, chromium):
    with Visit(chromium, html / "book" / "intro.html", color_scheme="dark") as visit:
        colour = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert sum(map(int, re.findall(r"\d+", colour)[:3])) < 200


def test_search_finds_the_dealer(html, chromium):
    with Visit(chromium, html / "search.html") as visit:
        visit.page.goto((html / "search.html").as_uri() + "?q=dealer")
        visit.page.wait_for_selector("#search-results li", timeout=15_000)
        assert visit.page.locator("#search-results li").count() >= 1


def test_buttons_for_colab_and_download(html):
    text = (html / "book" / "01-the-painter-and-the-forger.html").read_text()
    assert re.search(
        r"https://colab\.research\.google\.com/github/[^\"]+/blob/main/book/"
        r"01-the-painter-and-the-forger\.ipynb",
        text,
    )
    assert "01-the-painter-and-the-forger.ipynb" in text
    assert (html / "_sources" / "book" / "01-the-painter-and-the-forger.ipynb").exists()


def test_links_and_anchors_lead_somewhere(html):
    identifiers = {
        path: set(re.findall(r'\bid="([^"]+)"', path.read_text("utf-8")))
        for path in html.rglob("*.html")
    }
    for path in pages(html):
        for target in re.findall(r'<a[^>]+href="([^"]+)"', path.read_text("utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            page = (path.parent / name).resolve() if name else path
            assert page.exists(), f"{path.name}: {target}"
            if anchor and page in identifiers:
                assert anchor in identifiers[page], f"{path.name}: {target}"


def test_a_failing_cell_fails_the_build(tmp_path):
    """The build must be able to fail."""
    import nbformat

    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Bad"), nbformat.v4.new_code_cell("1 / 0")]
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    (tmp_path / "book").mkdir()
    nbformat.write(notebook, tmp_path / "book" / "bad.ipynb")
    shutil.copytree(ROOT / "vendor", tmp_path / "vendor")
    shutil.copytree(ROOT / "book" / "_style", tmp_path / "book" / "_style")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/bad\n")
    environment = dict(os.environ)
    environment["PATH"] = str(Path(sys.executable).parent) + os.pathsep + environment["PATH"]
    command = ["jupyter-book", "build", "-W", "--keep-going", "--all", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode != 0 and "ZeroDivisionError" in done.stdout + done.stderr
