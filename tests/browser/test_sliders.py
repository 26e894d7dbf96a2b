"""Sliders and timeline in a real browser, from file:// with every host blocked."""

import base64
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from gan_lessons import latent, models, page, runs
from gan_lessons.recipes import Settings

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("GAN_LESSONS_REQUIRE_BROWSER") == "1"
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not BROWSER and not REQUIRED,
        reason="needs chromium: on Debian or Ubuntu `apt-get install chromium`",
    ),
]
PIXELS = """c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)"""
EVIL = '</script><script>document.title = "broken"</script>'


@pytest.fixture(scope="module")
def generator():
    model = models.generator(6, 16, 4, seed=1)
    random = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(np.asarray(weight) + 0.2 * random.standard_normal(weight.shape))
    return model


@pytest.fixture(scope="module")
def folder(generator, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    judge = models.discriminator(16, 4, seed=1)
    sliders = page.latent_sliders(generator, judge, title=EVIL, what=EVIL)
    sliders.save(folder / "sliders.html", "Sliders")
    settings = Settings(data="test", image_size=16, latent_dim=4, width=4, batch_size=4)
    run = runs.Run.create(folder / "run", settings)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
    run.train(images, 14, progress=False, report=lambda _: None)
    timeline = page.timeline(run, distance={0: 90.0, 14: 40.0})
    timeline.save(folder / "timeline.html", "Timeline")
    (sliders + sliders + timeline + timeline).save(folder / "many.html", "Many")
    return folder


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, folder):
    """Open a page; at the end nothing may have gone wrong or been asked of the network."""
    contexts, errors = [], []

    def gate(route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            return route.continue_()
        errors.append(route.request.url)
        return route.abort()

    def open_page(name, phone=False, **options):
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chromium.new_context(viewport=size, has_touch=phone, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda e: errors.append(str(e)))
        tab.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        tab.route("**/*", gate)
        name, _, hash_ = name.partition("#")
        tab.goto((folder / name).as_uri() + (f"#{hash_}" if hash_ else ""))
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


def picture(tab):
    values = tab.eval_on_selector("canvas.gl-picture", PIXELS)
    return np.reshape(values, (16, 16, 4))[..., :3]


def test_the_picture_is_the_generators(visit, generator):
    tab = visit("sliders.html")
    expected = latent.generate(generator, latent.vectors(1, 6, 0).round(4))[0]
    assert np.abs(picture(tab) - (expected + 1) * 127.5).max() < 1.5
    assert tab.title() == "Sliders"  # words did not become program


def test_drag_keys_undo_and_reset(visit):
    tab = visit("sliders.html")
    first = picture(tab)
    slider = tab.get_by_role("slider").first
    slider.focus()
    before = float(slider.input_value())
    tab.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == pytest.approx(before + 0.05, abs=0.051)
    box = slider.bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] - 14, box["y"] + box["height"] / 2, steps=4)
    tab.mouse.up()
    assert float(slider.input_value()) > 3.5
    assert np.abs(picture(tab) - first).max() > 5
    tab.get_by_role("button", name="Reset").click()
    np.testing.assert_array_equal(picture(tab), first)
    tab.get_by_role("button", name="Random").click()
    assert (picture(tab) != first).any()
    tab.keyboard.press("Control+z")
    np.testing.assert_array_equal(picture(tab), first)


@pytest.mark.parametrize("width", [360, 480, 702, 740, 840, 1100])
def test_nothing_is_cut_off_at_any_width(visit, width):
    """A column of the book is about 690 pixels wide on a screen of 1280."""
    tab = visit("sliders.html")
    tab.set_viewport_size({"width": width, "height": 900})
    cut = tab.eval_on_selector(
        ".gl-sliders",
        """app => {
          const edge = app.getBoundingClientRect().right;
          return [...app.querySelectorAll(".gl-board *")]
            .filter(e => e.getBoundingClientRect().right > edge + 1).map(e => e.outerHTML);
        }""",
    )
    assert cut == []


def test_touch_moves_a_slider(visit):
    tab = visit("sliders.html", phone=True)
    slider = tab.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    tab.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    assert float(slider.input_value()) > 2.5


def test_every_number_of_the_vector_has_a_slider_on_demand(visit):
    tab = visit("sliders.html")
    assert tab.locator(".gl-raw input").count() == 0
    tab.locator("summary").click()
    tab.locator(".gl-raw input").nth(5).wait_for()
    assert tab.locator(".gl-raw input").count() == 6
    first = picture(tab)
    tab.locator(".gl-raw input").nth(2).fill("3")
    assert (picture(tab) != first).any()


