"""The playground in a real browser, from file:// with every host blocked."""

import numpy as np
import pytest

from gan_lessons import page as pages

WIDTHS = ["desktop", "phone"]


@pytest.fixture
def open_it(visit, tmp_path):
    """Open a page with one playground."""

    def go(width="desktop", anchor="", settings=None, **options):
        path = pages.playground(**(settings or {})).save(tmp_path / "playground.html")
        tab = visit(path, width, anchor, **options)
        if options.get("java_script_enabled", True):
            tab.wait_for_selector(".ganp[data-step]")
        return tab

    return go


def step(tab):
    return int(tab.get_attribute(".ganp", "data-step"))


def until(tab, condition):
    tab.wait_for_function(
        "(() => { const root = document.querySelector('.ganp'), step = +root.dataset.step, "
        f"sides = root.ganp.sides; return {condition}; }})()"
    )


def painted(tab, selector=".ganp-plane"):
    """The pixels of a canvas; after the next picture, for the page paints once a frame."""
    tab.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    values = tab.eval_on_selector(
        selector,
        "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)",
    )
    return np.array(values)


def settings(tab, side=0):
    return tab.evaluate(f"document.querySelector('.ganp').ganp.sides[{side}].settings")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_for_everyone(open_it, violations, fits, width, scheme):
    tab = open_it(width, color_scheme=scheme)
    for summary in tab.query_selector_all("summary"):
        if not summary.evaluate("s => s.parentElement.open"):
            summary.click()
    tab.get_by_label("Real points").and_(tab.locator("select")).select_option("drawing")
    tab.get_by_label("Two runs side by side").check()
    tab.wait_for_timeout(300)
    fits(tab)
    assert violations(tab) == []


def test_every_control_is_reached_by_keyboard_and_seen(open_it, tab_through):
    tab = open_it()
    names = tab_through(tab, ".ganp")
    wanted = ["It learns", "It collapses", "It oscillates", "It vanishes", "Wasserstein", "Play"]
    assert names[:6] == wanted
    for name in ("Step D", "Step G", "Rewind to 0", "Slow motion", "Rewind: snapshots of this run",
                 "Real points", "Forgeries", "D’s landscape", "The best possible D",
                 "Warped noise grid", "Where G is sent", "Steps a second", "Loss",
                 "Gradient penalty", "R1 penalty", "Seed", "Next seed", "Learning", "The players",
                 "Two runs side by side", "Share by link"):  # fmt: skip
        assert name in names
    visible = """[...document.querySelectorAll('.ganp :is(button, input, select, summary)')]
      .filter(e => e.checkVisibility()).length"""
    assert len(names) == tab.evaluate(visible)


def test_it_trains_pauses_steps_and_rewinds_by_keyboard(open_it):
    tab = open_it()
    main = tab.locator(".ganp-main")
    main.focus()
    tab.keyboard.press("Enter")
    until(tab, "step > 60")
    tab.keyboard.press("Enter")
    assert main.inner_text() == "Play"
    tab.wait_for_timeout(200)
    stopped = step(tab)
    tab.wait_for_timeout(200)
    assert step(tab) == stopped
    tab.get_by_role("button", name="Step D").press("Enter")
    tab.get_by_text("One step of the discriminator alone.").wait_for()
    assert step(tab) == stopped
    tab.get_by_role("button", name="Step G").press("Enter")
    until(tab, f"step === {stopped + 1}")
    tab.get_by_role("slider").focus()
    tab.keyboard.press("Home")
    until(tab, "step === 0")
    tab.keyboard.press("ArrowRight")
    until(tab, "step === 20")


def test_single_steps_move_one_player(open_it):
    tab = open_it()
    tab.wait_for_timeout(100)

    def seen():
        tab.wait_for_timeout(150)
        frame = "document.querySelector('.ganp').ganp.sides[0].run.frame"
        return tab.evaluate(f"[Array.from({frame}.fakes), Array.from({frame}.field)]")

    fakes, field = seen()
    tab.get_by_role("button", name="Step D").click()
    after_d = seen()
    assert after_d[0] == fakes and after_d[1] != field
    tab.get_by_role("button", name="Step G").click()
    after_g = seen()
    assert after_g[0] != fakes and after_g[1] == after_d[1]


