"""What the teacher prints, printed."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tools import cards, slides  # noqa: E402


def printed(tab):
    """How many pages a page has on paper."""
    paper = tab.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def test_the_cards_fill_five_pages(visit):
    tab = visit(cards.PAGE)
    assert printed(tab) == 5
    broken = """[...document.querySelectorAll("section")].map(s => s.scrollWidth > s.clientWidth)"""
    assert not any(tab.evaluate(broken))


def test_the_cards_are_readable_by_all(visit, violations):
    assert violations(visit(cards.PAGE)) == []


@pytest.fixture
def deck(tmp_path):
    """Four slides, one of them with the live playground."""
    text = "# One\n\n> a note\n\n---\n\n## Two\n\n---\n\n{playground}\n\n---\n\n## Four"
    path = tmp_path / "slides.html"
    path.write_text(slides.render(text, lambda chapter: {}), "utf-8")
    return path


def test_keys_turn_the_slides_and_show_the_notes(visit, deck, violations):
    tab = visit(deck)
    top = "n => Math.abs(document.querySelectorAll('.slide')[n].getBoundingClientRect().top) < 2"
    assert tab.evaluate(top, 0)
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function(top, arg=1)
    tab.keyboard.press("End")
    tab.wait_for_function(top, arg=3)
    tab.keyboard.press("Home")
    tab.wait_for_function(top, arg=0)
    assert not tab.locator("blockquote").is_visible()
    tab.keyboard.press("n")
    assert tab.locator("blockquote").is_visible()
    assert violations(tab) == []


def test_the_slides_print_one_to_a_page(visit, deck):
    assert printed(visit(deck)) == 4


def test_the_slides_fit_a_phone(visit, deck, fits):
    fits(visit(deck, "phone"))
