"""Checks for the exercises: each tests what an answer does, and names what went wrong.

``check_…(your_function)`` returns an ``Outcome`` that a notebook shows. ``report()`` collects all
outcomes since the notebook was started; nothing is written to disk unless ``save`` is called.
"""

from gan_lessons.checks.chapter_01 import check_best_dealer, check_five_lessons, check_losses
from gan_lessons.checks.chapter_02 import (
    check_checkerboard,
    check_more_parameters,
    check_silent_channels,
    check_transposed,
)
from gan_lessons.checks.chapter_03 import (
    check_best_loss,
    check_blurred,
    check_dealer_by_hand,
    check_hide_strongest,
)
from gan_lessons.checks.chapter_04_freeze import check_frozen_check
from gan_lessons.checks.chapter_04_hinge import check_hinge_steps
from gan_lessons.checks.chapter_04_repair import check_repaired_round, strangers_pair
from gan_lessons.checks.outcome import EXERCISES, Outcome
from gan_lessons.checks.record import Progress, passed, report, reset

__all__ = [
    "EXERCISES",
    "Outcome",
    "Progress",
    "check_best_dealer",
    "check_best_loss",
    "check_blurred",
    "check_checkerboard",
    "check_dealer_by_hand",
    "check_five_lessons",
    "check_frozen_check",
    "check_hide_strongest",
    "check_hinge_steps",
    "check_losses",
    "check_more_parameters",
    "check_repaired_round",
    "check_silent_channels",
    "check_transposed",
    "passed",
    "report",
    "reset",
    "strangers_pair",
]
