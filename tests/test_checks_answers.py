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

from gan_lessons import checks, gan, losses
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
        imports = isinstance(ast.parse(cell.source).body[0], ast.Import | ast.ImportFrom)
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

# ------------------------------------------------------------------ chapter 4


def changed_by_dictionary(step, model):
    before = {v.path: np.array(v) for v in model.variables}
    step()
    return {v.path for v in model.variables if (np.array(v) != before[v.path]).any()}


def changed_names(step, model):
    before = [tf.identity(w.value) for w in model.weights]
    step()
    for w, old in zip(model.weights, before, strict=True):
        if tf.reduce_any(w.value != old):
            yield w.name


def frozen(weights=lambda m: m.weights, copy=np.array, same=np.array_equal, runs=1, pick=None):
    """Exercise 4.1, with one thing done differently."""

    def frozen_check(step, model):
        before = [copy(w) for w in weights(model)]
        for _ in range(runs):
            step()
        pairs = zip(weights(model), before, strict=True)
        return [w.path for w, old in pairs if (pick or (lambda same: not same))(same(w, old))]

    return frozen_check


def hinge_dealer(real_loss, fake_loss, learner="D", sign=1, apply=True, factor=1):
    def step(G, D, optimizer, real, z):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(real_loss(D(real))) + tf.reduce_mean(fake_loss(D(G(z))))
            loss = factor * loss
            followed = sign * loss
        weights = [w for p in learner for w in {"G": G, "D": D}[p].trainable_weights]
        if apply:
            optimizer.apply_gradients(zip(tape.gradient(followed, weights), weights, strict=True))
        return loss

    return step


def hinge_painter(loss_of, learner="G", sign=1, apply=True):
    def step(G, D, optimizer, z):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(loss_of(D(G(z))))
            followed = sign * loss
        weights = [w for p in learner for w in {"G": G, "D": D}[p].trainable_weights]
        if apply:
            optimizer.apply_gradients(zip(tape.gradient(followed, weights), weights, strict=True))
        return loss

    return step


def keras_hinge_dealer(G, D, optimizer, real, z):
    labels = tf.concat([tf.ones((len(real), 1)), -tf.ones((len(z), 1))], 0)
    works = tf.concat([real, G(z)], 0)
    with tf.GradientTape() as tape:
        loss = 2 * keras.losses.Hinge()(labels, D(works))
    grads = tape.gradient(loss, D.trainable_variables)
    optimizer.apply(grads, D.trainable_variables)
    return float(loss)


@tf.function
def traced_painter(G, D, optimizer, z):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([w.value for w in G.trainable_weights])
        loss = losses.hinge.generator(D(G(z, training=True), training=True))
    grads = tape.gradient(loss, [w.value for w in G.trainable_weights])
    for w, g in zip(G.trainable_weights, grads, strict=True):
        w.assign_sub(0.01 * g)
    return loss


relu, soft = tf.nn.relu, tf.nn.softplus
good_dealer = hinge_dealer(lambda x: relu(1 - x), lambda x: relu(1 + x))
good_painter = hinge_painter(lambda x: -x)


def with_dealer(*arguments, **options):
    return hinge_dealer(*arguments, **options), good_painter


def with_painter(*arguments, **options):
    return good_dealer, hinge_painter(*arguments, **options)


def strangers_round(pair, real, z, before=None, between=None):
    forged = np.asarray(pair.painter(z))
    labels = np.repeat([[1.0], [0.0]], [len(z), len(real)], axis=0)
    if before is not None:
        pair.dealer.trainable = before
    pair.dealer.train_on_batch(np.concatenate([forged, real]), labels)
    if between is not None:
        pair.dealer.trainable = between
    pair.combined.train_on_batch(z, np.zeros((len(z), 1)))


def toggled(before=True, between=False):
    return lambda pair, real, z: strangers_round(pair, real, z, before, between)


def mended_by_tape(pair, real, z):
    pair.dealer.trainable = True
    forged = pair.painter(z)
    entropy = keras.losses.BinaryCrossentropy()
    with tf.GradientTape() as tape:
        truth = entropy(tf.ones((len(z), 1)), pair.dealer(forged))
        loss = (truth + entropy(tf.zeros((len(real), 1)), pair.dealer(real))) / 2
    own = pair.dealer.trainable_weights
    pair.dealer.optimizer.apply_gradients(zip(tape.gradient(loss, own), own, strict=True))
    with tf.GradientTape() as tape:
        loss = entropy(tf.zeros((len(z), 1)), pair.dealer(pair.painter(z)))
    own = pair.painter.trainable_weights
    keras.optimizers.SGD(0.25).apply_gradients(zip(tape.gradient(loss, own), own, strict=True))


