"""Sliders and timeline in a real browser, from file:// with every host blocked."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest

from gan_lessons import latent, models, page, runs
from gan_lessons.recipes import Settings

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
    page.of_run(run).save(folder / "run.html")
    return folder


@pytest.fixture
def show(visit, folder):
    """Open one of the pages; what stands after a # goes behind its address."""

    def go(name, width="desktop", **options):
        name, _, anchor = name.partition("#")
        return visit(folder / name, width, f"#{anchor}" if anchor else "", **options)

    return go


def picture(tab):
    values = tab.eval_on_selector("canvas.gl-picture", PIXELS)
    return np.reshape(values, (16, 16, 4))[..., :3]


def test_the_picture_is_the_generators(show, generator):
    tab = show("sliders.html")
    expected = latent.generate(generator, latent.vectors(1, 6, 0).round(4))[0]
    assert np.abs(picture(tab) - (expected + 1) * 127.5).max() < 1.5
    assert tab.title() == "Sliders"  # words did not become program


def test_drag_keys_undo_and_reset(show):
    tab = show("sliders.html")
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
def test_nothing_is_cut_off_at_any_width(show, width):
    """A column of the book is about 690 pixels wide on a screen of 1280."""
    tab = show("sliders.html")
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


def test_touch_moves_a_slider(show):
    tab = show("sliders.html", "phone")
    slider = tab.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    tab.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    assert float(slider.input_value()) > 2.5


def test_every_number_of_the_vector_has_a_slider_on_demand(show):
    tab = show("sliders.html")
    assert tab.locator(".gl-raw input").count() == 0
    tab.locator("summary").click()
    tab.locator(".gl-raw input").nth(5).wait_for()
    assert tab.locator(".gl-raw input").count() == 6
    first = picture(tab)
    tab.locator(".gl-raw input").nth(2).fill("3")
    assert (picture(tab) != first).any()


def test_a_link_brings_the_picture_back_and_a_broken_one_is_told(show):
    tab = show("sliders.html")
    first = picture(tab)
    tab.get_by_role("button", name="Random").click()
    tab.get_by_role("button", name="Share").click()
    tab.wait_for_function("location.hash.length > 10")
    link = tab.evaluate("location.hash")
    again = show("sliders.html" + link)
    assert np.abs(picture(again) - picture(tab)).max() <= 2
    broken = show("sliders.html" + link[:-5])
    assert "broken" in broken.get_by_role("alert").inner_text()
    np.testing.assert_array_equal(picture(broken), first)
    other = show("sliders.html#gl-00000000=abcd")
    assert "another generator" in other.get_by_role("alert").inner_text()


def test_the_way_from_a_to_b(show):
    tab = show("sliders.html", reduced_motion="reduce")
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


def test_a_link_that_arrives_ends_the_film(show):
    tab = show("sliders.html")
    tab.get_by_role("button", name="Share").click()
    tab.wait_for_function("location.hash.length > 10")
    link, first = tab.evaluate("location.hash"), picture(tab)
    tab.get_by_role("button", name="Random").click()
    tab.get_by_role("button", name="Keep as A").click()
    tab.get_by_role("button", name="Random").click()
    tab.get_by_role("button", name="Keep as B").click()
    tab.get_by_role("button", name="Play the way").click()
    tab.get_by_role("button", name="Pause").wait_for()
    tab.evaluate("link => { location.hash = ''; location.hash = link; }", link)
    tab.get_by_role("button", name="Play the way").wait_for(timeout=2000)  # the film takes 4 s
    tab.wait_for_timeout(300)
    assert np.abs(picture(tab) - first).max() <= 2


def test_save_as_png(show):
    tab = show("sliders.html", accept_downloads=True)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save PNG").click()
    assert download.value.suggested_filename == "forgery.png"
    assert Path(download.value.path()).read_bytes()[:4] == b"\x89PNG"


def test_the_dealer_says_what_it_thinks(show):
    tab = show("sliders.html")
    tab.get_by_text("% real (logit").wait_for()


def test_weights_are_read_once_and_widgets_do_not_clash(show):
    tab = show("many.html")
    assert tab.locator("canvas.gl-picture").count() == 2
    assert tab.locator("canvas.gl-frame").count() == 2
    assert tab.evaluate("GanLessons.engine.ready.size") == 2  # one painter, one dealer
    assert tab.locator("script[data-gl-weights]").count() == 2
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_the_timeline_moves_all_together(show):
    tab = show("timeline.html")
    scrub, words = tab.get_by_label("Time"), tab.locator(".gl-scrub .gl-when")
    assert words.inner_text() == "Step 14"
    scrub.focus()
    tab.keyboard.press("Home")
    assert words.inner_text() == "Step 0"
    cursors = tab.locator(".gl-now").evaluate_all("l => l.map(e => Number(e.getAttribute('x1')))")
    assert len(cursors) == 3 and len({round(x) for x in cursors}) == 1
    tab.get_by_text("distance 90.00").wait_for()
    assert "at step" not in tab.locator(".gl-charts").inner_text()
    tab.get_by_role("button", name="Step on").click()
    assert words.inner_text() == "Step 10"
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("document.querySelector('.gl-scrub .gl-when').textContent === 'Step 14'")
    tab.get_by_role("button", name="Play").wait_for()
    tab.wait_for_timeout(600)
    assert tab.get_by_role("button", name="Pause").count() == 0
    assert np.ptp(tab.eval_on_selector("canvas.gl-frame", PIXELS)) > 10