def test_rewinding_and_playing_again_gives_the_same_run(open_it):
    tab = open_it()
    main, history = tab.locator(".ganp-main"), []
    for _ in range(2):
        main.click()
        until(tab, "step > 120")
        main.click()
        tab.wait_for_timeout(150)
        tab.get_by_role("slider").fill("6")
        until(tab, "step === 120")
        tab.wait_for_timeout(100)
        run = "document.querySelector('.ganp').ganp.sides[0].run"
        history.append(tab.evaluate(f"Array.from({run}.frame.fakes)"))
        tab.get_by_role("button", name="Rewind to 0").click()
        until(tab, "step === 0")
    assert history[0] == history[1]


@pytest.mark.parametrize("view", ["Real points", "Forgeries", "D’s landscape",
                                  "The best possible D", "Warped noise grid",
                                  "Where G is sent"])  # fmt: skip
def test_each_view_can_be_switched(open_it, view):
    tab = open_it()
    tab.get_by_label("D’s landscape").uncheck()
    tab.wait_for_timeout(200)
    before = painted(tab)
    tab.locator(".ganp-shows").get_by_label(view).click()
    tab.wait_for_timeout(200)
    assert (painted(tab) != before).any()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_stays_free_while_it_trains(open_it, busy, scheme):
    """No task of the main thread over 50 ms, with every view on and two runs."""
    every_view = "#play=seed:1~lrG:0.002~show:real.fake.landscape.optimum.warp.arrows"
    tab = open_it(color_scheme=scheme, anchor=every_view)
    tab.wait_for_timeout(300)
    tab.get_by_label("Steps a second").select_option("1000000")
    with busy(tab) as tasks:
        tab.locator(".ganp-main").click()
        tab.wait_for_timeout(2500)
    assert step(tab) > 50
    assert max(tasks) <= 50


def test_slow_motion_names_the_phases(open_it):
    tab = open_it()
    tab.get_by_label("Slow motion").check()
    tab.locator(".ganp-main").click()
    for words in ("1 of 7: Draw real points", "3 of 7: The discriminator judges both",
                  "6 of 7: The discriminator says which way"):  # fmt: skip
        tab.locator(".ganp-phase").get_by_text(words).wait_for(timeout=9000)


def test_less_motion_shows_fewer_pictures(open_it):
    """With prefers-reduced-motion there are about two pictures a second, not thirty."""
    tab = open_it(reduced_motion="reduce")
    tab.evaluate("""() => { window.seen = 0;
      new MutationObserver(() => seen++).observe(document.querySelector('.ganp'),
        { attributes: true, attributeFilter: ['data-step'] }); }""")
    tab.locator(".ganp-main").click()
    tab.wait_for_timeout(2500)
    assert 2 <= tab.evaluate("seen") <= 8


def test_two_runs_on_one_seed_stay_together(open_it):
    tab = open_it()
    tab.get_by_label("Two runs side by side").check()
    tab.get_by_label("Loss", exact=True).select_option("hinge")
    assert settings(tab, 0)["loss"] == "non_saturating" and settings(tab, 1)["loss"] == "hinge"
    tab.get_by_role("button", name="Next seed").click()
    assert settings(tab, 0)["seed"] == settings(tab, 1)["seed"] == 8
    tab.locator(".ganp-main").click()
    until(tab, "sides.every(s => s.run.frame.step > 50)")
    tab.locator(".ganp-main").click()
    until(tab, "sides[0].run.frame.step === sides[1].run.frame.step")
    tab.get_by_label("Two runs side by side").uncheck()
    assert tab.locator(".ganp-plane").count() == 1
    tab.locator(".ganp-main").click()
    until(tab, "step > 150")


def test_a_link_brings_everything_back(open_it):
    tab = open_it()
    tab.get_by_label("Two runs side by side").check()
    tab.get_by_label("Loss", exact=True).select_option("saturating")
    tab.get_by_role("button", name="Settings of A").click()
    tab.get_by_label("Real points").and_(tab.locator("select")).select_option("moons")
    tab.get_by_label("Warped noise grid").check()
    tab.get_by_role("button", name="Share by link").click()
    tab.wait_for_function("location.hash.length > 6")
    again = open_it(anchor=tab.evaluate("location.hash"))
    assert [settings(again, i) for i in (0, 1)] == [settings(tab, i) for i in (0, 1)]
    assert settings(again, 0)["data"] == "moons" and settings(again, 1)["loss"] == "saturating"
    assert again.get_by_label("Warped noise grid").is_checked()
    assert again.get_by_label("Two runs side by side").is_checked()
    again.evaluate("location.hash = '#play=data:grid'")  # a link within the page
    until(again, "sides.length === 1 && sides[0].settings.data === 'grid'")
    assert not again.get_by_label("Two runs side by side").is_checked()


