"""GAN lessons: the models and the train loop of *The Painter and the Forger*.

Importing this package is light: TensorFlow is loaded by the modules that need it.
"""

import os

__version__ = "0.1.0"


def quick() -> bool:
    """Whether notebooks should take their shortest way: ``GAN_LESSONS_QUICK=1``, as in tests."""
    return os.environ.get("GAN_LESSONS_QUICK") == "1"
