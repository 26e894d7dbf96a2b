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
    spread,
)
from gan_lessons.errors import InputError
from gan_lessons.picture_features import features, nearest_real

LEAST = 2 * GROUPS  # forgeries, and held-out pictures: what the Fréchet distance takes


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
        InputError: for fewer than 20 forgeries or held-out pictures, or pictures that do not fit.
    """
    if min(len(samples), len(test)) < LEAST:
        raise InputError(
            f"There are {len(samples)} forgeries and {len(test)} held-out pictures: judging takes "
            f"at least {LEAST} of each. Of your own pictures the last tenth is held out: give "
            f"{10 * LEAST} or more."
        )
    fake, real = features(samples), features(test)
    colours, deep = slice(-51, None), slice(-51 - 192, -51)
    neighbours = precision_recall(fake, real)
    few = slice(0, 200)
    copies = np.median(nearest_real(samples[few], train).distances)
    fresh = np.median(nearest_real(test[few], train).distances)
    return Report(
        kernel=kernel_distance(fake, real),
        frechet=frechet_distance(fake[:, deep], real[:, deep]),
        colour=kernel_distance(fake[:, colours], real[:, colours]),
        precision=neighbours.precision,
        recall=neighbours.recall,
        coverage=neighbours.coverage,
        diversity=spread(fake) / spread(real),
        nearest=float(copies / fresh),
        samples=len(samples),
        reference=len(test),
    )