@pytest.mark.parametrize("name", ["sliders.html", "timeline.html", "run.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_for_everyone(show, violations, fits, name, scheme, width):
    tab = show(name, width, color_scheme=scheme)
    for summary in tab.locator("summary").all():
        summary.click()
    tab.wait_for_timeout(400)
    fits(tab)
    assert violations(tab) == []


def test_every_control_is_reached_by_keyboard_and_seen(show, tab_through):
    tab = show("sliders.html")
    tab.get_by_role("button", name="Keep as A").click()
    tab.get_by_role("button", name="Keep as B").click()
    tab.get_by_role("button", name="Random").click()
    tab.locator("h1").click()  # Tab begins there
    names = tab_through(tab, ".gl-app")
    for name in ("Random", "Undo", "Reset", "Share", "Save PNG", "Keep as A", "Keep as B",
                 "Play the way"):  # fmt: skip
        assert name in names
    assert len([name for name in names if "·" in name]) == 6  # the directions
    tab = show("timeline.html")
    names = tab_through(tab, ".gl-app")
    assert names[1:] == ["Play", "Step back", "Step on", "First", "Last"]


def test_moving_one_slider_is_not_read_aloud_eight_times(show):
    """Values stand in no live region; what is said at the end of a move is the dealer's verdict."""
    tab = show("sliders.html")
    assert tab.locator("output").count() == 0
    assert tab.locator("[role=status], [aria-live]").count() == 1
    tab.get_by_role("slider").first.press("ArrowRight")
    tab.locator("[role=status]").get_by_text("% real").wait_for()
    assert "," in tab.get_by_role("slider").first.get_attribute("aria-valuetext")


@pytest.mark.parametrize("name", ["sliders.html", "timeline.html"])
def test_a_still_picture_without_javascript_and_in_print(show, name):
    tab = show(name, java_script_enabled=False)
    still = tab.locator("img.gl-still")
    assert still.is_visible() and "JavaScript" in still.get_attribute("alt")
    live = show(name)
    assert not live.locator("img.gl-still").is_visible()
    live.emulate_media(media="print")
    assert live.locator("img.gl-still").is_visible()
    assert not live.locator(".gl-app").is_visible()


def test_without_webassembly_the_plain_version_paints_the_same(show):
    fast = picture(show("sliders.html"))
    tab = show("sliders.html", before="delete globalThis.WebAssembly")
    used = tab.evaluate("[...GanLessons.engine.ready.values()].map(n => n.kernels)")
    assert used == ["plain", "plain"]
    assert np.abs(picture(tab) - fast).max() <= 1


def test_weights_that_were_lost_are_told(show, folder):
    text = (folder / "sliders.html").read_text("utf-8")
    cut = text.replace('type="text/plain" data-gl-weights', 'type="text/plain" data-gone')
    (folder / "cut.html").write_text(cut, "utf-8")
    tab = show("cut.html")
    assert "weights are missing" in tab.get_by_role("alert").inner_text()
    assert tab.locator("img.gl-still").is_visible()


def test_the_page_stays_free_while_a_slider_is_dragged(show, busy):
    tab = show("sliders.html")
    tab.wait_for_timeout(300)
    slider = tab.get_by_role("slider").first
    with busy(tab) as tasks:
        for i in range(40):
            slider.fill(str(round(3 * np.sin(i / 5) / 0.05) * 0.05))
    assert max(tasks) <= 50


def test_the_engine_is_the_assembled_source():
    web = Path(page.__file__).parent / "web" / "engine"
    assert (web / "gemm.wasm").read_bytes()[:4] == b"\0asm"
    assert (
        base64.b64encode((web / "gemm.wasm").read_bytes()).decode()
        in page.latent_sliders(models.generator(3, 8, 3, seed=1), count=2).body
    )


def test_nothing_is_minus_zero(show):
    """Along a direction, 0 is reached but for the last bit."""
    tab = show("sliders.html")
    for slider in tab.get_by_role("slider").all()[:6]:
        slider.fill("0.05")
        slider.fill("0")
        spoken = slider.get_attribute("aria-valuetext")
        assert spoken.startswith("0.00") and "in the middle" in spoken
    assert "−0.00" not in tab.locator(".gl-directions").inner_text()
    fixed = "GanLessons.dom.fixed"
    wanted = ["0.00", "0.00", "−0.01", "+1.50", "NaN", "0.000"]
    assert wanted == tab.evaluate(
        f"[{fixed}(-0.001), {fixed}(0, 2, '+'), {fixed}(-0.006), {fixed}(1.5, 2, '+'), "
        f"{fixed}(NaN), {fixed}(-0.0001, 3)]"
    )


def test_sliders_are_seen_in_the_systems_own_colours(show):
    from PIL import Image

    tab = show("sliders.html", forced_colors="active")
    slider = tab.get_by_role("slider").first
    slider.fill("-3")
    with Image.open(io.BytesIO(slider.screenshot())) as shot:
        column = np.asarray(shot.convert("L"), float)[:, round(0.9 * shot.width)]
    assert np.ptp(column) > 100  # the track, beside the thumb
    assert tab.eval_on_selector(
        ".gl-meter", "m => getComputedStyle(m).backgroundColor !== "
        "getComputedStyle(m.firstElementChild).backgroundColor"
    )  # fmt: skip
