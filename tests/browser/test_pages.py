"""What holds for every page of the built book: its weight, its policy, its icons, its landmarks."""

import gzip
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

BOUND = 1_500_000
SITE = "http://book.test/"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; worker-src blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css",
         ".svg": "image/svg+xml", ".png": "image/png"}  # fmt: skip


def pages(html):
    found = sorted((html / "book").rglob("*.html"))
    assert len(found) > 20
    return found


def sent(path):
    """Bytes on the wire: text goes out compressed, as every common server does it."""
    packed = path.suffix in {".png", ".woff2"}
    return path.stat().st_size if packed else len(gzip.compress(path.read_bytes(), 6))


def served(tab, html, missed, **headers):
    """Give a tab the book as a server would; what it asks for in vain goes into ``missed``."""
    asked = []

    def answer(route):
        name = unquote(route.request.url.split("?")[0].split("#")[0])
        file = html / name.removeprefix(SITE)
        if not name.startswith(SITE) or not file.is_file():
            missed.append(f"{name} is missing")
            return route.fulfill(status=404)
        asked.append(file)
        kind = TYPES.get(file.suffix, "application/octet-stream")
        return route.fulfill(body=file.read_bytes(), headers={"content-type": kind, **headers})

    tab.route("**/*", answer)
    return asked


@pytest.fixture
def asked(chromium, html):
    """The files that a page asks a server for before anybody touches it."""

    def go(path):
        context = chromium.new_context()
        tab = context.new_page()
        files = served(tab, html, missed := [])
        tab.goto(SITE + path.relative_to(html).as_posix())
        tab.wait_for_timeout(500)
        context.close()
        assert missed == []
        return list(dict.fromkeys(files))

    return go


def test_no_page_is_heavy_before_it_is_touched(html, asked):
    """At most 1.5 MB, compressed or not; and equations are drawn already."""
    for path in pages(html):
        files = asked(path)
        needless = [f.name for f in files if re.search("fontawesome|require|mathjax", str(f))]
        assert needless == [], path.name
        for weight in (sum(map(sent, files)), sum(f.stat().st_size for f in files)):
            assert weight <= BOUND, f"{path.name}: {weight / 1e6:.2f} MB"


def test_from_a_folder_no_picture_waits(html, read):
    """Whoever takes a picture of the whole page, or scrolls fast, sees every figure."""
    tab = read(html / "book" / "08-when-it-goes-wrong.html")
    assert tab.locator("img[src*=_parts]").count() > 10
    tab.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth)")
    with Image.open(io.BytesIO(tab.screenshot(full_page=True))) as whole:
        for place in tab.locator("img[src*=_parts]").all():
            box = place.bounding_box()
            left, top = box["x"], box["y"]
            part = whole.crop((left, top, left + box["width"], top + box["height"]))
            assert len(part.convert("L").getcolors()) > 10, f"blank at {top:.0f}"


def test_every_icon_is_drawn(html, read):
    rules = (html / "_static" / "icons.css").read_text("utf-8")
    known = set(re.findall(r"^\.fa-([\w-]+)", rules, re.M))
    sizes = {"solid", "brands", "regular", "lg", "fw", "sm", "xs", "xl"}
    for path in [*pages(html), html / "search.html"]:
        text = path.read_text("utf-8")
        for classes in re.findall(r'class="([^"]*\bfa-[^"]*)"', text):
            used = set(re.findall(r"\bfa-([\w-]+)", classes)) - sizes
            assert used <= known, f"{path.name}: add {used - known} to tools/icons.py"
    tab = read(html / "book" / "exercises.html")
    drawn = tab.evaluate(
        "[...document.querySelectorAll('i.fas, i.fab, i.fa-solid, span.fa-solid')]"
        ".filter(e => e.checkVisibility()).map(e => getComputedStyle(e).maskImage)"
    )
    assert len(drawn) >= 6
    assert all("data:image/svg+xml" in image for image in drawn)


@pytest.fixture
def strictly(chromium, html):
    """Serve a page of the book under a policy; what the browser refused or missed."""
    contexts = []

    def go(path, policy=POLICY):
        context = chromium.new_context()
        contexts.append(context)
        tab, bad = context.new_page(), []
        served(tab, html, bad, **{"content-security-policy": policy})
        tab.on("console", lambda m: bad.append(m.text) if m.type == "error" else None)
        tab.on("pageerror", lambda e: bad.append(str(e)))
        tab.goto(SITE + path.relative_to(html).as_posix())
        tab.wait_for_timeout(800)
        return tab, bad

    yield go
    for context in contexts:
        context.close()


