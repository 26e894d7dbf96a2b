"""The verdict on a set of forgeries: all figures side by side, none of them alone."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_lessons.distances import (
    GROUPS,
    Distance,
    frechet_distance,
    kernel_distance,
    precision_recall,
    relative_spread,
)
from gan_lessons.errors import InputError
from gan_lessons.picture_features import features, nearest_real

LEAST = 2 * GROUPS  # forgeries, and held-out pictures: what the Fréchet distance takes
SAME = 1e-4  # a distance smaller than of two pictures that differ by one step in one pixel


@dataclass(frozen=True)
class Report:
    """The verdict on a set of forgeries.

    Attributes:
        kernel: kernel distance on all features, colours included. Alone it is no verdict: it
            forgives six frogs again and again more easily than a mild blur.
        frechet: Fréchet distance on the deep features.
        colour: kernel distance on the colours alone.
        precision, recall, coverage: see ``PrecisionRecall``.
        diversity: see ``diversity``.
        nearest: median distance of a forgery to the nearest training picture, in pixels, divided
            by the same for held-out real pictures: far below 1 means copies.
        samples, reference: how many pictures were compared.
    """

    kernel: Distance
    frechet: Distance
    colour: Distance
    precision: float
    recall: float
    coverage: float
    diversity: float
    nearest: float
    samples: int
    reference: int

    @property
    def verdict(self) -> float:
        """One number to rank sets by, smaller is better: ``1 - F1 + colour``.

        F1 is the harmonic mean of precision and recall, so that neither believable nor varied
        forgeries suffice alone; the colour distance orders sets that fail in both. It puts real
        before blurred before collapsed sets (few modes, one colour, noise). Among collapsed sets
        its order is not reliable: for horses, cats and trucks it contradicts the eye.
        """
        both = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / both if both else 0.0
        return 1 - f1 + self.colour.value

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON."""
        return {**dataclasses.asdict(self), "verdict": self.verdict}

    def __str__(self) -> str:
        def scaled(d: Distance) -> str:
            return str(Distance(*(1000 * v for v in (d.value, d.error, d.floor))))

        return "\n".join(
            [
                f"verdict {self.verdict:.3f} (smaller is better)",
                f"kernel distance x 1000   {scaled(self.kernel)}",
                f"of colours alone x 1000  {scaled(self.colour)}",
                f"Fréchet distance         {self.frechet}",
                f"precision {self.precision:.2f}   recall {self.recall:.2f}   "
                f"coverage {self.coverage:.2f}   diversity {self.diversity:.2f} (real: 1)",
                f"nearest training picture {self.nearest:.2f} (held-out real pictures: 1)",
                f"({self.samples} forgeries against {self.reference} held-out pictures)",
            ]
        )


def evaluate(samples: np.ndarray, test: np.ndarray, train: np.ndarray) -> Report:
    """Judge forgeries against pictures that the training never saw.

    Args:
        samples: forgeries, float32 ``(N, H, W, 3)`` in [-1, 1], N at least 20.
        test: held-out real pictures, at least 20.
        train: the pictures trained on, to look for copies among.

    Raises:
        InputError: for fewer than 20 forgeries or held-out pictures, pictures that do not fit, or
            held-out ones that are all the same or stand among those trained on.
    """
    if len(samples) < LEAST:
        raise InputError(
            f"There are {len(samples)} forgeries: judging takes at least {LEAST}, so make more."
        )
    if len(test) < LEAST:
        raise InputError(
            f"There are {len(test)} held-out pictures: judging takes at least {LEAST}, and of your "
            f"own the last tenth of each class is held out, so give {10 * LEAST} or more."
        )
    fake, real = features(samples), features(test)
    colours, deep = slice(-51, None), slice(-51 - 192, -51)
    neighbours = precision_recall(fake, real)
    few = slice(0, 200)
    copies = np.median(nearest_real(samples[few], train).distances)
    fresh = np.median(nearest_real(test[few], train).distances)
    if fresh < SAME:
        raise InputError(
            "Most of the held-out pictures stand among those trained on, so neither a copy nor a "
            "good forgery can be told: hold out others."
        )
    return Report(
        kernel=kernel_distance(fake, real),
        frechet=frechet_distance(fake[:, deep], real[:, deep]),
        colour=kernel_distance(fake[:, colours], real[:, colours]),
        precision=neighbours.precision,
        recall=neighbours.recall,
        coverage=neighbours.coverage,
        diversity=relative_spread(fake, real),
        nearest=float(copies / fresh),
        samples=len(samples),
        reference=len(test),
    )
