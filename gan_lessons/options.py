"""The options of the command line, and one sentence for those that cannot be."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from gan_lessons import __version__
from gan_lessons.errors import InputError
from gan_lessons.recipes import POLICIES, RECIPES


class Parser(argparse.ArgumentParser):
    """A parser that says what was wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise it instead of printing the usage and leaving."""
        raise InputError(f"{message[:1].upper()}{message[1:]}: see `{self.prog} --help`.")


def _number(least: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(
                f"{text!r} was given, but it takes a whole number of at least {least}"
            )
        return number

    return whole_number


def _path(text: str) -> Path:
    """A path; no shell reads the ~ of ``--run=~/mine``, nor Windows any."""
    return Path(os.path.expanduser(text))


def parser() -> argparse.ArgumentParser:
    """The parser; ``command`` of what it returns says which command was given."""
    whole = Parser(
        prog="gan-lessons", description="Train, sample and judge the GANs of the course."
    )
    whole.add_argument("--version", action="version", version=f"gan-lessons {__version__}")
    commands = whole.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train a GAN; goes on where a run stopped")
    train.add_argument("--run", type=_path, required=True, help="the folder of the run")
    train.add_argument("--data", help="sketch, cifar10, a folder, a zip, .npz or .npy")
    train.add_argument("--class", dest="class_name", help="one class of the data, such as frog")
    train.add_argument("--steps", type=_number(1), default=10_000, help="rounds in all (10000)")
    train.add_argument("--recipe", choices=RECIPES, help="course (ours) or article")
    train.add_argument("--batch-size", type=_number(1), help="real pictures in each round (32)")
    train.add_argument("--image-size", type=int, help="pixels, a power of two (32)")
    train.add_argument("--latent-dim", type=_number(1), help="numbers that make a picture")
    train.add_argument("--width", type=_number(1), help="channels; more is slower (32)")
    train.add_argument(
        "--mirror",
        action=argparse.BooleanOptionalAction,
        help="show originals both ways round (yes); --no-mirror for letters and digits",
    )
    train.add_argument("--precision", choices=POLICIES, help="float32, or bfloat16: see `doctor`")
    train.add_argument("--seed", type=_number(0), help="decides all that is random (0)")
    train.add_argument("--skip-bad", action="store_true", help="leave out unreadable pictures")
    train.add_argument("--checkpoint-every", type=_number(1), default=500, help="rounds (500)")
    train.add_argument("--keep-every", type=_number(1), help="keep these checkpoints for good")
    train.add_argument("--quiet", action="store_true", help="no progress bar")

    sample = commands.add_parser("sample", help="forge pictures with a trained run")
    sample.add_argument("--run", type=_path, required=True)
    sample.add_argument("--n", type=_number(1), default=64, help="how many (64)")
    sample.add_argument("--seed", type=_number(0), default=0)
    sample.add_argument("--out", type=_path, required=True, help="a .png to write")

    evaluate = commands.add_parser("evaluate", help="judge a run against held-out pictures")
    evaluate.add_argument("--run", type=_path, required=True)
    evaluate.add_argument("--data", help="the source (default: the run's own)")
    evaluate.add_argument("--class", dest="class_name")
    evaluate.add_argument("--skip-bad", action="store_true", help="leave out unreadable pictures")
    evaluate.add_argument("--n", type=_number(1), default=1000, help="forgeries to judge (1000)")
    evaluate.add_argument("--seed", type=_number(0), default=0)
    evaluate.add_argument("--step", type=_number(1), help="a kept checkpoint (default: the newest)")
    evaluate.add_argument("--out", type=_path, help="also write the figures as JSON")

    page = commands.add_parser("page", help="write a run as one page: sliders and timeline")
    page.add_argument("--run", type=_path, required=True)
    page.add_argument("--out", type=_path, required=True, help="an .html to write")

    report = commands.add_parser("report", help="summarise the progress files of a class")
    report.add_argument("folder", type=_path, help="with the .json files that were handed in")
    report.add_argument("--out", type=_path, help="an .html to write (FOLDER/class.html)")

    commands.add_parser("doctor", help="what this machine has and what training will take")

    publish = commands.add_parser("publish-to", help="name the book's repository everywhere")
    publish.add_argument("url", help="such as https://github.com/you/painter-and-forger")
    publish.add_argument("--root", type=_path, default=Path("."), help="the book's folder")
    return whole
