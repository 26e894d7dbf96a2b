"""How far apart two sets of feature vectors are: formulas on arrays, nothing else.

Every distance comes with its standard error and with its floor: the same distance between two
halves of the reference, which no forger can be expected to beat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan_lessons.counts import whole
from gan_lessons.errors import InputError

GROUPS = 10  # for the standard error of the Fréchet distance


@dataclass(frozen=True)
class Distance:
    """A distance, how sure it is, and what two halves of the reference are apart.

    Attributes:
        value: the estimate. Unbiased ones may fall a little below 0.
        error: standard error of the estimate.
        floor: the same distance between two halves of the reference.
    """

    value: float
    error: float
    floor: float

    def __str__(self) -> str:
        return f"{self.value:.4g} ± {_two(self.error)} (real against real: {_two(self.floor)})"


def _two(x: float) -> str:
    """Two digits, or all that stand before the point: 0.014, 2.5, 163."""
    return f"{x:.2g}" if abs(x) < 99.5 else f"{x:.0f}"


def _pair(
    a: np.ndarray, b: np.ndarray, least: int, reference: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise InputError(
            f"The features have shapes {a.shape} and {b.shape}: give (N, F) and (M, F)."
        )
    reference = reference or least
    if len(a) < least or len(b) < reference:
        raise InputError(
            f"There are {len(a)} and {len(b)} vectors: this needs at least {least} and {reference}."
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise InputError("The features hold NaN or infinity: look at the pictures they come from.")
    return a, b


def _halves(b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return b[::2], b[1::2]


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The polynomial kernel ``(a . b / F + 1)^3`` for all pairs: (N, F), (M, F) -> (N, M)."""
    return (a @ b.T / a.shape[1] + 1) ** 3


