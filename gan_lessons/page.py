"""Parts of a page that need no Python behind them: in a notebook, in the book, or as a file.

Each function returns a ``Fragment``: the last line of a cell shows it, ``save`` writes a page.
"""

from __future__ import annotations

import typing

from gan_lessons.fragment import Fragment
from gan_lessons.page_playground import playground
from gan_lessons.page_sliders import latent_sliders
from gan_lessons.page_timeline import timeline

if typing.TYPE_CHECKING:
    from gan_lessons.runs import Run

__all__ = ["Fragment", "latent_sliders", "of_run", "playground", "timeline"]


def of_run(run: Run, *, discriminator: bool = True) -> Fragment:
    """A run as one page: sliders for its newest averaged generator, and its timeline.

    Args:
        run: a run with at least one checkpoint.
        discriminator: show its discriminator's score too, which adds its weights to the page.
    """
    gan = run.gan()
    judge = gan.discriminator if discriminator else None
    both = latent_sliders(gan.ema_generator, judge) + timeline(run)
    return Fragment(both.body, f"The run {run.folder.name} at step {run.step:,}")
