"""The command line: ``gan-lessons train | sample | evaluate | doctor | publish-to``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_lessons import __version__
from gan_lessons.errors import InputError, LessonError
from gan_lessons.recipes import DEFAULTS, RECIPES, Settings

OPTIONS = (
    "recipe",
    "data",
    "class_name",
    "image_size",
    "latent_dim",
    "width",
    "batch_size",
    "seed",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0, or 2 after one sentence on standard error when something given was wrong.
    """
    # oneDNN made a step 1.7 times faster where TensorFlow leaves it off by default, and never
    # slower; it must be chosen before TensorFlow is imported, and whoever set it knows better
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    options = _parser().parse_args(arguments)
    try:
        return options.run_command(options) or 0
    except LessonError as error:
        print(f"gan-lessons: {error}", file=sys.stderr)
        return 2
    except MemoryError:
        print(
            "gan-lessons: there is not enough memory for this: choose a smaller --batch-size, "
            "--width or --image-size.",
            file=sys.stderr,
        )
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gan-lessons", description="Train, sample and judge the GANs of the course."
    )
    parser.add_argument("--version", action="version", version=f"gan-lessons {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train a GAN; goes on where a run stopped")
    train.add_argument("--run", type=Path, required=True, help="the folder of the run")
    train.add_argument("--data", help="sketch, cifar10, a folder, a zip, .npz or .npy")
    train.add_argument("--class", dest="class_name", help="one class of the data, such as frog")
    train.add_argument("--steps", type=int, default=10_000, help="rounds in all (10000)")
    train.add_argument("--recipe", choices=RECIPES, help="course (ours) or article")
    train.add_argument("--batch-size", type=int)
    train.add_argument("--image-size", type=int, help="pixels, a power of two (32)")
    train.add_argument("--latent-dim", type=int)
    train.add_argument("--width", type=int, help="channels; more is better and slower")
    train.add_argument("--seed", type=int)
    train.add_argument("--skip-bad", action="store_true", help="leave out unreadable pictures")
    train.add_argument("--checkpoint-every", type=int, default=500)
    train.add_argument("--keep-every", type=int, help="keep these checkpoints for good")
    train.add_argument("--quiet", action="store_true", help="no progress bar")
    train.set_defaults(run_command=_train)

    sample = commands.add_parser("sample", help="forge pictures with a trained run")
    sample.add_argument("--run", type=Path, required=True)
    sample.add_argument("--n", type=int, default=64, help="how many (64)")
    sample.add_argument("--seed", type=int, default=0)
    sample.add_argument("--out", type=Path, required=True, help="a .png to write")
    sample.set_defaults(run_command=_sample)

    evaluate = commands.add_parser("evaluate", help="judge a run against held-out pictures")
    evaluate.add_argument("--run", type=Path, required=True)
    evaluate.add_argument("--data", help="the source (default: the run's own)")
    evaluate.add_argument("--class", dest="class_name")
    evaluate.add_argument("--n", type=int, default=1000, help="forgeries to judge (1000)")
    evaluate.add_argument("--seed", type=int, default=0)
    evaluate.add_argument("--step", type=int, help="a kept checkpoint (default: the newest)")
    evaluate.add_argument("--out", type=Path, help="also write the figures as JSON")
    evaluate.set_defaults(run_command=_evaluate)

    doctor = commands.add_parser("doctor", help="what this machine has and what training will take")
    doctor.set_defaults(run_command=_doctor)

    publish = commands.add_parser("publish-to", help="name the book's repository everywhere")
    publish.add_argument("url", help="such as https://github.com/you/painter-and-forger")
    publish.add_argument("--root", type=Path, default=Path("."), help="the book's folder")
    publish.set_defaults(run_command=_publish)
    return parser


def _train(options: argparse.Namespace) -> None:
    if options.steps < 1:
        raise InputError(f"--steps is {options.steps}: give a whole number of at least 1.")
    settings = _settings(options)
    from gan_lessons import data

    images = data.load_images(
        settings.data,
        "train",
        class_name=settings.class_name,
        image_size=settings.image_size,
        skip_bad=options.skip_bad,
    )
    from gan_lessons import runs

    settings = settings.replace(data_sha256=runs.fingerprint(images))
    run = runs.Run.create(options.run, settings)
    print(f"{len(images):,} pictures from {settings.data}; recipe {settings.recipe}.", flush=True)
    gan = run.train(
        images,
        options.steps,
        checkpoint_every=options.checkpoint_every,
        keep_every=options.keep_every,
        progress=not options.quiet,
    )
    del gan
    print(f"Step {run.step:,} is saved in {run.folder} after {run.seconds / 60:.1f} minutes.")


def _settings(options: argparse.Namespace) -> Settings:
    """What was asked for; where the run exists, what was left out is as it was."""
    given = {name: getattr(options, name) for name in OPTIONS if getattr(options, name) is not None}
    if (options.run / "settings.json").exists():
        from gan_lessons.runs import Run

        run = Run(options.run)
        settings = run.settings.replace(**given)
        run._refuse_other_settings(settings)
        return settings
    given.setdefault("data", os.environ.get("GAN_LESSONS_DATA", "sketch"))
    if given["data"] == "cifar10":
        given.setdefault("class_name", "frog")
    return Settings(**(DEFAULTS[given.get("recipe", "course")] | given))


def _sample(options: argparse.Namespace) -> None:
    _refuse_bad_target(options.out, ".png")
    from gan_lessons import plots, runs

    gan = runs.Run(options.run).gan()
    plots.save_grid(gan.sample(options.n, options.seed), options.out)
    print(f"{options.n} forgeries are in {options.out}.")


def _evaluate(options: argparse.Namespace) -> None:
    if options.out:
        _refuse_bad_target(options.out, ".json")
    from gan_lessons import data, metrics, runs

    run = runs.Run(options.run)
    source = options.data or run.settings.data
    class_name = options.class_name or (None if options.data else run.settings.class_name)
    gan = run.gan(options.step)
    test, train = (
        data.load_images(source, split, class_name=class_name, image_size=run.settings.image_size)
        for split in ("test", "train")
    )
    report = metrics.evaluate(gan.sample(options.n, options.seed), test, train)
    print(f"Step {options.step or run.step:,} of {run.folder}, {options.n} forgeries:")
    print(report)
    if options.out:
        from gan_lessons.checkpoints import write_atomically

        text = json.dumps({"step": options.step or run.step} | report.as_dict(), indent=2)
        write_atomically(options.out, (text + "\n").encode())


def _doctor(options: argparse.Namespace) -> None:
    from gan_lessons import doctor

    print(doctor.examine())


def _publish(options: argparse.Namespace) -> None:
    from gan_lessons import publish

    publish.publish_to(options.url, options.root)
    print(f"The book now names {options.url}; build it again with `make book`.")


def _refuse_bad_target(path: Path, suffix: str) -> None:
    if path.suffix.lower() != suffix:
        raise InputError(f"{path} does not end in {suffix}: name a {suffix} file to write.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"The folder of {path} does not exist: make it first.")


if __name__ == "__main__":
    sys.exit(main())
