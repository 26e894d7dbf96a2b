"""The playground in a real browser, from file:// with every host blocked."""

import os
import shutil
from pathlib import Path

import pytest

from gan_lessons import page as pages

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("GAN_LESSONS_REQUIRE_BROWSER") == "1"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not BROWSER and not REQUIRED,
        reason="needs chromium: on Debian or Ubuntu `apt-get install chromium`",
    ),
]
AXE = Path(__file__).parent / "axe.min.js"
WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, tmp_path):
    contexts, errors = [], []

    def gate(route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            errors.append(route.request.url)
            route.abort()

    def go(width="desktop", anchor="", settings=None, **options):
        w, h = WIDTHS[width]
        context = chromium.new_context(
            viewport={"width": w, "height": h}, has_touch=width == "phone", **options
        )
        contexts.append(context)
        tab = context.new_page()
        tab.route("**/*", gate)
        tab.on("pageerror", lambda e: errors.append(str(e)))
        path = pages.playground(**(settings or {})).save(tmp_path / "playground.html")
        tab.goto(path.as_uri() + anchor)
        if options.get("java_script_enabled", True):
            tab.wait_for_selector(".ganp[data-step]")
        return tab

    yield go
    for context in contexts:
        context.close()
    assert not errors


def step(tab):
    return int(tab.get_attribute(".ganp", "data-step"))


def until(tab, condition):
    tab.wait_for_function(f"(() => {{ const root = document.querySelector('.ganp'); const step = +root.dataset.step; return {condition}; }})()")  # fmt: skip # noqa: E501


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_and_within_the_width(visit, width, scheme):
    tab = visit(width, color_scheme=scheme)
    for summary in tab.query_selector_all("summary"):
        if not summary.evaluate("s => s.parentElement.open"):
            summary.click()
    tab.get_by_label("Two runs side by side").check()
    tab.wait_for_timeout(300)
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width][0]
    tab.add_script_tag(path=AXE)
    assert tab.evaluate("axe.run().then(r => r.violations.map(v => v.id))") == []
    small = tab.evaluate(
        "[...document.querySelectorAll('.ganp button, .ganp select, .ganp label.ganp-toggle, "
        ".ganp summary, .ganp input[type=range]')].filter(e => e.offsetParent && "
        "e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_it_trains_pauses_steps_and_rewinds_by_keyboard(visit):
    tab = visit()
    play = tab.locator(".ganp-main")
    play.focus()
    tab.keyboard.press("Enter")
    until(tab, "step > 60")
    tab.keyboard.press("Enter")
    assert play.inner_text() == "Play"
    tab.wait_for_timeout(200)
    stopped = step(tab)
    tab.wait_for_timeout(200)
    assert step(tab) == stopped
    tab.get_by_role("button", name="Step G").press("Enter")
    until(tab, f"step === {stopped + 1}")
    slider = tab.get_by_role("slider")
    slider.focus()
    tab.keyboard.press("Home")
    until(tab, "step === 0")


def test_the_page_stays_free_while_it_trains(visit):
    tab = visit()
    tab.wait_for_timeout(500)
    tab.evaluate("window.long = []; new PerformanceObserver(l => long.push(...l.getEntries().map(e => e.duration))).observe({ entryTypes: ['longtask'] })")  # fmt: skip # noqa: E501
    tab.get_by_label("D’s landscape").check()
    tab.locator(".ganp-main").click()
    tab.wait_for_timeout(2500)
    assert tab.evaluate("long") == []


def test_slow_motion_names_the_phases(visit):
    tab = visit()
    tab.get_by_label("Slow motion").check()
    tab.locator(".ganp-main").click()
    tab.wait_for_function(
        "document.querySelector('.ganp-phase').textContent.includes('judges both')"
    )


def test_a_link_comes_back_and_a_broken_one_is_told(visit):
    tab = visit(anchor="#play=data:moons,loss:hinge,seed:5")
    assert tab.get_by_label("Loss", exact=True).input_value() == "hinge"
    tab.get_by_role("button", name="Share by link").click()
    tab.wait_for_timeout(200)
    assert "data:moons" in tab.url and "seed:5" in tab.url
    tab = visit(anchor="#play=data:frogs")
    assert "data:frogs" in tab.get_by_role("alert").inner_text()


def test_nan_stops_with_words(visit):
    tab = visit(anchor="#play=loss:wasserstein,optimiser:sgd,lrD:0.5,lrG:0.5,r1:0")
    tab.locator(".ganp-main").click()
    tab.wait_for_selector(".ganp-notice:not([hidden])")
    assert "NaN" in tab.get_by_role("alert").inner_text()
    assert tab.locator(".ganp-main").inner_text() == "Play"


@pytest.mark.parametrize("width", WIDTHS)
def test_freehand(visit, width):
    tab = visit(width)
    tab.get_by_label("Real points", exact=True).and_(tab.locator("select")).select_option("drawing")
    box = tab.locator(".ganp-plane").bounding_box()
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    if width == "phone":
        tab.locator(".ganp-plane").tap(position={"x": 60, "y": 60})
    else:
        tab.mouse.move(x, y)
        tab.mouse.down()
        tab.mouse.move(x + 120, y + 60, steps=8)
        tab.mouse.up()
    tab.locator(".ganp-plane").focus()
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Space")
    drawn = "document.querySelector('.ganp').ganp.sides[0].run.settings.drawing.length"
    assert tab.evaluate(drawn) >= (2 if width == "phone" else 6)
    tab.locator(".ganp-main").click()
    until(tab, "step > 10")


def test_without_javascript_a_picture_stands_there(visit):
    tab = visit(java_script_enabled=False)
    assert tab.get_by_role("img").first.is_visible()
