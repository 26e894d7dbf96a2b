"""The client's expert: says which class a picture shows, so that deliveries can be checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gan_lessons import classes, factors
from gan_lessons.errors import InputError


@dataclass(frozen=True)
class Expert:
    """Names what pictures show.

    Attributes:
        names: of the classes.
        table: int ``(K, K)``: of the held-out originals of each class (row), how many were
            called what (column).
        centre, spread, weights: of the regression.
    """

    names: tuple[str, ...]
    table: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    weights: np.ndarray

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """The class, int ``(n,)``, of each picture ``(n, H, W, 3)`` in [-1, 1]."""
        x = (factors.described(pictures) - self.centre) / self.spread
        return (x @ self.weights[:-1] + self.weights[-1]).argmax(1)

    def judge(self, pictures: np.ndarray, ordered: np.ndarray) -> np.ndarray:
        """What was ordered (row) and what was recognised (column): counts, int ``(K, K)``."""
        ordered = classes.check_labels(ordered, len(pictures), len(self.names))
        return count(ordered, self(pictures), len(self.names))


def count(ordered: np.ndarray, seen: np.ndarray, n_classes: int) -> np.ndarray:
    """A confusion table, int ``(K, K)``: rows are orders, columns what was recognised."""
    table = np.zeros((n_classes, n_classes), int)
    np.add.at(table, (ordered, seen), 1)
    return table


def share(table: np.ndarray) -> float:
    """The share of pictures on the diagonal of a table: recognised as what was ordered."""
    return float(np.trace(table) / table.sum())


def learn(originals: classes.Labelled, *, penalty: float = factors.PENALTY) -> Expert:
    """Teach an expert from originals with labels.

    A linear regression on ``factors.described`` (features, and the picture at 8 x 8 pixels), one
    output for each class, 1 where it is and 0 elsewhere; the largest output is the answer. A
    quarter of the originals is held out for ``Expert.table``.

    Args:
        originals: at least 40, in mixed order, as ``classes.load`` gives them.
        penalty: of the ridge.
    """
    n = len(originals.images)
    if n < 40:
        raise InputError(f"{n} originals are too few to learn from: give at least 40.")
    k = len(originals.names)
    known, held_out = slice(0, n - n // 4), slice(n - n // 4, n)
    x = factors.described(originals.images)
    centre, spread = x[known].mean(0), x[known].std(0) + 1e-6
    x = (x - centre) / spread
    weights = factors.ridge(x[known], np.eye(k)[originals.labels[known]], penalty)
    seen = (x[held_out] @ weights[:-1] + weights[-1]).argmax(1)
    table = count(originals.labels[held_out], seen, k)
    return Expert(originals.names, table, centre, spread, weights)