@pytest.mark.parametrize("bad", ["data:frogs", "loss:__proto__", "~~", "show:all", "%E0%A4%A"])
def test_a_broken_link_is_told(open_it, bad):
    tab = open_it(anchor=f"#play={bad}")
    assert "could not be read" in tab.get_by_role("alert").inner_text()
    tab.locator(".ganp-main").click()
    until(tab, "step > 5")


def test_nan_stops_with_words(open_it):
    tab = open_it(anchor="#play=loss:wasserstein,optimiser:sgd,lrD:0.5,lrG:0.5,r1:0")
    tab.locator(".ganp-main").click()
    tab.wait_for_selector(".ganp-notice:not([hidden])")
    assert "NaN" in tab.get_by_role("alert").inner_text()
    assert tab.locator(".ganp-main").inner_text() == "Play"
    tab.get_by_role("button", name="Rewind to 0").click()  # and the page goes on
    until(tab, "step === 0")
    tab.get_by_label("Loss", exact=True).select_option("hinge")
    assert not tab.get_by_role("alert").is_visible()


def test_presets_begin_at_once(open_it):
    tab = open_it()
    tab.get_by_role("button", name="It vanishes").click()
    until(tab, "step > 20")
    assert settings(tab)["loss"] == "saturating"
    assert tab.get_by_label("Where G is sent").is_checked()
    assert "saturating" in tab.locator(".ganp-live").inner_text()
    tab.get_by_role("button", name="It oscillates").click()
    until(tab, "step > 5 && step < 100")
    assert tab.get_by_label("Steps a second").input_value() == "60"


@pytest.mark.parametrize("width", WIDTHS)
def test_freehand(open_it, width):
    tab = open_it(width)
    tab.get_by_label("Real points").and_(tab.locator("select")).select_option("drawing")
    tab.locator(".ganp-main").click()
    assert "Draw some points first" in tab.get_by_role("alert").inner_text()
    plane = tab.locator(".ganp-plane")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    if width == "phone":  # a finger that is drawn across the square
        touch = tab.context.new_cdp_session(tab)
        for kind, places in (("Start", [0]), ("Move", range(15, 121, 15)), ("End", [None])):
            for dx in places:
                points = [] if dx is None else [{"x": x + dx, "y": y + dx / 2}]
                touch.send(
                    "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
                )
    else:
        tab.mouse.move(x, y)
        tab.mouse.down()
        tab.mouse.move(x + 120, y + 60, steps=8)
        tab.mouse.up()
    plane.focus()
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Space")
    assert len(settings(tab)["drawing"]) >= 6
    assert settings(tab)["drawing"][-1] == pytest.approx([-0.08, 0])
    tab.locator(".ganp-main").click()
    until(tab, "step > 10")
    tab.get_by_role("button", name="Clear the drawing").click()
    assert settings(tab)["drawing"] == []


def test_two_on_one_page_do_not_clash(visit, tmp_path):
    both = pages.playground(data="grid", name="one") + pages.playground(data="moons", name="two")
    tab = visit(both.save(tmp_path / "two.html", "Two"))
    tab.wait_for_function("document.querySelectorAll('.ganp[data-step]').length === 2")
    tab.locator(".ganp-main").nth(1).click()
    tab.wait_for_function("+document.querySelectorAll('.ganp')[1].dataset.step > 20")
    assert step(tab) == 0
    tab.get_by_role("button", name="Share by link").nth(1).click()
    tab.wait_for_function("location.hash.includes('two=data:moons')")


