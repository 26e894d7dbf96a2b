"""The pages are valid HTML: as they are built, and as their programs leave them.

``benchmarks/book/measure.py`` asks the Nu Html Checker, which needs Java. Here stand the rules that
a fault of ours would break, strictly: every element is closed.
"""

import re
from html.parser import HTMLParser

import pytest

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# what may not stand where only words and what stands among words is allowed
BLOCKS = HEADINGS | {"address", "article", "aside", "blockquote", "details", "dialog", "div", "dl",
          "fieldset", "figure", "footer", "form", "header", "hr", "main", "nav", "ol", "p", "pre",
          "section", "table", "ul"}  # fmt: skip
WORDS = HEADINGS | {"p", "pre", "summary", "span", "button", "label", "em", "strong", "b", "i",
         "code", "small", "sub", "sup", "kbd", "mark", "dt"}  # fmt: skip
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup"},
}
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dd": {"dl", "div"},
    "dt": {"dl", "div"},
    "td": {"tr"},
    "th": {"tr"},
    "summary": {"details"},
    "figcaption": {"figure"},
    "source": {"picture", "video", "audio"},
}
PRESSED = {"a", "button", "select", "textarea", "label", "details", "input"}
NEEDED = {"img": {"src", "alt"}, "html": {"lang"}, "iframe": {"title"}, "option": set()}
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers")


class Checker(HTMLParser):
    """Reads a page; ``faults`` says what is wrong with it, each with its line."""

    def __init__(self, text, live=False):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.names, self.pointers = [], [], {}, []
        self.counts = {"main": 0, "title": 0}
        self.live = live  # what a browser wrote: it may close what stands in SVG as it likes
        if not re.match(r"\s*<!doctype html>", text, re.IGNORECASE):
            self.say("no doctype")
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self.open]
        self.faults += [f"{n} elements <{tag}>" for tag, n in self.counts.items() if n != 1]
        for name, target, line in self.pointers:
            if target not in self.names:
                self.faults.append(f'line {line}: {name}="{target}" points at nothing')

    def say(self, what):
        self.faults.append(f"line {self.getpos()[0]}: {what}")

    def inside(self, *tags):
        return any(tag in self.open for tag in tags)

    def handle_starttag(self, tag, attributes, whole=False):
        drawn = self.inside("svg", "math")
        keys = [key for key, _ in attributes]
        values = dict(attributes)
        for key in {key for key in keys if keys.count(key) > 1}:
            self.say(f"<{tag}> has {key} twice")
        for key in NEEDED.get(tag, set()) - set(keys):
            self.say(f"<{tag}> without {key}")
        if "id" in values:
            name = values["id"]
            if not name or re.search(r"\s", name):
                self.say(f'id="{name}" is no name')
            if name in self.names:
                self.say(f'id="{name}" stands in line {self.names[name]} already')
            self.names[name] = self.getpos()[0]
        if "href" in values and not (values["href"] or "").strip() and tag in {"a", "link"}:
            self.say(f"<{tag}> leads nowhere")
        for key in POINTERS:
            for target in (values.get(key) or "").split():
                self.pointers.append((key, target, self.getpos()[0]))
        if not drawn:
            self.place(tag, values)
            if tag in self.counts:
                self.counts[tag] += 1
        if whole and not drawn and tag not in VOID and tag != "svg":
            self.say(f"<{tag}/> is not closed by its slash")
        elif not whole and (tag not in VOID or drawn):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes, whole=True)

    def place(self, tag, values):
        """Whether an element may stand where it stands."""
        parent = self.open[-1] if self.open else None
        around = next((t for t in reversed(self.open) if t not in {"a", "ins", "del"}), None)
        if around in WORDS and tag in BLOCKS and not (around == "summary" and tag in HEADINGS):
            self.say(f"<{tag}> inside <{around}>")
        if parent in CHILDREN and tag not in CHILDREN[parent]:
            self.say(f"<{tag}> inside <{parent}>")
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.say(f"<{tag}> inside <{parent}>")
        pressed = tag in PRESSED - {"label", "details"} and values.get("type") != "hidden"
        if pressed and (tag != "a" or "href" in values) and self.inside("a", "button"):
            self.say(f"<{tag}> inside something to press")
        if tag == "label" and self.inside("label"):
            self.say("<label> inside <label>")

    def handle_endtag(self, tag):
        if tag in VOID and not self.inside("svg"):
            self.say(f"</{tag}>")
        elif tag not in self.open:
            self.say(f"</{tag}> without its beginning")
        else:
            while (last := self.open.pop()) != tag:
                self.say(f"</{tag}> before </{last}>")


GOOD = (
    '<!DOCTYPE html><html lang="en"><head><title>t</title></head><body><main>'
    '<p id="a">One <a href="#a">link</a>, <b>two</b>.<br><img src="x" alt=""></p>'
    "<ul><li><p>x</p></li></ul><details><summary><span>s</span></summary><p>y</p></details>"
    '<label for="b">l</label><input id="b"><svg><path d="M0"/><g><path d="M1"></path></g></svg>'
    "</main></body></html>"
)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("<!DOCTYPE html>", "", "no doctype"),
        (' lang="en"', "", "<html> without lang"),
        (' alt=""', "", "<img> without alt"),
        ("</b>", "", "before </b>"),
        ("<b>", "", "</b> without its beginning"),
        ("</ul>", "", "</ul>|</main> before </ul>"),
        ("<br>", "<div></div>", "<div> inside <p>"),
        ("<span>s</span>", "<p>s</p>", "<p> inside <summary>"),
        ("<li><p>x</p></li>", "<p>x</p>", "<p> inside <ul>"),
        ('<ul><li><p>x</p></li></ul>', "<div><li>x</li></div>", "<li> inside <div>"),
        ('id="b"', 'id="a"', 'id="a" stands in line'),
        ('id="b"', 'id="b" id="c"', "<input> has id twice"),
        ('for="b"', 'for="c"', 'for="c" points at nothing'),
        ('<a href="#a">link</a>', '<a href="#a"><button>x</button></a>', "something to press"),
        ('href="#a"', 'href=""', "<a> leads nowhere"),
        ("<br>", "<b/>", "<b/> is not closed"),
        ("<main>", "<main></main><main>", "2 elements <main>"),
    ],
)  # fmt: skip
def test_a_fault_is_noticed(right, wrong, words):
    assert Checker(GOOD).faults == []
    assert right in GOOD
    faults = Checker(GOOD.replace(right, wrong, 1)).faults
    assert any(re.search(words, fault) for fault in faults), faults


def test_every_page_is_valid(html):
    checked = 0
    for path in [*sorted((html / "book").rglob("*.html")), html / "search.html"]:
        assert Checker(path.read_text("utf-8")).faults == [], path.name
        checked += 1
    assert checked > 20


def test_what_the_programs_make_of_a_page_is_valid(html, read, wake):
    """The widgets and the equations, as they stand in the browser in the end."""
    for path in sorted((html / "book").glob("[01]*.html")):
        tab = read(path)
        wake(tab)
        tab.wait_for_timeout(300)
        assert Checker(tab.content()).faults == [], path.name
        tab.context.close()