def _mmd(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """The unbiased squared maximum mean discrepancy, and its jackknife standard error."""
    n, m = len(a), len(b)
    aa, bb, ab = _kernel(a, a), _kernel(b, b), _kernel(a, b)
    np.fill_diagonal(aa, 0)
    np.fill_diagonal(bb, 0)
    rows_a, rows_b = aa.sum(1), bb.sum(1)
    total_a, total_b, total = rows_a.sum(), rows_b.sum(), ab.sum()
    part_a, part_b = total_a / (n * (n - 1)), total_b / (m * (m - 1))
    value = part_a + part_b - 2 * total / (n * m)
    # the value without one vector, for each vector of a and then of b
    without_a = (
        (total_a - 2 * rows_a) / ((n - 1) * (n - 2)) + part_b
        - 2 * (total - ab.sum(1)) / ((n - 1) * m)
    )  # fmt: skip
    without_b = (
        part_a + (total_b - 2 * rows_b) / ((m - 1) * (m - 2))
        - 2 * (total - ab.sum(0)) / (n * (m - 1))
    )  # fmt: skip
    variance = (n - 1) * without_a.var() + (m - 1) * without_b.var()
    return float(value), float(np.sqrt(variance))


def kernel_distance(a: np.ndarray, b: np.ndarray) -> Distance:
    """The kernel distance (KID): unbiased, so that few pictures do not make it larger.

    The squared maximum mean discrepancy with the kernel ``(x . y / F + 1)^3``, over all pairs.
    Source: Bińkowski et al., "Demystifying MMD GANs" (2018), section 4; standard error by the
    jackknife over both sets.

    Args:
        a: features of the forgeries, ``(N, F)``, N at least 3.
        b: features of the reference, ``(M, F)``, M at least 6, so that each half has 3.
    """
    a, b = _pair(a, b, 3, 6)
    return Distance(*_mmd(a, b), floor=_mmd(*_halves(b))[0])


def _frechet(a: np.ndarray, b: np.ndarray) -> float:
    difference = a.mean(0) - b.mean(0)
    cov_a, cov_b = (np.atleast_2d(np.cov(x.T)) for x in (a, b))  # of one feature it is a number
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    # trace of the root of cov_a cov_b, which has the eigenvalues of root cov_b root
    mixed = np.sqrt(np.clip(np.linalg.eigvalsh(root @ cov_b @ root), 0, None)).sum()
    return float(difference @ difference + np.trace(cov_a) + np.trace(cov_b) - 2 * mixed)


def _without_groups(
    distance: Callable[[np.ndarray, np.ndarray], float], a: np.ndarray, b: np.ndarray
) -> float:
    """Standard error by the jackknife that leaves out every tenth vector."""
    variance = 0.0
    for leave in (0, 1):
        values = []
        for group in range(GROUPS):
            parts = [a, b]
            parts[leave] = np.delete(parts[leave], np.s_[group::GROUPS], axis=0)
            values.append(distance(*parts))
        variance += float((GROUPS - 1) * np.var(values))
    return float(np.sqrt(variance))


def frechet_distance(a: np.ndarray, b: np.ndarray) -> Distance:
    """The Fréchet distance (FID) between normal distributions fitted to both sets.

    ``|m_a - m_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2))``. Source: Heusel et al., "GANs trained by
    a two time-scale update rule" (2017), equation 6. It is biased upwards, the more so the fewer
    the vectors: compare it only at equal numbers, and with its floor.

    Args:
        a: features of the forgeries, ``(N, F)``, N at least 20.
        b: features of the reference, ``(M, F)``, M at least 20.
    """
    a, b = _pair(a, b, 2 * GROUPS)
    return Distance(_frechet(a, b), _without_groups(_frechet, a, b), _frechet(*_halves(b)))


def pairwise(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Euclidean distances ``(N, M)`` between the rows of ``a`` and of ``b``."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    squared = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.clip(squared, 0, None))


def _radii(x: np.ndarray, k: int) -> np.ndarray:
    """The distance of each row to its k-th nearest other row."""
    return np.partition(pairwise(x, x), k, axis=1)[:, k]


@dataclass(frozen=True)
class PrecisionRecall:
    """How believable and how varied the forgeries are, each from 0 to 1.

    Attributes:
        precision: share of forgeries that lie among real pictures.
        recall: share of real pictures that lie among forgeries.
        coverage: share of real pictures with a forgery closer than their k-th real neighbour.
    """

    precision: float
    recall: float
    coverage: float


def precision_recall(fake: np.ndarray, real: np.ndarray, k: int = 5) -> PrecisionRecall:
    """Precision, recall and coverage from nearest neighbours.

    Source: Kynkäänniemi et al., "Improved precision and recall metric for assessing generative
    models" (2019), equation 2; Naeem et al., "Reliable fidelity and diversity metrics for
    generative models" (2020), equation 4, for the coverage.

    Args:
        fake: features of the forgeries, ``(N, F)``.
        real: features of real pictures, ``(M, F)``.
        k: the neighbour whose distance is the radius, from 1, below N and M.
    """
    fake, real = _pair(fake, real, whole("k", k) + 1)
    distances = pairwise(real, fake)  # (M, N)
    real_radii, fake_radii = _radii(real, k)[:, None], _radii(fake, k)[None]
    near_real = distances <= real_radii
    return PrecisionRecall(
        precision=float(near_real.any(0).mean()),
        recall=float((distances <= fake_radii).any(1).mean()),
        coverage=float(near_real.any(1).mean()),
    )


def spread(x: np.ndarray) -> float:
    """The mean distance between two different rows of ``x`` ``(N, F)``, N at least 2."""
    x, _ = _pair(x, x, 2)
    n = len(x)
    return float(pairwise(x, x).sum() / (n * (n - 1)))


def relative_spread(fake: np.ndarray, real: np.ndarray) -> float:
    """How spread out the rows of ``fake`` ``(N, F)`` are, in units of ``real``'s ``(M, F)``.

    Raises:
        InputError: for fewer than 2 rows, or a ``real`` whose rows are all the same.
    """
    if len(real) > 1 and not np.ptp(real, axis=0).any():
        raise InputError("The real pictures are all the same: give different ones to compare with.")
    return spread(fake) / spread(real)
