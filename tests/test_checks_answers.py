"""Each check: its solution and other right answers pass, plausible wrong ones are recognised."""

import ast
import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import checks, gan
from gan_lessons.checks import guard, outcome, record

ROOT = Path(__file__).parents[1]
SOLUTIONS = sorted((ROOT / "book" / "solutions").glob("*.ipynb"))


@functools.cache
def solved(chapter: int) -> dict[str, Any]:
    """The functions of a solution notebook: its imports and its cells tagged `solution`."""
    space: dict[str, Any] = {}
    (path,) = (p for p in SOLUTIONS if p.name.startswith(f"{chapter:02d}-"))
    for cell in nbformat.read(path, 4).cells[2:]:
        if cell.cell_type != "code":
            continue
        imports = all(
            isinstance(n, ast.Import | ast.ImportFrom) for n in ast.parse(cell.source).body
        )
        if imports or "solution" in cell.metadata.get("tags", []):
            exec(cell.source, space)
    return space


@dataclass
class Exercise:
    """What a check is tried with.

    Attributes:
        check: of ``gan_lessons.checks``.
        solution: names in the solution notebook.
        right: other right answers.
        wrong: the kind of misconception to an answer that has it.
        given: whether the check hands arrays to a plain function, which could be changed.
        plain: whether the answer is one plain function.
    """

    check: Any
    solution: tuple[str, ...]
    right: list[Any]
    wrong: dict[str, Any]
    given: bool = True
    plain: bool = True
    also: dict[str, Any] = field(default_factory=dict)  # further answers to a kind


def log(x):
    return np.log(x)


def losses_in_tensorflow(D_real, D_fake):
    entropy = keras.losses.binary_crossentropy
    ones, zeros = tf.ones_like(D_real), tf.zeros_like(D_fake)
    return [entropy(ones, D_real) + entropy(zeros, D_fake), entropy(ones, D_fake)]


def losses_in_a_loop(D_real, D_fake):
    import math

    n, dealer, painter = len(D_real), 0.0, 0.0
    for r, f in zip(D_real, D_fake, strict=True):
        dealer -= (math.log(r) + math.log1p(-f)) / n
        painter += math.log(1 / f) / n
    return np.array([[dealer], [painter]])


def five(dealer=5, painter=1, swap=False, result=None):
    class Game(gan.GAN):
        def train_step(self, real):
            logs = {}
            for _ in range(dealer):
                logs |= self.discriminator_step(real)
            for _ in range(painter):
                logs |= self.generator_step(len(real))
            return logs if result is None else result(logs)

    return Game


class FiveByInheritance(gan.GAN):
    def train_step(self, real):
        for _ in range(4):
            self.discriminator_step(real)
        return super().train_step(real)


class OneTooMany(gan.GAN):
    def train_step(self, real):
        for _ in range(5):
            self.discriminator_step(real)
        return super().train_step(real)


class NeverCalled(gan.GAN):
    def training_step(self, real):
        return {}


class Unwritten(gan.GAN):
    def train_step(self, real):
        raise NotImplementedError("your turn")


class Broken(gan.GAN):
    def train_step(self, real):
        return self.dealer_step(real)


