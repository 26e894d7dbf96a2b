"""Checks for the exercises: each tests what an answer does, and names what went wrong.

``check_…(your_function)`` returns an ``Outcome`` that a notebook shows. ``report()`` collects all
outcomes since the notebook was started; nothing is written to disk unless ``save`` is called.
"""

from gan_lessons.checks.chapter_01 import check_best_dealer, check_five_lessons, check_losses
from gan_lessons.checks.outcome import EXERCISES, Outcome
from gan_lessons.checks.record import Progress, passed, report, reset

__all__ = [
    "EXERCISES", "Outcome", "Progress", "check_best_dealer", "check_five_lessons", "check_losses",
    "passed", "report", "reset",
]  # fmt: skip