def test_a_link_brings_the_picture_back_and_a_broken_one_is_told(visit):
    tab = visit("sliders.html")
    first = picture(tab)
    tab.get_by_role("button", name="Random").click()
    tab.get_by_role("button", name="Share").click()
    tab.wait_for_function("location.hash.length > 10")
    link = tab.evaluate("location.hash")
    again = visit("sliders.html" + link)
    assert np.abs(picture(again) - picture(tab)).max() <= 2
    broken = visit("sliders.html" + link[:-5])
    assert "broken" in broken.get_by_role("alert").inner_text()
    np.testing.assert_array_equal(picture(broken), first)
    other = visit("sliders.html#gl-00000000=abcd")
    assert "another generator" in other.get_by_role("alert").inner_text()


def test_the_way_from_a_to_b(visit):
    tab = visit("sliders.html", reduced_motion="reduce")
    a = picture(tab)
    tab.get_by_role("button", name="Keep as A").click()
    tab.get_by_role("button", name="Random").click()
    b = picture(tab)
    way = tab.get_by_label("From A to B, along the arc")
    assert way.is_disabled()
    tab.get_by_role("button", name="Keep as B").click()
    way.fill("0.5")
    assert (picture(tab) != a).any() and (picture(tab) != b).any()
    way.fill("0")
    assert np.abs(picture(tab) - a).max() <= 1
    tab.get_by_role("button", name="Play the way").click()
    tab.get_by_role("button", name="Play the way").wait_for(timeout=9000)  # and it ends
    assert np.abs(picture(tab) - b).max() <= 1


def test_save_as_png(visit):
    tab = visit("sliders.html", accept_downloads=True)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save PNG").click()
    assert download.value.suggested_filename == "forgery.png"
    assert Path(download.value.path()).read_bytes()[:4] == b"\x89PNG"


def test_the_dealer_says_what_it_thinks(visit):
    tab = visit("sliders.html")
    tab.get_by_text("% real (logit").wait_for()


def test_weights_are_read_once_and_widgets_do_not_clash(visit):
    tab = visit("many.html")
    assert tab.locator("canvas.gl-picture").count() == 2
    assert tab.locator("canvas.gl-frame").count() == 2
    assert tab.evaluate("GanLessons.engine.ready.size") == 2  # one painter, one dealer
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_the_timeline_moves_all_together(visit):
    tab = visit("timeline.html")
    scrub, words = tab.get_by_label("Time"), tab.locator(".gl-scrub output")
    assert words.inner_text() == "Step 14"
    scrub.focus()
    tab.keyboard.press("Home")
    assert words.inner_text() == "Step 0"
    cursors = tab.locator(".gl-now").evaluate_all("l => l.map(e => Number(e.getAttribute('x1')))")
    assert len(cursors) == 3 and len({round(x) for x in cursors}) == 1
    tab.get_by_text("distance 90.00").wait_for()
    tab.get_by_role("button", name="Step on").click()
    assert words.inner_text() == "Step 10"
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("document.querySelector('.gl-scrub output').textContent === 'Step 14'")
    tab.get_by_role("button", name="Play").wait_for()
    tab.wait_for_timeout(600)
    assert tab.get_by_role("button", name="Pause").count() == 0
    assert np.ptp(tab.eval_on_selector("canvas.gl-frame", PIXELS)) > 10


@pytest.mark.parametrize("name", ["sliders.html", "timeline.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_for_everyone(visit, name, scheme, phone):
    tab = visit(name, phone=phone, color_scheme=scheme)
    tab.wait_for_timeout(300)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = tab.evaluate(
        "[...document.querySelectorAll('button, input, summary')].filter(e => e.offsetParent && "
        "e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    tab.evaluate(AXE)
    found = tab.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, "
                         "v.nodes.map(n => n.html.slice(0, 200)).slice(0, 3)]))")  # fmt: skip
    assert found == []


@pytest.mark.parametrize("name", ["sliders.html", "timeline.html"])
def test_a_still_picture_without_javascript_and_in_print(visit, name):
    tab = visit(name, java_script_enabled=False)
    still = tab.locator("img.gl-still")
    assert still.is_visible() and "JavaScript" in still.get_attribute("alt")
    live = visit(name)
    assert not live.locator("img.gl-still").is_visible()
    live.emulate_media(media="print")
    assert live.locator("img.gl-still").is_visible()


def test_without_webassembly_the_plain_version_paints_the_same(visit, chromium, folder):
    fast = picture(visit("sliders.html"))
    context = chromium.new_context()
    tab = context.new_page()
    tab.add_init_script("delete globalThis.WebAssembly")
    tab.goto((folder / "sliders.html").as_uri())
    used = tab.evaluate("[...GanLessons.engine.ready.values()].map(n => n.kernels)")
    assert used == ["plain", "plain"]
    assert np.abs(picture(tab) - fast).max() <= 1
    context.close()


def test_the_engine_is_the_assembled_source():
    web = Path(page.__file__).parent / "web" / "engine"
    assert (web / "gemm.wasm").read_bytes()[:4] == b"\0asm"
    assert (
        base64.b64encode((web / "gemm.wasm").read_bytes()).decode()
        in page.latent_sliders(models.generator(3, 8, 3, seed=1), count=2).body
    )
