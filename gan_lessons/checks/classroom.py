"""The progress of a class: the files that students saved, read with care and put in one table.

The files come from anybody, so nothing in them is believed: what does not look like a report is
named and left out, control characters are replaced, and all text is escaped in the page.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_lessons.checks.outcome import EXERCISES
from gan_lessons.checks.record import FORMAT
from gan_lessons.errors import InputError

LARGEST = 200_000  # bytes; a report of all exercises has about ten thousand
LONGEST = 60  # characters of a name or a misconception that are shown


@dataclass
class Result:
    """How one student did in one exercise: the best of all files with this name."""

    passed: bool
    tries: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    """A class; printed, a table.

    Attributes:
        students: name to exercise to result, in the order of the names.
        broken: one sentence for each file that could not be used.
    """

    students: dict[str, dict[str, Result]]
    broken: tuple[str, ...]

    @property
    def exercises(self) -> list[str]:
        """Those that anybody tried, in the order of the book."""
        tried = {e for results in self.students.values() for e, r in results.items() if r.tries}
        return sorted(tried, key=lambda e: [int(n) for n in e.split(".")])

    def misconceptions(self, most: int = 10) -> list[tuple[str, str, int]]:
        """Exercise, misconception, and how many students had it, the most frequent first."""
        count = Counter(
            (exercise, kind)
            for results in self.students.values()
            for exercise, result in results.items()
            for kind in result.kinds
        )
        return [(exercise, kind, n) for (exercise, kind), n in count.most_common(most)]

    def passed(self, name: str) -> int:
        """How many of the exercises a student has passed."""
        return sum(self.students[name][e].passed for e in self._of(name))

    def _of(self, name: str) -> list[str]:
        return [e for e in self.exercises if e in self.students[name]]

    def _mark(self, name: str, exercise: str) -> str:
        result = self.students[name].get(exercise)
        return "·" if not result or not result.tries else "✓" if result.passed else "✗"

    def __str__(self) -> str:
        columns = self.exercises
        width = max([len("student"), *map(len, self.students)])
        lines = [f"{len(self.students)} students. ✓ passed, ✗ not yet, · not tried"]
        lines.append("  ".join([f"{'student':<{width}}", *(f"{e:>4}" for e in columns), "passed"]))
        for name in self.students:
            marks = [f"{self._mark(name, e):>4}" for e in columns]
            lines.append("  ".join([f"{name:<{width}}", *marks, f"{self.passed(name):>6}"]))
        shares = [sum(self._mark(n, e) == "✓" for n in self.students) for e in columns]
        lines.append("  ".join([f"{'passed':<{width}}", *(f"{s:>4}" for s in shares)]))
        for exercise, kind, n in self.misconceptions():
            lines.append(f"{exercise}: {kind} ({n})")
        return "\n".join([*lines, *self.broken])

    def as_page(self) -> str:
        """A page of its own: the table, the misconceptions, the files that could not be used."""
        columns = self.exercises
        heads = "".join(
            f'<th scope="col" title="{html.escape(EXERCISES.get(e, ""))}">{html.escape(e)}</th>'
            for e in columns
        )
        rows = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th>'
            + "".join(_cell(self._mark(name, e)) for e in columns)
            + f"<td>{self.passed(name)}</td></tr>"
            for name in self.students
        )
        wrong = "".join(
            f"<li>{html.escape(e)} {html.escape(EXERCISES.get(e, ''))}: <strong>"
            f"{html.escape(kind)}</strong> ({n})</li>"
            for e, kind, n in self.misconceptions()
        )
        broken = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.broken)
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="'
            f'width=device-width"><title>Progress of a class</title><style>{_STYLE}</style>'
            f"<h1>Progress of a class</h1><p>{len(self.students)} students. ✓ passed, ✗ not yet, "
            "· not tried.</p>"
            '<div class="wide" tabindex="0" role="region" aria-label="Progress table"><table>'
            f'<thead><tr><th scope="col">student</th>{heads}<th scope="col">passed</th></tr>'
            "</thead>"
            f"<tbody>{rows}</tbody></table></div>"
            + (f"<h2>Misconceptions, and how many had them</h2><ul>{wrong}</ul>" if wrong else "")
            + (f"<h2>Files that could not be used</h2><ul>{broken}</ul>" if broken else "")
            + "</html>\n"
        )


_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem}.wide{overflow-x:auto}table{border-collapse:collapse}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid #8884;text-align:center}"
    "th[scope=row]{text-align:left}"
)


def _cell(mark: str) -> str:
    words = {"✓": "passed", "✗": "not yet", "·": "not tried"}[mark]
    return f'<td><span role="img" aria-label="{words}">{mark}</span></td>'


def read(folder: str | Path) -> Class:
    """Read every .json in a folder and in the folders within it.

    Args:
        folder: with files that ``checks.report(name).save(...)`` wrote. Files with the same name
            of a student are taken together; a file without one goes by its own name.

    Raises:
        InputError: when there is no such folder, or no .json in it.
    """
    folder = Path(folder)
    files = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    if not files:
        raise InputError(
            f"There are no .json files in {folder}: name the folder with the reports that the "
            "students saved."
        )
    students: dict[str, dict[str, Result]] = {}
    broken = []
    for path in files:
        shown = _plain(str(path.relative_to(folder)))
        try:
            name, results = _parse(path)
        except (OSError, ValueError, RecursionError) as error:
            reason = str(error) if type(error) is ValueError else "it cannot be read as JSON"
            broken.append(f"{shown} is left out: {reason}.")
            continue
        mine = students.setdefault(name or _plain(path.stem), {})
        for exercise, new in results.items():
            old = mine.get(exercise, new)
            kinds = tuple(dict.fromkeys(old.kinds + new.kinds))
            mine[exercise] = Result(old.passed or new.passed, max(old.tries, new.tries), kinds)
    return Class(dict(sorted(students.items(), key=lambda s: s[0].casefold())), tuple(broken))


def _parse(path: Path) -> tuple[str, dict[str, Result]]:
    if not path.is_file():  # a pipe would never end
        raise ValueError("it is no file")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"it is larger than {LARGEST:,} bytes")
    report = json.loads(path.read_text("utf-8"))
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise ValueError("it is no report of this course")
    if report.get("version") != 1:
        raise ValueError("it was made by another version of the course")
    entries, name = report.get("exercises"), report.get("name")
    if not isinstance(entries, list) or not isinstance(name, str):
        raise ValueError("its name or its list of exercises is missing")
    return _plain(name), dict(_entry(entry) for entry in entries)


def _entry(entry: Any) -> tuple[str, Result]:
    fields = entry if isinstance(entry, dict) else {}
    exercise, passed, tries = (fields.get(k) for k in ("exercise", "passed", "tries"))
    kinds = fields.get("kinds")
    if not (
        isinstance(exercise, str)
        and re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", exercise)
        and isinstance(passed, bool)
        and isinstance(tries, int)
        and isinstance(kinds, list)
        and all(isinstance(kind, str) for kind in kinds)
    ):
        raise ValueError("one of its exercises is not as it should be")
    return exercise, Result(passed, max(0, tries), tuple(map(_plain, kinds[:20])))


def _plain(text: str) -> str:
    """One short line without control characters, which could play tricks on a terminal."""
    line = "".join(c if c.isprintable() else "�" for c in text.strip())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
