"""The errors that this package raises on purpose: each message is one clear sentence.

It says what was given, what was expected and how to mend it. The command line prints it and
exits with code 2.
"""


class LessonError(Exception):
    """Anything that the package refuses to do, with a sentence for the reader."""

    def __str__(self) -> str:
        # names of files come from anybody: none may break the line or play with the terminal
        sentence = str(self.args[0]) if self.args else ""
        return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in sentence)


class InputError(LessonError, ValueError):
    """Bad input: an unknown source, a wrong shape, a picture that cannot be read."""


class StorageError(LessonError, OSError):
    """The disk or the network said no: no space, no permission, a damaged checkpoint."""


class TrainingError(LessonError, RuntimeError):
    """Training cannot go on, for instance because a loss is no longer a number."""