def awake_once(pair, real, z):
    """The flag is right at the first call only, as when D is called before it is frozen."""
    first = not hasattr(pair, "seen")
    pair.seen = True
    if first:
        pair.dealer.trainable = True
    strangers_round(pair, real, z, None, False if first else None)


def labels_swapped(pair, real, z):
    forged = np.asarray(pair.painter(z))
    labels = np.repeat([[0.0], [1.0]], [len(z), len(real)], axis=0)
    pair.dealer.trainable = True
    pair.dealer.train_on_batch(np.concatenate([forged, real]), labels)
    pair.dealer.trainable = False
    pair.combined.train_on_batch(z, np.zeros((len(z), 1)))


def dealer_only(pair, real, z):
    pair.dealer.trainable = True
    forged = np.asarray(pair.painter(z))
    labels = np.repeat([[1.0], [0.0]], [len(z), len(real)], axis=0)
    pair.dealer.train_on_batch(np.concatenate([forged, real]), labels)


FOUR = {
    "4.1": Exercise(
        checks.check_frozen_check, ("frozen_check",),
        [changed_by_dictionary, changed_names, frozen(), frozen(copy=lambda w: w.numpy())],
        {
            "no copy": frozen(copy=lambda w: w),
            "trainable only": frozen(weights=lambda m: m.trainable_weights),
            "tolerance": frozen(same=np.allclose),
            "sums compared": frozen(same=lambda a, b: np.sum(a) == np.sum(b)),
            "step not run": frozen(runs=0),
            "step run twice": frozen(runs=2),
            "unchanged ones": frozen(pick=bool),
            "type": lambda step, model: step() or True,
            "nothing": lambda step, model: step(),
            "other names": lambda step, model: step() or ["everything"],
            "raised": lambda step, model: step() or model.undefined,
            "stub": Unwritten.train_step,
        },
        plain=False, given=False,
    ),
    "4.3": Exercise(
        checks.check_hinge_steps, ("my_dealer_step", "my_painter_step"),
        [(good_dealer, good_painter), (keras_hinge_dealer, traced_painter)],
        {
            "cross-entropy kept": with_dealer(lambda x: soft(-x), soft),
            "cross-entropy kept (painter)": with_painter(lambda x: soft(-x)),
            "labels swapped": with_dealer(lambda x: relu(1 + x), lambda x: relu(1 - x)),
            "no hinge": with_dealer(lambda x: 1 - x, lambda x: 1 + x),
            "halved": with_dealer(lambda x: relu(1 - x), lambda x: relu(1 + x), factor=0.5),
            "margin forgotten": with_dealer(lambda x: relu(-x), relu),
            "another number": with_dealer(lambda x: x**2, lambda x: x**2),
            "another number (painter)": with_painter(lambda x: x**2),
            "painter with a margin": with_painter(lambda x: relu(1 - x)),
            "sign": with_painter(lambda x: x),
            "both learn": with_dealer(lambda x: relu(1 - x), lambda x: relu(1 + x), learner="DG"),
            "both learn (painter)": with_painter(lambda x: -x, learner="GD"),
            "wrong player": with_painter(lambda x: -x, learner="D"),
            "nobody learns": with_dealer(lambda x: relu(1 - x), lambda x: relu(1 + x), apply=False),
            "uphill": with_dealer(lambda x: relu(1 - x), lambda x: relu(1 + x), sign=-1),
            "uphill (painter)": with_painter(lambda x: -x, sign=-1),
            "nothing": (lambda *a: good_dealer(*a) and None, good_painter),
            "stub": (good_dealer, lambda *a: Unwritten.train_step(*a[:2])),
        },
        plain=False, given=False,
    ),
    "4.5": Exercise(
        checks.check_repaired_round, ("repaired_round",),
        [toggled(), mended_by_tape],
        {
            "dealer asleep": strangers_round,
            "dealer moves in the painter's step": toggled(True, None),
            "awake by luck": awake_once,
            "another lesson": labels_swapped,
            "painter left out": dealer_only,
            "raised": lambda pair, real, z: pair.discriminator,
        },
        plain=False, given=False,
    ),
}  # fmt: skip
EXERCISES |= FOUR


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
