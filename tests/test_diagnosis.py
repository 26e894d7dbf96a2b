"""The diagnosis tree finds every failure; its words, its drawing and the replies agree with it."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import numpy as np
import pytest

from gan_lessons import diagnosis, diagrams, failures, patients, tree_diagram
from gan_lessons.errors import InputError

RIGHT = {
    "healthy": "healthy",
    "augmentation": "healthy",
    "toggled dealer": "healthy",
    "collapse": "collapse",
    "dealer too strong": "dealer too strong",
    "dealer a little too strong": "dealer too strong",
    "frozen dealer": "frozen dealer",
    "leaking augmentation": "leaking augmentation",
    "beta_1 at 0.9": "too much momentum",
    "forgotten flag": "forgotten flag",
}
TRUTH = {letter: RIGHT[game] for letter, (game, _) in patients.PATIENTS.items()}


def test_the_tree_finds_the_cause_of_every_saved_game():
    assert set(RIGHT) == set(failures.DELTAS)
    for name, cause in (RIGHT | TRUTH).items():
        assert diagnosis.diagnose(failures.load(name)) == cause, name


def test_every_failure_has_its_section_in_the_chapter():
    notebook = Path(__file__).parents[1] / "book" / "08-when-it-goes-wrong.ipynb"
    cells = nbformat.read(notebook, 4).cells
    text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^##+ (.+)$", text, re.M)}
    assert {finding.section for finding in diagnosis.TREE} <= headings
    assert diagnosis.outline() in text  # the list below the drawing is the drawing's tree
    for letter, cause in TRUTH.items():
        assert f"**{letter}: {cause}.**" in text  # the answers at the end of the game


def test_the_drawing_says_everything_and_stays_in_its_frame():
    drawing = diagnosis.tree()
    width, height = drawing.size
    assert width <= 390  # a phone
    root = ET.fromstring(drawing._repr_html_())
    assert root.get("role") == "img" and root.get("aria-label", "").startswith(drawing.title)
    written = " ".join(t.text for t in root.iter() if t.tag.endswith("text"))
    for finding in diagnosis.TREE:
        for line in (*finding.question, finding.cause, *finding.mend):
            assert line in written and line in drawing.description
    for element in root.iter():
        if element.tag.endswith("rect"):
            assert float(element.get("x")) + float(element.get("width")) <= width
            assert float(element.get("y")) + float(element.get("height")) <= height
    used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing._repr_html_()))
    assert used <= {"currentColor", "none", diagrams.REAL, diagrams.FAKE}


def test_waves_count_and_neither_trembling_nor_a_steady_rise():
    at = np.arange(700)
    tremble = np.random.default_rng(0).standard_normal(700)
    assert diagnosis.swing(2 * np.sin(at / 15)) > 1
    assert diagnosis.swing(tremble) < 0.4
    assert diagnosis.swing(at / 50) == pytest.approx(0, abs=1e-6)
    assert diagnosis.swing(np.ones(5)) == 0 and diagnosis.swing(np.ones(20)) == 0
    assert diagnosis.signed(-0.01) == "+0.0" and diagnosis.signed(-0.16) == "-0.2"


def test_a_line_that_does_not_fit_is_refused():
    with pytest.raises(InputError, match="at most 31 fit"):
        tree_diagram.upright([(("Why?",), ("x" * 60,))], ("End",), title="t", description="d")


def test_right_guesses_are_called_right_with_their_signs():
    replies = patients.check(TRUTH)
    assert replies.right == tuple("ABCD")
    assert "4 of 4 are right" in str(replies)
    for letter, words in replies.words.items():
        assert words.startswith(f"right, {TRUTH[letter]}") and re.search(r"\d", words)


def test_a_guess_may_be_written_in_capitals_and_with_spaces():
    assert patients.check({k: f"  {v.upper()} " for k, v in TRUTH.items()}).right == tuple("ABCD")


@pytest.mark.parametrize(
    ("letter", "guess"),
    [(k, guess) for k in patients.PATIENTS for guess in diagnosis.NAMES if guess != TRUTH[k]],
)
def test_a_wrong_guess_hears_what_speaks_against_it_and_not_the_answer(letter, guess):
    reply = patients.check({letter: guess}).words[letter]
    assert reply.startswith("not ")
    assert re.search(r"\d", reply) or "further up" in reply
    assert TRUTH[letter] not in reply


def test_missing_and_unknown_words_are_answered():
    replies = patients.check({"A": "colapse", "B": "a cold", "C": 3})
    assert "Did you mean 'collapse'?" in replies.words["A"]
    assert "Choose from: frozen dealer" in replies.words["B"]
    assert "not a diagnosis" in replies.words["C"]
    assert "no answer yet" in replies.words["D"]
    assert replies.right == () and "0 of 4" in str(replies)
    page = patients.check({"A": "<script>"})._repr_html_()
    assert "&lt;script&gt;" in page and "<script>" not in page and "0 of 4" in page


@pytest.mark.parametrize("wrong", [["collapse"], "collapse", None, 3])
def test_answers_of_another_kind_are_refused(wrong):
    with pytest.raises(InputError, match="give a dictionary"):
        patients.check(wrong)


def test_letters_of_nobody_are_refused():
    with pytest.raises(InputError, match="no patient 'E': choose A, B, C, D"):
        patients.check({"E": "collapse"})
    with pytest.raises(InputError, match="no patient 'E'"):
        patients.patient("E")
    assert patients.patient("A").history().keys() == failures.load("A").history().keys()
