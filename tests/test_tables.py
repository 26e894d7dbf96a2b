"""Tables of text."""

import pytest

from gan_lessons.errors import InputError
from gan_lessons.tables import Table


def test_as_text_and_as_a_page():
    table = Table(
        ("what", "then", "now"),
        [("batch", 20, 64), ("`lr` & co", "<0.1", "none")],
        caption="Then and now",
        numbers=True,
    )
    assert str(table).splitlines()[1] == "batch        20    64"
    page = table._repr_html_()
    assert "<code>lr</code> &amp; co" in page and "&lt;0.1" in page
    assert page.count("<tr>") == 3 and page.count('scope="col"') == 3
    assert page.count('scope="row"') == 2 and "Then and now</caption>" in page
    assert page.count("text-align:right") == 6
    assert "right" not in Table(("a", "b"), [("c", "d")])._repr_html_()
    assert "a ` b" in Table(("a ` b",), [])._repr_html_()


def test_the_last_column_under_its_row():
    table = Table(("what", "then", "now", "why"), [("a", "b", "c", "since `d`")], last_under=True)
    page = table._repr_html_()
    assert 'colspan="2"' in page and "since <code>d</code></td>" in page
    assert ">why<" not in page and page.count("<tr") == 3
    assert "why" in str(table)  # in a terminal it is a column like any other


def test_a_row_that_does_not_fit():
    with pytest.raises(InputError, match="2 cells under a head of 3"):
        Table(("a", "b", "c"), [("d", "e")])


def test_rows_with_names():
    named = Table(("then", "now"), {"batch": (20, 64)})
    assert str(named) == str(Table(("", "then", "now"), [("batch", 20, 64)]))
    assert "<thead><tr><td></td><th" in named._repr_html_()
    with pytest.raises(InputError, match="'batch' has 1 cells for 2 columns"):
        Table(("then", "now"), {"batch": (20,)})