def test_a_still_picture_without_javascript_in_print_and_without_workers(open_it, visit, tmp_path):
    tab = open_it(java_script_enabled=False)
    still = tab.locator(".ganp-still svg")
    assert still.is_visible() and "Eight clouds" in still.get_attribute("aria-label")
    tab = open_it()
    assert not tab.locator(".ganp-still").is_visible()
    tab.emulate_media(media="print")
    assert tab.locator(".ganp-still").is_visible() and not tab.locator(".ganp-body").is_visible()
    path = pages.playground().save(tmp_path / "playground.html")
    tab = visit(path, before="window.Worker = class { constructor() { throw new Error('no'); } }")
    assert "cannot run here" in tab.get_by_role("alert").inner_text()
    assert tab.locator(".ganp-still").is_visible()


def test_the_fast_kernel_is_used_and_the_plain_one_works(open_it):
    tab = open_it()
    assert tab.get_attribute(".ganp", "data-kernel") == "simd"
    rates = "([n, k]) => document.querySelector('.ganp').ganp.bench(n, k)"
    assert tab.evaluate(rates, [200, "simd"])["kind"] == "simd"
    assert tab.evaluate(rates, [20, "plain"])["kind"] == "plain"


def told(tab):
    return tab.locator(".ganp-told").inner_text()


def play_and_pause(tab, beyond):
    tab.locator(".ganp-main").click()
    until(tab, f"sides.every(s => s.step > {beyond})")
    tab.locator(".ganp-main").click()
    tab.locator(".ganp-live").get_by_text("places covered").first.wait_for()


def test_what_is_said_is_what_is_shown(open_it):
    tab = open_it()
    tab.wait_for_timeout(200)
    first = told(tab)
    play_and_pause(tab, 300)
    tab.wait_for_timeout(100)
    assert tab.locator(".ganp-live").inner_text() == told(tab) != first
    tab.get_by_role("slider").focus()
    tab.keyboard.press("Home")  # the measurement of that step, not of the last one
    until(tab, "step === 0")
    tab.wait_for_timeout(100)
    assert told(tab).startswith(first)
    assert tab.locator(".ganp-live").inner_text() == "Play goes on from here."


def test_a_curve_never_runs_backwards(open_it):
    tab = open_it()
    play_and_pause(tab, 150)
    tab.get_by_role("slider").press("End")  # the last snapshot is a little before the end
    tab.wait_for_timeout(100)
    play_and_pause(tab, 200)
    log = tab.evaluate("document.querySelector('.ganp').ganp.sides[0].run.frame.log.map(r => r[0])")
    assert log == sorted(log)


@pytest.mark.parametrize("act", ["change a setting", "add a run", "begin while it plays"])
def test_a_new_run_begins_at_step_0_and_waits(open_it, act):
    tab = open_it()
    both = tab.get_by_label("Two runs side by side")
    if act != "add a run":
        both.check()
    if act == "change a setting":
        play_and_pause(tab, 100)
    else:
        tab.locator(".ganp-main").click()
        until(tab, "sides.every(s => s.step > 100)")
    if act == "add a run":
        both.check()
    else:
        tab.get_by_label("Loss", exact=True).select_option("hinge")
    tab.wait_for_timeout(800)
    sides = "document.querySelector('.ganp').ganp.sides.map(s => s.step)"
    assert tab.evaluate(sides) == [0, 0]
    assert tab.locator(".ganp-main").inner_text() == "Play"


def test_when_one_run_breaks_the_other_stops_as_well(open_it):
    wild = "loss:wasserstein,optimiser:sgd,lrD:0.5,lrG:0.5,r1:0"
    tab = open_it(anchor=f"#play=~{wild}")
    tab.wait_for_timeout(200)
    tab.locator(".ganp-main").click()
    tab.wait_for_selector(".ganp-notice:not([hidden])")
    tab.wait_for_timeout(200)
    tab.evaluate("""() => { window.seen = 0;
      new MutationObserver(() => seen++).observe(document.querySelector('.ganp'),
        { attributes: true, attributeFilter: ['data-step'] }); }""")
    tab.wait_for_timeout(500)
    assert tab.evaluate("seen") == 0
    corner = tab.eval_on_selector(
        ".ganp-side:last-child .ganp-plane",
        "c => Array.from(c.getContext('2d').getImageData(20, 20, 1, 1).data)",
    )
    assert sum(corner[:3]) > 300  # where D's answer is no number the ground is not black


