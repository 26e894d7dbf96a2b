"""Hostile names, titles and captions in a real browser: none of them runs."""

import json

import pytest

from gan_lessons import fragment
from gan_lessons.checks import classroom, record

HIT = "globalThis.hit = 1"
TEXTS = [
    f"</script><script>{HIT}</script>",
    f"<script>{HIT}</script>",
    f"\"'><img src=x onerror='{HIT}'>",
    f"</title><svg onload='{HIT}'>",
    f"</style><!--<script>{HIT}</script>",
    f"' autofocus onfocus='{HIT}",
    f"\u2028{HIT}\u2029//",
    "<iframe srcdoc='<script>parent.hit = 1</script>'>",
]


def widget(text):
    body = fragment.widget(
        "test", {"title": text, text: text}, styles=["p{}"], scripts=["globalThis.ours = 1"],
        still="data:,", alt=text, label=text,
    )  # fmt: skip
    return fragment.Fragment(body, text)


def whole_class(folder, text):
    entry = {"exercise": "1.1", "passed": False, "tries": 1, "kinds": [text]}
    report = {"format": record.FORMAT, "version": 1, "name": text, "exercises": [entry]}
    (folder / "a.json").write_text(json.dumps(report), "utf-8")
    (folder / f"{text.replace('/', '')[:80]}.json").write_text("{", "utf-8")
    return classroom.read(folder).as_page()


def hit(chromium, path):
    page = chromium.new_page()
    try:
        page.goto(path.as_uri())
        page.wait_for_timeout(100)
        return page.evaluate("[globalThis.hit, globalThis.ours]")
    finally:
        page.close()


@pytest.mark.parametrize("k", range(len(TEXTS)))
def test_no_text_runs(k, chromium, tmp_path):
    text = TEXTS[k]
    place = tmp_path / "page.html"
    widget(text).save(place)
    assert hit(chromium, place) == [None, 1]
    line = record.Line("1.1", text, True, 1, (text,))
    record.Progress(text, "now", (line,)).save(place)
    assert hit(chromium, place)[0] is None
    place.write_text(whole_class(tmp_path, text), "utf-8")
    assert hit(chromium, place)[0] is None


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_the_texts_are_live(k, chromium, tmp_path):
    """Unescaped, they do run: the test above can fail."""
    place = tmp_path / "page.html"
    place.write_text(f"<!doctype html><title>x</title><body>{TEXTS[k]}", "utf-8")
    assert hit(chromium, place)[0] == 1
