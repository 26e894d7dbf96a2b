"""The command line: ``gan-lessons train | sample | evaluate | page | report | doctor |
publish-to``.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from gan_lessons.errors import InputError, LessonError
from gan_lessons.options import parser
from gan_lessons.recipes import DEFAULTS, Settings

OPTIONS = (
    "recipe",
    "data",
    "class_name",
    "image_size",
    "latent_dim",
    "width",
    "batch_size",
    "mirror",
    "precision",
    "seed",
)


STOPPED = 130  # what shells say of a program that Ctrl-C ended; here for SIGTERM, too


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0; 2 after one sentence on standard error when something given was wrong; 130 when it was
        stopped before it was done, so that no ``&&`` goes on with half a run.
    """
    # oneDNN made a step 1.7 times faster where TensorFlow leaves it off by default, and never
    # slower; it must be chosen before TensorFlow is imported, and whoever set it knows better
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    # at 2 it complains of an optimisation that it leaves out; real errors come as exceptions
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if isinstance(sys.stdout, io.TextIOWrapper):  # Windows, redirected: not even an é is safe
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(arguments)
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_, **__: _say(message)
            return COMMANDS[options.command](options) or 0
    except LessonError as error:
        _say(error)
        return 2
    except KeyboardInterrupt:
        _say("Stopped; what was saved before is kept.")
        return STOPPED
    except Exception as error:
        # the second is TensorFlow's, which is not imported for its name alone
        if not isinstance(error, MemoryError) and type(error).__name__ != "ResourceExhaustedError":
            raise
        _say(
            "There is not enough memory for this: what was saved before is kept; close other "
            "programs and run the same command again, or ask for less: a smaller --n, or in "
            "another folder a smaller --batch-size, --width or --image-size."
        )
        return 2


def _import_quietly() -> None:
    """Import TensorFlow without the notes that it writes past all settings to standard error."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        try:
            import tensorflow as tf

            tf.config.list_physical_devices()
        except BaseException:
            notes.seek(0)
            os.write(kept, notes.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _say(sentence: object) -> None:
    print(f"gan-lessons: {sentence}", file=sys.stderr)


def _train(options: argparse.Namespace) -> int:
    from gan_lessons import data

    settings = _settings(options)
    images = data.load_images(
        settings.data,
        "train",
        class_name=settings.class_name,
        image_size=settings.image_size,
        skip_bad=options.skip_bad,
    )
    _import_quietly()
    from gan_lessons import runs

    settings = settings.replace(data_sha256=runs.fingerprint(images))
    run = runs.Run.create(options.run, settings)
    print(f"{len(images):,} pictures from {settings.data}; recipe {settings.recipe}.", flush=True)
    run.train(
        images,
        options.steps,
        checkpoint_every=options.checkpoint_every,
        keep_every=options.keep_every,
        progress=not options.quiet,
    )
    print(f"Step {run.step:,} is saved in {run.folder} after {run.seconds / 60:.1f} minutes.")
    if run.step < options.steps:
        _say(f"Stopped before step {options.steps:,}; the same command goes on.")
        return STOPPED
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    """What was asked for; where the run exists, what was left out is as it was."""
    given = {name: getattr(options, name) for name in OPTIONS if getattr(options, name) is not None}
    if os.path.exists(options.run / "settings.json"):  # False where we may not look
        _import_quietly()
        from gan_lessons.runs import Run

        run = Run(options.run)
        settings = run.settings.replace(**given)
        run.refuse_other_settings(settings)
        return settings
    if "data" not in given:
        from gan_lessons import data

        given |= {"data": data.source(), "class_name": options.class_name or data.source_class()}
    if given["data"] == "cifar10":
        given.setdefault("class_name", "frog")
    return Settings(**(DEFAULTS[given.get("recipe", "course")] | given))


def _sample(options: argparse.Namespace) -> None:
    _refuse_bad_target(options.out, ".png")
    _import_quietly()
    from gan_lessons import plots, runs

    gan = runs.Run(options.run).gan()
    plots.save_grid(gan.sample(options.n, options.seed), options.out)
    print(f"{options.n} forgeries are in {options.out}.")


def _evaluate(options: argparse.Namespace) -> None:
    if options.out:
        _refuse_bad_target(options.out, ".json")
    _import_quietly()
    from gan_lessons import data, metrics, runs

    run = runs.Run(options.run)
    source = options.data or run.settings.data
    class_name = options.class_name or (None if options.data else run.settings.class_name)
    gan = run.gan(options.step)
    test, train = (
        data.load_images(
            source,
            split,
            class_name=class_name,
            image_size=run.settings.image_size,
            skip_bad=options.skip_bad,
        )
        for split in ("test", "train")
    )
    report = metrics.evaluate(gan.sample(options.n, options.seed), test, train)
    print(f"Step {options.step or run.step:,} of {run.folder}, {options.n} forgeries:")
    print(report)
    if options.out:
        from gan_lessons.checkpoints import write_atomically

        text = json.dumps({"step": options.step or run.step} | report.as_dict(), indent=2)
        write_atomically(options.out, (text + "\n").encode())


def _page(options: argparse.Namespace) -> None:
    _refuse_bad_target(options.out, ".html")
    _import_quietly()
    from gan_lessons import page, runs

    page.of_run(runs.Run(options.run)).save(options.out)
    print(f"The page of {options.run} is in {options.out}; it needs no Python and no network.")


def _report(options: argparse.Namespace) -> None:
    from gan_lessons.checkpoints import write_atomically
    from gan_lessons.checks import classroom

    out = options.out or options.folder / "class.html"
    _refuse_bad_target(out, ".html")
    found = classroom.read(options.folder)
    print(found)
    write_atomically(out, found.as_page().encode())
    print(f"The page is {out}.")


def _doctor(options: argparse.Namespace) -> None:
    _import_quietly()
    from gan_lessons import doctor

    print(doctor.examine())


def _publish(options: argparse.Namespace) -> None:
    from gan_lessons import publish

    publish.publish_to(options.url, options.root)
    print(f"The book now names {options.url}; build it again with `make book`.")


def _refuse_bad_target(path: Path, suffix: str) -> None:
    if path.suffix.lower() != suffix:
        raise InputError(f"{path} does not end in {suffix}: name a {suffix} file to write.")
    if not os.path.isdir(path.absolute().parent):
        raise InputError(f"The folder of {path} does not exist: make it first.")


COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "train": _train,
    "sample": _sample,
    "evaluate": _evaluate,
    "page": _page,
    "report": _report,
    "doctor": _doctor,
    "publish-to": _publish,
}

if __name__ == "__main__":
    sys.exit(main())