def test_the_focus_stays_on_a_control_that_was_folded_away_at_first(open_it):
    tab = open_it()
    tab.get_by_text("Learning", exact=True).click()
    rate = tab.get_by_label("Learning rate of D")
    rate.focus()
    rate.select_option("0.01")
    assert tab.evaluate("document.activeElement.labels?.[0]?.textContent") == "Learning rate of D"


def test_nothing_trains_unseen(open_it):
    """Not behind another tab, and not when a notebook has taken the cell away."""
    tab = open_it()
    tab.evaluate("window.root = document.querySelector('.ganp')")

    def hide(hidden):
        tab.evaluate(
            """hidden => { Object.defineProperty(document, "hidden",
              { value: hidden, configurable: true });
              document.dispatchEvent(new Event("visibilitychange")); }""",
            hidden,
        )

    def still():
        tab.wait_for_timeout(200)
        before = tab.evaluate("root.ganp.sides[0].step")
        tab.wait_for_timeout(300)
        return before == tab.evaluate("root.ganp.sides[0].step")

    tab.locator(".ganp-main").click()
    until(tab, "step > 20")
    hide(True)
    assert still()
    hide(False)
    assert not still()
    tab.evaluate("root.remove()")
    assert still()


def test_it_follows_its_place_the_theme_and_the_readers_wish_for_calm(open_it):
    tab = open_it(color_scheme="light")
    tab.wait_for_timeout(200)
    tab.eval_on_selector(".ganp", "e => { e.style.width = '450px'; }")  # no resize of the window
    tab.wait_for_timeout(200)
    canvas = tab.locator(".ganp-chart").first
    assert canvas.evaluate("c => c.width - c.clientWidth") == 0
    plane, pixels = tab.locator(".ganp-plane"), "c => c.toDataURL()"
    for part, name, value in (("body", "data-jp-theme-light", "false"), ("html", "theme", "dark")):
        light = plane.evaluate(pixels)
        tab.eval_on_selector(part, "(e, [n, v]) => e.setAttribute(n, v)", [name, value])
        tab.wait_for_timeout(100)
        assert plane.evaluate(pixels) != light
        tab.eval_on_selector(part, "(e, n) => e.removeAttribute(n)", name)
        tab.wait_for_timeout(100)
    tab.emulate_media(reduced_motion="reduce")
    tab.evaluate("""() => { window.seen = 0;
      new MutationObserver(() => seen++).observe(document.querySelector('.ganp'),
        { attributes: true, attributeFilter: ['data-step'] }); }""")
    tab.locator(".ganp-main").click()
    tab.wait_for_timeout(1500)
    assert 1 <= tab.evaluate("seen") <= 6


def test_only_a_stroke_that_begins_on_the_square_draws(open_it):
    tab = open_it(anchor="#play=data:drawing,drawing:c3c3")
    plane = tab.locator(".ganp-plane")
    box = plane.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, box["y"] - 30)
    tab.mouse.down()
    tab.mouse.move(x, y, steps=5)  # words are marked across it, say
    tab.mouse.up()
    tab.mouse.click(x, y, button="right")
    assert len(settings(tab)["drawing"]) == 1


def test_drawing_by_keyboard_with_a_screen_reader(open_it):
    tab = open_it()
    plane = tab.locator(".ganp-plane")
    assert plane.get_attribute("role") == "img"
    tab.get_by_label("Real points").and_(tab.locator("select")).select_option("drawing")
    assert plane.get_attribute("role") == "application"  # else it would keep the arrow keys
    assert "arrow keys" in plane.get_attribute("aria-label")
    plane.focus()
    tab.keyboard.press("ArrowLeft")
    assert tab.locator(".ganp-live").inner_text() == "The cross is at −0.08, 0.00."
    tab.keyboard.press("Space")
    assert tab.locator(".ganp-live").inner_text() == "A point at −0.08, 0.00."


def test_in_the_systems_own_colours_rings_and_discs_still_differ(open_it):
    tab = open_it(forced_colors="active")
    look = "e => getComputedStyle(e).backgroundColor"
    real, fake = (tab.eval_on_selector(f".ganp-sign-{k}", look) for k in ("real", "fake"))
    assert real != fake
    plane = tab.locator(".ganp-plane")
    assert plane.evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"
