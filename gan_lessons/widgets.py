"""The parts of a page once more, for a notebook with a live kernel: ipywidgets and Keras itself.

They work with ipywidgets 7.7 (Colab) and 8: nothing newer than 7.7 is used.
"""

from __future__ import annotations

from gan_lessons.widgets_dashboard import training_dashboard
from gan_lessons.widgets_sliders import latent_sliders
from gan_lessons.widgets_timeline import timeline

__all__ = ["latent_sliders", "timeline", "training_dashboard"]