def test_every_page_lives_under_the_policy(html, strictly, wake):
    living = 0
    for path in [*pages(html), html / "search.html", html / "genindex.html"]:
        tab, bad = strictly(path)
        wake(tab)
        assert bad == [], path.name
        living += tab.locator(".gl-live, .ganp-on").count()
        tab.context.close()
    assert living >= 5


def test_the_readme_states_this_policy():
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert f"Content-Security-Policy: {POLICY}" in re.sub(r"\s+", " ", text)


def test_the_policy_is_enforced(html, strictly):
    less = POLICY.replace("script-src 'self' 'unsafe-inline'", "script-src 'self'")
    _, bad = strictly(html / "book" / "01-the-painter-and-the-forger.html", less)
    assert any("Content Security Policy" in text for text in bad)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_whole_page(html, read, violations, wake, scheme):
    """The theme's parts too, and axe's best practices beside the rules of WCAG."""
    for path in [*pages(html), html / "search.html"]:
        tab = read(path, color_scheme=scheme)
        wake(tab)
        assert violations(tab) == [], path.name
        tab.context.close()


def test_every_letter_of_an_equation_is_drawn(html, read):
    """The bundle leaves alphabets out: a letter it cannot draw would be text of another font."""
    drawn = 0
    for path in pages(html):
        if 'class="math' not in path.read_text("utf-8"):
            continue
        tab = read(path)
        tab.wait_for_function(
            "[...document.querySelectorAll('article .math')].every(e => e.querySelector('svg'))"
        )
        texts, errors, count = tab.evaluate(
            "['mjx-container svg text', 'mjx-merror, [data-mjx-error]', 'mjx-container svg']"
            ".map(s => document.querySelectorAll(s).length)"
        )
        assert (texts, errors) == (0, 0), path.name
        drawn += count
        tab.context.close()
    assert drawn > 300


@pytest.mark.parametrize("touch", [False, True])
def test_a_phone_reaches_all_chapters_by_the_menu(html, chromium, touch):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=touch, is_mobile=touch
    )
    tab = context.new_page()
    tab.goto((html / "book" / "02-the-generator.html").as_uri())
    chapter = tab.get_by_role("link", name="9 Walking through latent space").first
    assert not chapter.is_visible()
    button = tab.locator(".primary-toggle >> visible=true")
    if touch:
        button.tap()
    else:
        button.focus()
        tab.keyboard.press("Enter")
    chapter.wait_for(state="visible")
    if not touch:
        tab.keyboard.press("Escape")
        chapter.wait_for(state="hidden")
        assert button.evaluate("e => e === document.activeElement")
        tab.keyboard.press("Enter")
        chapter.wait_for(state="visible")
    chapter.click()
    tab.wait_for_url("**/09-walking-through-latent-space.html")
    context.close()


def test_a_desktop_hides_the_menu_and_shows_it_again(html, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    tab.goto((html / "book" / "02-the-generator.html").as_uri())
    chapter = tab.get_by_role("link", name="9 Walking through latent space").first
    button = tab.locator(".primary-toggle >> visible=true")
    for state in ("visible", "hidden", "visible"):
        chapter.wait_for(state=state)
        button.click()
    context.close()


def test_a_widget_whose_file_is_missing_says_so_and_stays_a_picture(html, chromium):
    context = chromium.new_context()
    tab = context.new_page()
    tab.route("**/_parts/*.js", lambda route: route.abort())
    tab.goto((html / "book" / "02-the-generator.html").as_uri())
    widget = tab.locator("[data-gl-parts]").first
    assert widget.locator("[role=alert]").count() == 0  # nothing was asked for yet
    widget.scroll_into_view_if_needed()
    widget.get_by_text("A file of this part is missing").first.wait_for()
    assert widget.locator("img.gl-still").is_visible()
    context.close()


def test_a_link_to_a_picture_wakes_its_widget_at_once(html, visit):
    tab = visit(html / "book" / "02-the-generator.html", anchor="#gl-00000000=abcd")
    tab.locator(".gl-w.gl-live").first.wait_for(state="attached")
    assert tab.evaluate("scrollY") == 0
