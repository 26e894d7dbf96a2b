"""A page on paper: dark on white, answers open, nothing cut off, nothing to press."""

import re

import pytest

CHAPTERS = ["01-the-painter-and-the-forger", "02-the-generator", "08-when-it-goes-wrong"]
PAGES = [*CHAPTERS, "teach/unplugged"]


@pytest.fixture
def paper(html, read):
    """A page as it is printed, A4 with the style's margins."""

    def go(name, **options):
        tab = read(html / "book" / f"{name}.html", **options)
        tab.set_viewport_size({"width": 670, "height": 1000})  # what 1.6 cm leave of A4
        tab.emulate_media(media="print")
        tab.wait_for_timeout(300)
        return tab

    return go


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dark_on_white(paper, name, scheme):
    tab = paper(name, color_scheme=scheme)
    inks = tab.evaluate(
        "['p', 'h2', 'li', 'summary', 'pre span', 'td', 'a'].map(s => document.querySelector("
        "`article ${s}`)).filter(e => e).map(e => getComputedStyle(e).color)"
    )
    assert len(inks) >= 4
    for ink in [*inks, tab.evaluate("getComputedStyle(document.body).color")]:
        red, green, blue = map(int, re.findall(r"\d+", ink)[:3])
        assert 0.21 * red + 0.72 * green + 0.07 * blue < 125, ink
    tab.emulate_media(media="screen", color_scheme=scheme)
    tab.wait_for_function("s => document.documentElement.dataset.theme === s", arg=scheme)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off(paper, name):
    tab = paper(name)
    cut = tab.evaluate(
        """[...document.querySelectorAll('article, article *')].filter((e) => {
          const { overflowX } = getComputedStyle(e), box = e.getBoundingClientRect();
          return e.checkVisibility() && !e.closest('svg, mjx-assistive-mml, .gl-w, .ganp')
            && (box.right > innerWidth + 1
              || (overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1));
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert cut == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_answers_stand_open_and_are_shut_again_on_the_screen(paper, name):
    tab = paper(name)
    answers = "[...document.querySelectorAll('article details:not(.hide, .gl-w *, .ganp *)')]"
    seen = f"{answers}.map(e => e.lastElementChild.checkVisibility())"
    assert len(tab.evaluate(seen)) >= 5 and all(tab.evaluate(seen))
    tab.emulate_media(media="screen")
    tab.wait_for_function(f"{answers}.every(e => !e.open)")


@pytest.mark.parametrize("name", PAGES)
def test_no_navigation_and_no_controls(paper, name):
    tab = paper(name)
    seen = tab.evaluate(
        """[...document.querySelectorAll(`.bd-sidebar, .bd-header-article, .prev-next-footer, nav,
          button, input, select, .headerlink`)].filter(
          e => e.checkVisibility() && !e.closest('#jb-print-docs-body')).map(
          e => e.outerHTML.slice(0, 100))"""
    )
    assert seen == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_pictures_are_whole_and_addresses_are_spelt_out(paper, name):
    """Pictures that nobody had scrolled to are printed, too, and none is torn by a page's end."""
    tab = paper(name)
    printed = tab.pdf(prefer_css_page_size=True)
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 60
    torn, missing = tab.evaluate(
        """[i => getComputedStyle(i).breakInside !== 'avoid', i => !i.complete || !i.naturalWidth]
          .map(bad => [...document.querySelectorAll('article img')].filter(
            i => i.checkVisibility() && bad(i)).map(i => i.outerHTML.slice(0, 100)))"""
    )
    assert (torn, missing) == ([], [])
    spelt = tab.evaluate(
        "[...document.querySelectorAll('article a.external[href^=http]')].map("
        "e => getComputedStyle(e, '::after').content)"
    )
    assert spelt and all("http" in content for content in spelt)


def test_without_javascript_the_answers_stand_open_too(paper):
    tab = paper(CHAPTERS[1], java_script_enabled=False)
    answer = tab.locator("article details:not(.hide) > summary + *").first
    assert answer.is_visible()
