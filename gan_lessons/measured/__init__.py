"""What the benchmarks found, kept in the package so that every reader's chapters can tell of it.

The scripts in ``benchmarks/`` write the files; nothing here computes anything anew.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from gan_lessons.distances import Distance
from gan_lessons.errors import InputError
from gan_lessons.report import Report

MINUTES = (1, 2, 4, 7, 10, 15, 20, 25, 30)  # at which ``benchmarks/time_to_quality`` judges


@dataclass(frozen=True)
class Row(Report):
    """The verdict on one contestant at one moment.

    Attributes:
        minutes: that were spent, as the clock of ``Race.about["clock"]`` counts them.
        step: training steps made in them.
    """

    minutes: float
    step: int


@dataclass(frozen=True)
class Race:
    """Contestants, judged at the same minutes.

    Attributes:
        about: the circumstances: ``data``, ``clock``, ``machine``, ``threads``.
        rows: contestant to minute to what was found then.
        sheets: contestant to minute to sixteen forgeries, uint8 ``(16, H, W, 3)``.
    """

    about: Mapping[str, Any]
    rows: Mapping[str, Mapping[int, Row]]
    sheets: Mapping[str, Mapping[int, np.ndarray]]

    @property
    def minutes(self) -> list[int]:
        """The minutes at which every contestant was judged, rising."""
        shared = set.intersection(*(set(found) for found in self.rows.values()))
        return sorted(shared)

    def at(self, contestant: str, minute: int) -> Row:
        """What was found of a contestant at a minute.

        Raises:
            InputError: for an unknown contestant, or a minute at which he was not judged.
        """
        self._check(contestant, minute)
        return self.rows[contestant][minute]

    def sheet(self, contestant: str, minute: int) -> np.ndarray:
        """Sixteen forgeries of a contestant at a minute, float32 ``(16, H, W, 3)`` in [-1, 1].

        Raises:
            InputError: as ``at``.
        """
        from gan_lessons.data import from_uint8

        self._check(contestant, minute)
        return from_uint8(self.sheets[contestant][minute])

    def _check(self, contestant: str, minute: int) -> None:
        if contestant not in self.rows:
            raise InputError(
                f"Nobody called {contestant!r} took part: choose {' or '.join(self.rows)}."
            )
        if minute not in self.rows[contestant]:
            known = ", ".join(map(str, self.rows[contestant])) or "none"
            raise InputError(
                f"{contestant!r} was not judged at minute {minute}: choose one of {known}."
            )


def names() -> list[str]:
    """What ``read`` can read."""
    return sorted(
        entry.name.removesuffix(".json")
        for entry in _folder().iterdir()
        if entry.name.endswith(".json")
    )


def read(name: str) -> dict[str, Any]:
    """The result of a benchmark, as its script wrote it.

    Args:
        name: one of ``names()``, such as ``"time_to_quality"``.

    Raises:
        InputError: for an unknown name.
    """
    if name not in names():
        known = " or ".join(names()) or "nothing yet"
        raise InputError(f"There is no measured {name!r}: choose {known}.")
    return json.loads((_folder() / f"{name}.json").read_text("utf-8"))


def time_to_quality() -> Race:
    """The recipe of the shipped pair and the article's on real frogs, at equal minutes.

    ``benchmarks/time_to_quality`` made it. It may still be growing: a moment is taken only when
    its row and its sheet are both there.

    Returns:
        The contestants ``"course"`` and ``"article"``.

    Raises:
        InputError: when the files are not there.
    """
    from safetensors.numpy import load

    found = read("time_to_quality")
    pictures = load((_folder() / "time_to_quality.safetensors").read_bytes())
    rows: dict[str, dict[int, Row]] = {}
    sheets: dict[str, dict[int, np.ndarray]] = {}
    for name, listed in found.pop("contestants").items():
        keys = (key.rpartition("/") for key in pictures)
        minutes = sorted(int(minute) for owner, _, minute in keys if owner == name)
        pairs = list(zip(minutes, listed, strict=False))
        rows[name] = {minute: _row(values) for minute, values in pairs}
        sheets[name] = {minute: pictures[f"{name}/{minute}"] for minute, _ in pairs}
    return Race(found, rows, sheets)


def alone(name: str) -> dict[int, Row]:
    """A contestant who ran alone on the clock of ``time_to_quality``.

    Args:
        name: ``"default"``, the course's recipe as it is; ``"narrow"``, with its width, 32, but
            batches of 64; or ``"compact"``, with width 48, batches of 64 and the learning rate of
            the DCGAN paper, 2e-4.

    Returns:
        Minute to what was found then, rising.

    Raises:
        InputError: for an unknown name.
    """
    listed = read(name).get("contestants", {}).get(name)
    if listed is None:
        raise InputError(f"{name!r} ran in a race with others: choose default, narrow or compact.")
    return {_due(values["minutes"]): _row(values) for values in listed}


def _due(minutes: float) -> int:
    """The minute for which a contestant was judged a little early or late."""
    return min(MINUTES, key=lambda minute: abs(minute - minutes))


def _row(values: Mapping[str, Any]) -> Row:
    given = {field.name: values[field.name] for field in dataclasses.fields(Row)}
    for key in ("kernel", "frechet", "colour"):
        given[key] = Distance(**given[key])
    return Row(**given)


def _folder() -> Any:
    return resources.files("gan_lessons") / "measured"
