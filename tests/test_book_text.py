"""The book's words: terms linked, sources listed, answers that speak of the wrong options too."""

import json
import re
from pathlib import Path

import nbformat
import pytest
import yaml

BOOK = Path(__file__).parents[1] / "book"
GLOSSARY = (BOOK / "glossary.md").read_text("utf-8")
TERMS = re.findall(r"^## (.+)$", GLOSSARY, re.M)


def chapters():
    """The numbered chapters, in the order in which they are read."""
    toc = yaml.safe_load((BOOK.parent / "_toc.yml").read_text("utf-8"))
    files = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [BOOK.parent / f"{name}.ipynb" for name in files if re.match(r"book/\d\d-", name)]


def prose(path):
    cells = nbformat.read(path, 4).cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def anchor(term):
    return re.sub(r"[^\w -]", "", term.lower()).replace(" ", "-")


def test_the_glossary_is_in_order_and_each_term_explained():
    assert sorted(TERMS, key=str.lower) == TERMS
    assert len(set(map(str.lower, TERMS))) == len(TERMS)
    for section in GLOSSARY.split("\n## ")[1:]:
        assert len(section.partition("\n")[2].split()) >= 5, section


@pytest.mark.parametrize("path", chapters(), ids=lambda p: p.stem)
def test_links_to_the_glossary_lead_to_a_term(path):
    known = {anchor(term) for term in TERMS}
    links = re.findall(r"\]\(glossary\.md#?([^)]*)\)", prose(path))
    assert len(links) == prose(path).count("glossary.md") > 0
    for found in links:
        assert found in known, f"{path.name} links to glossary.md#{found}"


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_linked_in_the_first_chapter_that_uses_it(term):
    link = re.compile(rf"\]\(glossary\.md#{re.escape(anchor(term))}\)")
    word = re.compile(rf"\b{re.escape(term)}(s|es)?\b", re.I)
    for path in chapters():
        text = prose(path)
        bare = re.sub(r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)|^#.*$", "", text, flags=re.M)
        if link.search(text):
            return
        assert not word.search(bare), f"{path.name} uses {term!r} before any chapter links it"
    pytest.fail(f"No chapter links the term {term!r}: link it or leave it out.")


def test_every_paper_that_a_chapter_names_is_in_the_references():
    listed = (BOOK / "references.bib").read_text("utf-8")
    for path in chapters():
        numbers = re.findall(r"arxiv\.org/(?:abs|pdf)/([\d.]+\d)", prose(path))
        assert len(numbers) == prose(path).count("arxiv.org/") > 0, path.name
        for number in numbers:
            assert number in listed, f"{path.name} cites arXiv {number}: add it to references.bib"


def choices(path):
    """Each prediction that offers options: its words, the options' names, the hidden answer."""
    for part in re.split(r"(?=\*\*Predict\b)", prose(path))[1:]:
        question = re.split(r"\n#|\n\*\*|<details>", part)[0]
        options = re.findall(r"^(\d+)\. ", question, re.M) + re.findall(
            r"(?<!\S)\(([a-h])\)(?!\S)", question
        )
        if options:
            hidden = re.search(r"<details><summary>Answer.*?</summary>(.*?)</details>", part, re.S)
            yield " ".join(question.split())[:80], options, hidden and hidden[1]


def named(answer):
    """The options that an answer names; chapters, exercises, formulas and measures are none."""
    aside = r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)|\b(?:chapters?|exercises?) \d+(?: and \d+)?"
    bare = re.sub(aside, "", answer, flags=re.I)
    return set(re.findall(r"(?<![\w.,/−-])\d(?![\d%]|[.,]\d| %)|(?<=\()[a-h](?=\))", bare))


@pytest.mark.parametrize("path", chapters(), ids=lambda p: p.stem)
def test_a_hidden_answer_speaks_of_every_option(path):
    """Whoever chose a wrong one reads why it is wrong, and not only which is right."""
    found = list(choices(path))
    assert len(found) >= 2
    for question, options, answer in found:
        assert len(options) >= 2, f"{path.name}: one option alone in {question!r}"
        assert answer, f"{path.name}: no hidden answer to {question!r}"
        silent = sorted(set(options) - named(answer))
        assert not silent, f"{path.name}: nothing about {silent} in the answer to {question!r}"


def test_the_book_reads_no_text_but_its_own():
    """A stray page outside of book/ would stop `make book`, which takes warnings for errors."""
    matching = pytest.importorskip("sphinx.util.matching", reason="needs the pinned jupyter-book")
    config = yaml.safe_load((BOOK.parent / "_config.yml").read_text("utf-8"))
    found = set(
        matching.get_matching_files(BOOK.parent, ["**.md", "**.ipynb"], config["exclude_patterns"])
    )
    known = yaml.safe_load((BOOK.parent / "_toc.yml").read_text("utf-8"))
    listed = set(re.findall(r"book/[\w/-]+", json.dumps(known)))
    assert {name.rpartition(".")[0] for name in found} == listed
