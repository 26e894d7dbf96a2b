"""The teacher's pages: what they promise about the game, the cards, the slides and the links."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tools import cards, paper_game, slides  # noqa: E402

TEACH = ROOT / "book" / "teach"
PAGES = sorted(TEACH.glob("*.md"))


def played(rule, games=200):
    return [paper_game.play(seed, rule) for seed in range(games)]


def found(games, least):
    return sum(game.villages() >= least for game in games) / len(games)


def right(games, number):
    return sum(game.right[number - 1] for game in games) / len(games)


def test_the_game_on_paper_goes_as_its_page_says():
    games = played("one after the other")
    assert abs(right(games, 1) - 0.5) < 0.05
    assert 0.8 < right(games, 2) < 0.9
    assert all(abs(right(games, number) - 0.5) < 0.1 for number in (5, 6, 7, 8))
    assert 0.65 < found(games, 3) < 0.85
    assert found(games, 2) > 0.97


def test_a_hasty_painter_and_a_sleeping_dealer_do_worse():
    hasty, asleep = played("all at once"), played("asleep")
    assert 0.07 < found(hasty, 3) < 0.2
    assert 0.4 < found(hasty, 2) < 0.52  # one village or none: in about half of them
    assert found(asleep, 3) < 0.05


def test_a_dealer_sends_a_frog_towards_originals_and_leaves_it_where_he_believes_it():
    chance = paper_game.random.Random(0)
    circles = [(0, 4)] * 6
    assert paper_game.arrow((2, 4), circles, [], chance) == (1, 4)
    assert paper_game.arrow((5, 4), circles, [], chance) == (4, 4)  # flat ground
    assert paper_game.arrow((0, 4), circles, [], chance) == (0, 4)
    assert paper_game.arrow((0, 4), circles, [(0, 3)] * 7, chance) != (0, 4)  # found out


def test_the_crosses_move_with_the_frogs():
    game = paper_game.play(0, rounds=1)
    assert game.crosses == game.table != [paper_game.START] * paper_game.FACES


def test_the_deck_is_what_the_page_says():
    assert len(paper_game.DECK) == 24 and len(set(paper_game.DECK)) == 12
    assert paper_game.name(paper_game.START) == "D3"
    assert paper_game.START not in paper_game.DECK


def test_the_cards_are_made_from_the_rules():
    """`python tools/cards.py` writes them again."""
    made = cards.page(cards.TEXT.read_text("utf-8"))
    assert cards.PAGE.read_text("utf-8") == made
    assert made.count('class="card"') == 24
    assert "<strong>Teach.</strong>" in made
    assert not re.search(r"https?://|<script|src=", made)
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", made))
    assert colours and all(len(set(c[1:])) == 1 for c in colours), "black, white and grey only"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_link_leads_somewhere(path):
    text = path.read_text("utf-8")
    for target in re.findall(r"(?:\]\(|<)([\w./-]+\.(?:md|ipynb|html))[#)>]", text):
        assert (path.parent / target).exists(), target
    for target, anchor in re.findall(r"\]\(([\w./-]+\.(?:md|ipynb))#([\w-]+)\)", text):
        there = (path.parent / target).read_text("utf-8")
        heads = re.findall(r'^\s*"?#{1,3} (.+?)(?:\\n)?"?,?$', there, re.M)
        plain = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
        assert anchor in plain, f"{target}#{anchor}"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_words_of_the_house(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\b(just|simply|obviously)\b", text, re.I)
    assert not re.search(r"color\b|behavior|\blabeled\b", text)


def test_a_slide_without_its_figure_stops_and_says_what_there_is():
    figures = {"A ring of eight clouds": "<img>"}
    with pytest.raises(slides.NoFigureError, match="It has:\n  A ring of eight"):
        slides.render("# T\n\n{figure 01: A square}", lambda chapter: figures)
    page = slides.render("# T\n\n---\n\n{figure 01: A ring}\n\n> to say", lambda chapter: figures)
    assert page.count('<section class="slide"') == 2 and '<div class="live"><img></div>' in page


def test_a_chapter_that_changed_since_the_book_was_built_is_not_taken_from_it(tmp_path):
    path = next((ROOT / "book").glob("01-*.ipynb"))
    notebook = nbformat.read(path, 4)
    notebook.metadata["taken"] = "from the book"
    nbformat.write(notebook, tmp_path / path.name)
    assert slides.executed("01", tmp_path).metadata["taken"] == "from the book"
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    assert slides.sources(other) != slides.sources(notebook)


def test_the_slides_find_every_figure_in_the_played_chapters(play):
    text = slides.TEXT.read_text("utf-8")
    kept = {}
    for chapter in sorted(set(re.findall(r"\{figure (\d\d):", text))):
        path = next((ROOT / "book").glob(f"{chapter}-*.ipynb"))
        kept[chapter] = slides.shown(nbformat.read(play(path).copy, 4))
    page = slides.render(text, kept.__getitem__)
    assert kept.keys() >= {"01", "02", "04", "06", "07"}
    assert len(page) < 3e6
    assert not re.search(r'(src|href)="https?:', page)
    assert "{figure" not in page and "PIECE" not in page
