"""Equations are drawn while the book is built."""

import re
from pathlib import Path

import pytest

from gan_lessons import equations

MATHJAX = Path(__file__).parents[1] / "vendor" / "mathjax" / "tex-svg-small.js"
pytestmark = pytest.mark.skipif(not equations.node(), reason="needs Node.js or Playwright")


def words(drawing):
    """What a screen reader reads: the text of the MathML."""
    return re.sub(r"<[^>]*>", "", re.search(r"<math.*</math>", drawing)[0])


def test_every_place_gets_its_own_drawing_and_the_rest_stays():
    body = (
        '<p>If <span class="math notranslate nohighlight">\\(a &lt; b\\)</span>, then</p>'
        '<div class="math notranslate nohighlight">\n\\[\\frac{x}{y} = 1\\]</div>'
        '<div class="amsmath math nohighlight">\n\\begin{align}u &amp;= v\\end{align}</div>'
        '<p class="mathematics">\\(not this\\)</p><code>\\(nor this\\)</code>'
    )  # fmt: skip
    found, style = equations.draw(body, MATHJAX)
    drawings = re.findall("<mjx-container.*?</mjx-container>", found)
    assert [words(drawing) for drawing in drawings] == ["a&lt;b", "xy=1", "u=v"]
    assert ["display=" in drawing.partition("<svg")[0] for drawing in drawings] == [0, 1, 1]
    assert ["tabindex" in drawing for drawing in drawings] == [False, True, True]
    assert found.startswith("<p>If <span") and found.endswith("<code>\\(nor this\\)</code>")
    assert "\\(a" not in found and "\\frac" not in found
    assert "mjx-container" in style and "\n" not in style


def test_identifiers_do_not_clash():
    drawn, _ = equations.svg([("x^2", False)] * 3, MATHJAX)
    names = re.findall(r'\bid="([^"]+)"', "".join(drawn))
    assert len(names) == 6 and len(set(names)) == 6
    used = set(re.findall(r'href="#([^"]+)"', "".join(drawn)))
    assert used == set(names)


def test_a_mistake_is_named():
    with pytest.raises(ValueError, match=r"cannot read the equation .*frac"):
        equations.svg([("\\frac{1}", True)], MATHJAX)


def test_a_page_without_equations_asks_nobody(tmp_path):
    assert equations.draw("<p>text</p>", tmp_path / "missing.js") == ("<p>text</p>", "")
