"""A chapter without a mouse: every control is reached, seen and left, and does what it says."""

import pytest

WIDTHS = ["desktop", "phone"]
HERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) { return null; }
  globalThis.walked ??= new Map();
  if (!walked.has(e)) { walked.set(e, walked.size); }
  const box = e.getBoundingClientRect(), look = getComputedStyle(e);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  return {
    number: walked.get(e), what: e.outerHTML.slice(0, 120), tag: e.tagName,
    marked: (look.outlineStyle !== "none" && look.outlineWidth !== "0px")
      || look.boxShadow !== "none",
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth,
    free: !!top && (e.contains(top) || top.contains(e) || !!top.closest("label")),
  };
}"""


@pytest.fixture
def chapter(html, read):
    def go(width, name="02-the-generator"):
        return read(html / "book" / f"{name}.html", width)

    return go


def press(tab, key="Tab"):
    """Press a key; where the focus is then, or None outside the page."""
    tab.keyboard.press(key)
    for pause in (30, 400):  # the skip link glides in and out
        tab.wait_for_timeout(pause)
        here = tab.evaluate(HERE)
        if here is None or (here["inside"] and here["free"]):
            break
    return here


def reach(tab, selector, most=250, key="Tab"):
    """Tab until a control has the focus."""
    for _ in range(most):
        press(tab, key)
        if tab.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} is not reached")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_trap_and_the_focus_is_always_seen(chapter, width):
    """From the top to the bottom and back: each control once, marked, in sight, not covered."""
    tab = chapter(width)
    tab.keyboard.press("Shift")  # the first key lets the widgets in
    tab.wait_for_function("!document.querySelector('[data-gl-parts]:not(.gl-live)')")
    walked = []
    while (here := press(tab)) is not None:
        if walked and here["number"] == 0:  # round again
            break
        walked.append(here)
        assert len(walked) < 400, "it does not end"
    numbers = [here["number"] for here in walked]
    assert numbers == list(range(len(numbers))), "a control came twice"
    assert len(numbers) > 30
    assert [here["what"] for here in walked if not here["marked"]] == []
    assert [here["what"] for here in walked if not (here["inside"] and here["free"])] == []
    last = tab.evaluate("document.activeElement === document.body")
    back = []
    while (here := press(tab, "Shift+Tab")) is not None and len(back) < 400:
        back.append(here["number"])
        if here["number"] == 0:
            break
    assert back[-1] == 0 and len(back) >= len(numbers) - (0 if last else 1)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_skip_link_skips(chapter, width):
    tab = chapter(width)
    assert "Skip to main content" in press(tab)["what"]
    tab.keyboard.press("Enter")
    press(tab)
    assert tab.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_search_is_opened_and_answers(chapter, width):
    tab = chapter(width)
    button = ".search-button__button" if width == "desktop" else ".bd-header-article button"
    reach(tab, f"{button}:is(.search-button__button)")
    tab.keyboard.press("Enter")
    field = "#pst-search-dialog input"
    tab.wait_for_function("s => document.activeElement.matches(s)", arg=field)
    tab.keyboard.press("Escape")
    assert not tab.locator("#pst-search-dialog").is_visible()
    tab.keyboard.press("Control+k")
    tab.wait_for_function("s => document.activeElement.matches(s)", arg=field)
    tab.keyboard.type("dealer")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=dealer")
    tab.wait_for_selector("#search-results li", timeout=15_000)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_menu_leads_to_another_chapter(chapter, width):
    tab = chapter(width)
    if width == "phone":
        reach(tab, ".primary-toggle")
        tab.keyboard.press("Enter")
    reach(tab, "a[href='09-walking-through-latent-space.html']")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/09-walking-through-latent-space.html")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_chapter_is_read_worked_and_left(chapter, width):
    """An answer opens, a slider moves its picture, and the next chapter comes."""
    tab = chapter(width)
    press(tab)
    tab.keyboard.press("Enter")  # skip to the text
    reach(tab, "article details:not(.hide) > summary")
    for state in ("open", "shut", "open"):
        tab.keyboard.press("Enter" if state == "open" else "Space")
        opened = tab.evaluate("document.activeElement.parentElement.open")
        assert opened == (state == "open")
    reach(tab, ".gl-row input[type=range]")
    picture = "document.querySelector('canvas.gl-picture').toDataURL()"
    before, value = tab.evaluate(picture), tab.evaluate("document.activeElement.value")
    for _ in range(5):
        tab.keyboard.press("ArrowRight")
    assert float(tab.evaluate("document.activeElement.value")) > float(value)
    assert tab.evaluate(picture) != before
    reach(tab, "a.right-next")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/03-the-discriminator.html")


def test_the_set_up_cell_says_what_a_key_will_do(chapter):
    tab = chapter("desktop")
    summary = tab.locator("details.hide > summary").first
    assert summary.inner_text() == "Show code cell source"
    summary.press("Enter")
    assert summary.inner_text() == "Hide code cell source"
