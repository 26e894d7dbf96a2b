"""From what you see to the cause: the diagnosis tree of chapter 8.

The tree is a list of questions, asked in this order; the first yes names the failure. The same
list is drawn (``tree``), written out (``outline``) and walked (``diagnose``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan_lessons import failures, tree_diagram
from gan_lessons.diagrams import Diagram
from gan_lessons.recording import Recording

HEALTHY = "healthy"


@dataclass(frozen=True)
class Signs:
    """What there is to see at the end of a recording: means over its last fifth, last scores.

    Attributes:
        d_loss, real_logit, fake_logit: means.
        swing: see ``swing``, of the painter's loss.
        diversity, squares: of the last forgeries, see ``failures.play``.
        kernel: the kernel distance x 1,000.
    """

    d_loss: float
    real_logit: float
    fake_logit: float
    swing: float
    diversity: float
    squares: float
    kernel: float


def signs(run: Recording) -> Signs:
    """Read the signs from a recording."""
    late = {name: values[-max(1, len(values) // 5) :] for name, values in run.history().items()}
    return Signs(
        d_loss=float(np.mean(late["d_loss"])),
        real_logit=float(np.mean(late["real_logit"])),
        fake_logit=float(np.mean(late["fake_logit"])),
        swing=swing(run.history()["g_loss"]),
        diversity=float(run.scores["diversity"][-1]),
        squares=float(run.scores["squares"][-1]),
        kernel=float(1000 * run.scores["kernel"][-1]),
    )


def swing(losses: np.ndarray, window: int = 20) -> float:
    """How far a loss goes up and down in waves, in its second half.

    The standard deviation of a running mean, from which a straight line has been taken away: so
    neither trembling from round to round nor a steady rise counts.

    Args:
        losses: ``(rounds,)``; fewer than 20 have no waves, and the answer is 0.
        window: rounds of the running mean.
    """
    if len(losses) < window:
        return 0.0
    smooth = np.convolve(losses, np.ones(window) / window, "valid")[-len(losses) // 2 :]
    at = np.arange(len(smooth))
    line = np.polyval(np.polyfit(at, smooth, min(1, len(smooth) - 1)), at)
    return float(np.std(smooth - line))


def signed(value: float) -> str:
    """A number with its sign and one digit, and never minus zero."""
    return f"{round(value, 1) + 0.0:+.1f}"


def healthy_kernel() -> float:
    """Where the healthy game's kernel distance x 1,000 ends: what the others are held against."""
    return signs(failures.load(HEALTHY)).kernel


@dataclass(frozen=True)
class Finding:
    """One question of the tree and what yes means.

    Attributes:
        name: of the failure.
        question: what to look for, in lines that fit the drawing.
        cause, mend: in lines that fit.
        section: the heading that treats it.
        seen: whether the signs are there.
        against: what speaks against it, where they are not: a sentence with numbers.
    """

    name: str
    question: tuple[str, ...]
    cause: str
    mend: tuple[str, ...]
    section: str
    seen: Callable[[Signs], bool]
    against: Callable[[Signs], str]


