"""GAN lessons: the models and the train loop of *The Painter and the Forger*.

Importing this package is light: TensorFlow is loaded by the modules that need it.
"""

__version__ = "0.1.0"
