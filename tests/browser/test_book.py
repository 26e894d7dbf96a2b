"""The built book in a real browser, from file:// with every host blocked."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


#: pictures that are not as wide for their height as their file is
SQUEEZED = """[...document.querySelectorAll('article img')].filter(e => {
  const { width, height } = e.getBoundingClientRect();
  return e.complete && height
    && Math.abs(width / height * e.naturalHeight / e.naturalWidth - 1) > .02;
}).map(e => e.outerHTML.slice(0, 120))"""
#: code that a laptop does not show whole
CUT = """[...document.querySelectorAll('.cell_input pre')].filter(
  e => e.checkVisibility() && e.scrollWidth > e.clientWidth).map(e => e.textContent)"""


def pages(html):
    return sorted((html / "book").rglob("*.html"))


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_pages_open_quietly_and_fit(html, read, width):
    for path in pages(html):
        tab = read(path, width)
        wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1, f"{path} scrolls sideways by {wide} px"
        assert tab.evaluate(SQUEEZED) == [], path
        if width == "desktop":
            assert tab.evaluate(CUT) == [], path
        tab.context.close()


def test_the_painter_on_the_first_page_answers(html, read, wake):
    tab = read(html / "book" / "intro.html", "phone")
    wake(tab)
    picture = "document.querySelector('canvas.gl-picture').toDataURL()"
    before = tab.evaluate(picture)
    tab.get_by_role("slider").first.press("End")
    tab.wait_for_function(f"before => {picture} !== before", arg=before)


def test_every_picture_has_a_description(html, read):
    for path in pages(html):
        tab = read(path)
        bare = tab.evaluate(
            "[...document.querySelectorAll('article img, article svg.gl-diagram')]"
            ".filter(e => !(e.alt || e.getAttribute('aria-label'))).length"
        )
        assert bare == 0, path
        tab.context.close()


def test_what_lives_in_the_pages_is_alive(html, read, wake):
    """Playground, sliders and timelines start by themselves and complain of nothing."""
    found = 0
    for path in pages(html):
        tab = read(path)
        wake(tab)
        living, dead = tab.evaluate(
            "[document.querySelectorAll('.gl-live, .ganp-on').length, "
            "document.querySelectorAll('.gl-w:not(.gl-live), .ganp:not(.ganp-on), "
            ":is(.gl-w > .gl-notice, .ganp-notice:not([hidden]))').length]"
        )
        assert dead == 0, path
        found += living
        tab.context.close()
    assert found >= 1


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_the_playground_of_chapter_1_trains_and_fits(html, read, fits, wake, width):
    tab = read(html / "book" / "01-the-painter-and-the-forger.html", width)
    wake(tab)
    tab.locator(".ganp-main").click()
    tab.wait_for_function("+document.querySelector('.ganp').dataset.step > 20")
    fits(tab, ".ganp")


def test_equations_are_drawn(html, read):
    tab = read(html / "book" / "01-the-painter-and-the-forger.html")
    tab.wait_for_selector("mjx-container svg", timeout=15_000)
    assert tab.locator("mjx-container svg").count() > 10
    assert tab.locator("mjx-merror").count() == 0


def test_dark_mode_turns_dark(html, read):
    tab = read(html / "book" / "intro.html", color_scheme="dark")
    colour = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", colour)[:3])) < 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_right_before_the_first_paint(html, read, scheme):
    watch = (
        "globalThis.turns = []; new MutationObserver(() => turns.push("
        "[document.documentElement.dataset.theme, performance.now()])).observe(document, "
        "{attributes: true, subtree: true, attributeFilter: ['data-theme']});"
    )
    tab = read(html / "book" / "intro.html", color_scheme=scheme, before=watch)
    painted = tab.evaluate("performance.getEntriesByName('first-paint')[0].startTime")
    turns = tab.evaluate("turns")
    assert {value for value, when in turns if when > painted} <= {scheme}
    assert [value for value, when in turns if when <= painted][-1] == scheme


def test_search_finds_the_dealer(html, visit):
    tab = visit(html / "search.html", anchor="?q=dealer")
    tab.wait_for_selector("#search-results li", timeout=15_000)
    assert tab.locator("#search-results li").count() >= 1


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
    for name in ("_style", "_templates"):
        shutil.copytree(ROOT / "book" / name, tmp_path / "book" / name)
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "book")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/bad\n")
    environment = dict(os.environ)
    environment["PATH"] = str(Path(sys.executable).parent) + os.pathsep + environment["PATH"]
    command = ["jupyter-book", "build", "-W", "--keep-going", "--all", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode != 0
    report = tmp_path / "_build" / "html" / "reports" / "book" / "bad.err.log"
    assert str(report) in done.stderr  # the build says where the traceback stands
    assert "ZeroDivisionError" in report.read_text("utf-8")


def test_a_reader_who_refuses_storage_gets_the_whole_page(html, read):
    refuse = """Object.defineProperty(window, "localStorage", { configurable: true,
      get() { throw new DOMException("refused", "SecurityError"); } })"""
    tab = read(html / "book" / "intro.html", before=refuse, color_scheme="dark")
    assert tab.get_attribute("html", "data-theme") == "dark"
    tab.locator(".theme-switch-button:visible").first.click()
    assert tab.get_attribute("html", "data-mode") in ("light", "dark")
    tab.keyboard.press("Control+k")
    assert tab.locator("input[type=search]:visible").count() == 1
