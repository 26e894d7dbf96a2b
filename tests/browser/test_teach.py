"""What the teacher prints, printed."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tools import cards  # noqa: E402


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