EXERCISES = {
    "1.1": Exercise(
        checks.check_losses, ("both_losses",),
        [losses_in_tensorflow, losses_in_a_loop,
         lambda r, f: {"L_D": -(log(r) + log(1 - f)).mean(), "L_G": -log(f).mean()}],
        {
            "order": lambda r, f: (-log(f).mean(), -log(r).mean() - log(1 - f).mean()),
            "sign": lambda r, f: (log(r).mean() + log(1 - f).mean(), log(f).mean()),
            "base of the logarithm": lambda r, f: (-np.log10(r).mean() - np.log10(1 - f).mean(), 1),
            "sum instead of mean": lambda r, f: (-log(r).sum() - log(1 - f).sum(), -log(f).sum()),
            "halved": lambda r, f: (-log(np.concatenate([r, 1 - f])).mean(), -log(f).mean()),
            "forgeries taken for originals": lambda r, f: (-log(r).mean() - log(f).mean(), 1),
            "labels swapped": lambda r, f: (-log(1 - r).mean() - log(f).mean(), 1),
            "originals only": lambda r, f: (-log(r).mean(), 1),
            "painter wants to be caught":
                lambda r, f: (-log(r).mean() - log(1 - f).mean(), -log(1 - f).mean()),
            "saturating": lambda r, f: (-log(r).mean() - log(1 - f).mean(), log(1 - f).mean()),
            "painter sees originals":
                lambda r, f: (-log(r).mean() - log(1 - f).mean(), -log(r).mean() - log(f).mean()),
            "another number": lambda r, f: (0.5, 0.5),
            "shape": lambda r, f: (-log(r) - log(1 - f), -log(f)),
            "type": lambda r, f: (1, 2, 3),
        },
    ),
    "1.3": Exercise(
        checks.check_five_lessons, ("FiveLessons",),
        [FiveByInheritance, five(), five(result=lambda logs: logs | {"extra": 1.0})],
        {
            "unchanged": NeverCalled, "both five times": five(5, 5), "painter left out": five(5, 0),
            "wrong player": five(1, 5), "count": OneTooMany, "logs": five(result=lambda logs: None),
            "not a subclass": five()(keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]),
                                     keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])),
            "stub": Unwritten, "raised": Broken,
        },
        plain=False, given=False,
    ),
    "1.5": Exercise(
        checks.check_best_dealer, ("best_dealer",),
        [lambda p, q: 1 / (1 + q / np.maximum(p, 1e-30)),
         lambda p, q: tf.math.divide_no_nan(p, p + q)[:, None],
         lambda p, q: [a / (a + b) for a, b in zip(p, q, strict=True)]],
        {
            "probability of forged": lambda p, q: q / (p + q),
            "odds": lambda p, q: p / q,
            "logit": lambda p, q: log(p / q),
            "hard verdict": lambda p, q: (p > q).astype(float),
            "forgeries forgotten": lambda p, q: p,
            "difference": lambda p, q: p - q,
            "another number": lambda p, q: (p + q) / 2,
            "edges": lambda p, q: (p / q) / (1 + p / q),
        },
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _forget():
    record.reset()
    yield
    record.reset()


exercises = pytest.mark.parametrize("number", EXERCISES)


def judge(number, answer):
    one = EXERCISES[number]
    return one.check(*answer) if isinstance(answer, tuple) else one.check(answer)


def test_every_check_is_tried_here_and_is_the_one_of_its_number():
    assert set(EXERCISES) == set(outcome.EXERCISES)
    for number, one in EXERCISES.items():
        assert one.check.exercise == number
        assert len(one.wrong) >= 3 and one.right


@exercises
def test_the_solution_and_other_right_answers_pass(number):
    space = solved(int(number.split(".")[0]))
    own = tuple(space[name] for name in EXERCISES[number].solution)
    for answer in [own, *EXERCISES[number].right]:
        found = judge(number, answer)
        assert found.passed and found.message and not found.hint, found


@pytest.mark.parametrize(
    ("number", "kind"), [(n, k) for n, one in EXERCISES.items() for k in one.wrong]
)
def test_a_wrong_answer_is_recognised_and_hinted_at_twice(number, kind):
    answer = EXERCISES[number].wrong[kind]
    first, second = judge(number, answer), judge(number, answer)
    kind = kind.split(" (")[0]
    assert not first and first.kind == kind, first
    assert first.message
    if kind != "stub":
        assert first.hint and second.hint and first.hint != second.hint


@exercises
def test_strange_answers_get_their_sentence(number, monkeypatch):
    one = EXERCISES[number]
    if not one.plain:
        return

    def stub(*_):
        raise NotImplementedError("your turn")

    def broken(*_):
        raise KeyError("x")

    def endless(*_):
        while True:
            pass

    def mutating(*arguments):
        result = solved(int(number.split(".")[0]))[one.solution[0]](*arguments)
        for a in arguments:
            if isinstance(a, np.ndarray):
                a -= 1
        return result

    strange = {"stub": stub, "raised": broken, "type": lambda *_: "0.5", "nothing": lambda *_: None}
    for kind, answer in strange.items() | ({("mutated", mutating)} if one.given else set()):
        found = judge(number, answer)
        assert found.kind == kind and found.message, (kind, found)
    monkeypatch.setattr(guard, "SECONDS", 0.1)
    assert judge(number, endless).kind == "endless"
