"""How good is a forgery? One place for every measure; each lives in a module of its own.

``picture_features`` describes pictures by vectors, ``distances`` compares sets of vectors,
``coverage`` counts modes, ``report`` puts all of it together.
"""

from __future__ import annotations

from gan_lessons.coverage import Coverage, mode_coverage, species_coverage
from gan_lessons.distances import (
    Distance,
    PrecisionRecall,
    frechet_distance,
    kernel_distance,
    precision_recall,
)
from gan_lessons.picture_features import (
    PARTS,
    NearestReal,
    colour_distance,
    colour_features,
    diversity,
    features,
    nearest_real,
)
from gan_lessons.report import Report, evaluate

__all__ = [
    "PARTS", "Coverage", "Distance", "NearestReal", "PrecisionRecall", "Report",
    "colour_distance", "colour_features", "diversity", "evaluate", "features",
    "frechet_distance", "kernel_distance", "mode_coverage", "nearest_real", "precision_recall",
    "species_coverage",
]  # fmt: skip
