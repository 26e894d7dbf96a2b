"""What the book's pages leave out comes back whole."""

import base64
import io
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gan_lessons import book_pages, models, page, pretrained

PAGE = '<div class="cell_output">{}</div>'


@pytest.fixture
def shelf(tmp_path):
    return book_pages.Shelf(tmp_path / "_parts", "../_parts")


@pytest.fixture(scope="module")
def sliders():
    generator = models.generator(6, 16, 4, seed=1)
    return page.latent_sliders(generator, models.discriminator(16, 4, seed=1), title="</script>")


def picture(size, kind="PNG"):
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (*size, 3), np.uint8)
    Image.fromarray(noise).save(buffer, kind)
    return buffer.getvalue()


def strings(program):
    """What the program sets as the text of its element."""
    return json.loads(re.search(r's\.textContent=("(?:[^"\\]|\\.)*");', program)[1])


def test_a_widget_leaves_its_still_picture_and_names_its_parts(sliders, shelf):
    light = book_pages.without_weights(PAGE.format(sliders.body), shelf)
    assert len(light) < 0.6 * len(sliders.body) and "<script" not in light
    assert light.count("<section") == light.count("</section>") == 1
    assert 'class="gl-still"' in light and "<style>" in light
    names = re.search(r'data-gl-parts="([^"]*)"', light)[1].split()
    painter, dealer, data, program = [
        (shelf.folder / name.removeprefix("../_parts/")).read_text("utf-8") for name in names
    ]
    for part in (painter, dealer):
        digest = re.search(r's\.dataset\.glWeights="(\w+)"', part)[1]
        assert f'data-gl-weights="{digest}">{strings(part)}</script>' in sliders.body
    assert f'<script type="application/json">{strings(data)}</script>' in sliders.body
    assert f"<script>{program}</script>" in sliders.body
    mark = re.search(r'data-gl-data="(\w+)"', light)[1]
    assert f'[data-gl-data="{mark}"]' in data


def test_what_two_widgets_share_is_one_file(sliders, shelf):
    book_pages.without_weights(PAGE.format(sliders.body) * 2, shelf)
    assert len(list(shelf.folder.iterdir())) == 4


def test_the_playground_leaves_its_still_picture(shelf):
    play = page.playground().body
    light = book_pages.without_weights(PAGE.format(play), shelf)
    (part,) = shelf.folder.iterdir()
    assert f"<script>{part.read_text('utf-8')}</script>" in play
    assert f'data-gl-parts="../_parts/{part.name}"' in light
    assert "<script" not in light and "<svg" in light and light.endswith("</noscript></div></div>")


def test_pictures_say_their_size_and_wait(shelf, tmp_path):
    (tmp_path / "a.png").write_bytes(picture((30, 40)))
    large, small = picture((60, 80)), picture((4, 4))
    body = '<img alt="x" src="../_images/a1.png"><img alt="" src="data:image/png;base64,{}">'
    body = body.format(base64.b64encode(large).decode())
    body += f'<img alt="s" src="data:image/png;base64,{base64.b64encode(small).decode()}">'
    found = book_pages.later_pictures(body, shelf, {"a1.png": tmp_path / "a.png"})
    first, second, third = re.findall("<img[^>]*>", found)
    assert 'width="40" height="30"' in first and 'loading="lazy"' in first
    assert 'width="80" height="60"' in second and 'src="../_parts/' in second
    assert third in body
    assert next(shelf.folder.iterdir()).read_bytes() == large


def test_a_picture_that_says_its_width_keeps_it(shelf):
    source = base64.b64encode(picture((60, 80))).decode()
    found = book_pages.later_pictures(
        f'<img width="20" src="data:image/png;base64,{source}">', shelf, {}
    )
    assert found.count("width=") == 1 and "height=" not in found


def test_the_description_is_the_first_paragraph_with_something_to_say():
    body = "<p>12 minutes.</p><p>A <b>painter</b> wants to forge &amp; sell; {}.</p>"
    assert book_pages.description(body.format("so he asks a dealer")).startswith(
        "A painter wants to forge & sell; so"
    )
    long = book_pages.description(body.format("word " * 80))
    assert 100 < len(long) <= book_pages.MOST + 2 and long.endswith("word …")
    assert book_pages.description("<p>Short.</p>") == ""


def test_a_summary_holds_no_paragraphs():
    body = (
        '<summary aria-label="Toggle hidden content"><p class="collapsed admonition-title">Show</p>'
        '<p class="expanded admonition-title">Hide</p></summary><p class="admonition-title">No</p>'
    )
    assert book_pages.valid(body) == (
        '<summary><span class="collapsed admonition-title">Show</span>'
        '<span class="expanded admonition-title">Hide</span></summary>'
        '<p class="admonition-title">No</p>'
    )


def test_addresses_follow_the_pages_depth(sliders, tmp_path):
    app = SimpleNamespace(
        srcdir=tmp_path, outdir=tmp_path / "html", builder=SimpleNamespace(images={})
    )
    context = {"body": sliders.body}
    book_pages.change(app, "book/teach/plans", "page.html", context, object())
    assert 'data-gl-parts="../../_parts/' in context["body"]
    assert ".gl-w" in context["widget_styles"] and context["summary"] == ""
    untouched = {"body": sliders.body}
    book_pages.change(app, "search", "search.html", untouched, None)
    assert untouched["body"] == sliders.body


def test_playgrounds_are_named_by_their_order():
    names = ("ganp-a275e9d776c2", "ganp-58bde34c8528")
    body = '<i id="{0}"></i>f("{0}") <i id="{1}"></i>f("{1}") ganp-still'.format(*names)
    other = body.replace(names[0], "ganp-000000000000")
    assert book_pages.numbered(body) == book_pages.numbered(other)
    assert (
        book_pages.numbered(body).count("ganp-1") == 2 == book_pages.numbered(body).count("ganp-2")
    )
    assert "ganp-still" in book_pages.numbered(body)


def test_every_name_of_a_playground_is_found():
    made = page.playground().body
    assert "ganp-1" in book_pages.numbered(made)
    assert not book_pages.PLAYGROUND_NAME.search(book_pages.numbered(made))


def test_the_directive_shows_a_shipped_painter():
    pytest.importorskip("sphinx", reason="needs `pip install jupyter-book`")
    from gan_lessons import book_sliders

    options = {"title": "A painter", "count": 2, "seed": 3}
    asked = SimpleNamespace(
        arguments=["frogs"], options=options, content=["One", "note."], assert_has_content=bool
    )
    (node,) = book_sliders.LatentSliders.run(asked)
    assert node["format"] == "html"
    painter = pretrained.load("frogs").generator
    assert node.astext() == page.latent_sliders(painter, note="One note.", **options).body
