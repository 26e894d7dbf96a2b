"""Checks for the exercises: each tests what an answer does, and names what went wrong.

``check_…(your_function)`` returns an ``Outcome`` that a notebook shows. ``report()`` collects all
outcomes since the notebook was started; nothing is written to disk unless ``save`` is called.
"""

from gan_lessons.checks.chapter_01 import check_best_dealer, check_losses
from gan_lessons.checks.chapter_01_lessons import check_five_lessons
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
from gan_lessons.checks.chapter_05 import check_best_logit, check_follow, check_r1
from gan_lessons.checks.chapter_06 import check_extended, check_most_changed, check_movement
from gan_lessons.checks.chapter_07 import check_alarm_from, check_fair_distance, check_two_distances
from gan_lessons.checks.chapter_08 import check_second_move, check_share_with_card
from gan_lessons.checks.chapter_08_company import check_depends_on_company
from gan_lessons.checks.chapter_08_doctor import check_name_failure
from gan_lessons.checks.chapter_08_nurse import check_nurse
from gan_lessons.checks.chapter_09 import check_absolute_effects, check_add_meaning, check_arc
from gan_lessons.checks.chapter_10 import check_best_guesses, check_obedience
from gan_lessons.checks.chapter_10_postcard import check_price_by_drawing
from gan_lessons.checks.chapter_10_slip import check_channel_dealer
from gan_lessons.checks.chapter_11 import check_last_layer, check_lead, check_optimizer_of_2019
from gan_lessons.checks.chapter_11_loop import check_one_pass
from gan_lessons.checks.chapter_12 import check_limit_for, check_two_agree
from gan_lessons.checks.chapter_12_chain import check_verify_chain
from gan_lessons.checks.outcome import EXERCISES, Outcome
from gan_lessons.checks.record import Progress, passed, report, reset

__all__ = [
    "EXERCISES",
    "Outcome",
    "Progress",
    "check_absolute_effects",
    "check_add_meaning",
    "check_alarm_from",
    "check_arc",
    "check_best_dealer",
    "check_best_guesses",
    "check_best_logit",
    "check_best_loss",
    "check_blurred",
    "check_channel_dealer",
    "check_checkerboard",
    "check_dealer_by_hand",
    "check_depends_on_company",
    "check_extended",
    "check_fair_distance",
    "check_five_lessons",
    "check_follow",
    "check_frozen_check",
    "check_hide_strongest",
    "check_hinge_steps",
    "check_last_layer",
    "check_lead",
    "check_limit_for",
    "check_losses",
    "check_more_parameters",
    "check_most_changed",
    "check_movement",
    "check_name_failure",
    "check_nurse",
    "check_obedience",
    "check_one_pass",
    "check_optimizer_of_2019",
    "check_price_by_drawing",
    "check_r1",
    "check_repaired_round",
    "check_second_move",
    "check_share_with_card",
    "check_silent_channels",
    "check_transposed",
    "check_two_agree",
    "check_two_distances",
    "check_verify_chain",
    "passed",
    "report",
    "reset",
    "strangers_pair",
]