TREE = (
    Finding(
        "frozen dealer",
        ("1 Does the dealer believe forgeries more", "than originals (by 0.1), and stay with it?"),
        "A frozen dealer: never learns",
        ("Compare his weights before and after", "a round; free them in his own step."),
        "a-frozen-dealer",
        lambda s: s.fake_logit - s.real_logit > 0.1,
        lambda s: (
            "a dealer who never learns ends up believing forgeries more than originals. This one "
            f"gives originals {signed(s.real_logit)} and forgeries {signed(s.fake_logit)}"
        ),
    ),
    Finding(
        "too much momentum",
        ("2 Does the painter’s loss go up and down in", "waves, to the end (swing above 0.5)?"),
        "Too much momentum (beta_1)",
        ("Set beta_1 to 0.5 or to 0; then lower", "the learning rates."),
        "too-much-momentum",
        lambda s: s.swing > 0.5,
        lambda s: (
            "with too much momentum the painter's loss goes up and down in waves. Here, once the "
            f"trembling and the trend are taken away, {s.swing:.2f} nats of waves are left"
        ),
    ),
    Finding(
        "dealer too strong",
        (
            "3 Is the dealer’s loss low (below 0.6), and",
            "are his logits far apart (by more than 6)?",
        ),
        "A dealer too strong",
        ("Fewer lessons for him; augmentation;", "R1; a wish that does not saturate."),
        "a-dealer-too-strong",
        lambda s: s.d_loss < 0.6 and s.real_logit - s.fake_logit > 6,
        lambda s: (
            "a dealer who is too strong pays next to nothing, and his logits for originals and "
            f"forgeries lie far apart. This one pays {s.d_loss:.2f} nats, and they lie "
            f"{s.real_logit - s.fake_logit:.1f} apart"
        ),
    ),
    Finding(
        "collapse",
        ("4 Is it the same picture again and again?", "(diversity below 0.6)"),
        "Collapse",
        ("Fewer lessons for the painter, or a", "smaller rate than the dealer’s."),
        "collapse",
        lambda s: s.diversity < 0.6,
        lambda s: (
            "a collapsed painter makes the same picture again and again. These have a diversity "
            f"of {s.diversity:.2f}, where originals have 1"
        ),
    ),
    Finding(
        "leaking augmentation",
        ("5 Is there a thing in the forgeries that no", "original has: a card, a border, a text?"),
        "A leaking augmentation",
        ("Augment forgeries, too, and let the", "gradient pass; or augment mildly."),
        "a-leaking-augmentation",
        lambda s: s.squares > 0.3,
        lambda s: (
            "a leak shows in the pictures themselves: each change that the dealer is shown on "
            f"originals turns up in them. A grey square is on {s.squares:.0%} of these"
        ),
    ),
    Finding(
        "forgotten flag",
        ("6 Do all curves look healthy, and only the", "pictures do not?"),
        "A forgotten training flag",
        (
            "Paint a vector alone and in company;",
            "sample with training=False, and from",
            "the averaged painter.",
        ),
        "a-forgotten-flag",
        lambda s: s.kernel > 1.4 * healthy_kernel(),
        lambda s: (
            "a forgotten flag spoils the pictures and leaves the curves healthy. The distance of "
            f"these is {s.kernel:.0f}, the healthy game's {healthy_kernel():.0f}"
        ),
    ),
)
NAMES = (*(finding.name for finding in TREE), HEALTHY)


def diagnose(run: Recording) -> str:
    """Walk the tree: the first question that is answered with yes, or ``"healthy"``.

    The tree knows the signs of this chapter's games, which are 700 rounds long and have one
    failure each; it is a way to look, not a law.
    """
    found = signs(run)
    return next((finding.name for finding in TREE if finding.seen(found)), HEALTHY)


def tree() -> Diagram:
    """The tree as a drawing."""
    spoken = [f"{' '.join(f.question)} If yes: {f.cause}. {' '.join(f.mend)}" for f in TREE]
    return tree_diagram.upright(
        [(finding.question, (finding.cause, *finding.mend)) for finding in TREE],
        ("Nothing here is wrong: play on, and", "measure again (chapter 7)."),
        title="The diagnosis tree",
        description=" If no: ".join(spoken) + " If no: nothing here is wrong; play on.",
    )


def outline() -> str:
    """The tree as a nested Markdown list, each failure linked to its section."""
    lines = []
    for finding in TREE:
        number, question = " ".join(finding.question).split(" ", 1)
        lines += [
            f"{number}. **{question}**",
            f"    - Yes: [{finding.cause}](#{finding.section}). {' '.join(finding.mend)}",
        ]
    last = f"{len(TREE) + 1}. **No to all?** Nothing here is wrong: play on, and measure again."
    return "\n".join([*lines, last])
