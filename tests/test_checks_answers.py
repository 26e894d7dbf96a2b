"""Each check: its solution and other right answers pass, plausible wrong ones are recognised."""

import ast
import functools
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import checks, diagnosis, gan, losses
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


def five(dealer=5, painter=1, result=None, size=lambda real: tf.shape(real)[0]):
    class Game(gan.GAN):
        def train_step(self, real):
            logs = {}
            for _ in range(dealer):
                logs |= self.discriminator_step(real)
            for _ in range(painter):
                logs |= self.generator_step(size(real))
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


class Copied(gan.GAN):
    def train_step(self, real):
        for _ in range(5):
            logs = self.discriminator_step(real)
        return logs | self.generator_step(_count(real))  # noqa: F821


class Broken(gan.GAN):
    def train_step(self, real):
        return self.dealer_step(real)


EXERCISES = {
    "1.1": Exercise(
        checks.check_losses, ("both_losses",),
        [losses_in_tensorflow, losses_in_a_loop],
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
            "dictionary":
                lambda r, f: {"L_D": -(log(r) + log(1 - f)).mean(), "L_G": -log(f).mean()},
            "logarithm of the mean":
                lambda r, f: (-log(r.mean()) - log((1 - f).mean()), -log(f.mean())),
            "logarithm of the mean (originals)":
                lambda r, f: (-log(r.mean()) - log(1 - f).mean(), -log(f).mean()),
            "logarithm of the mean (forgeries)":
                lambda r, f: (-log(r).mean() - log((1 - f).mean()), -log(f).mean()),
            "logarithm of the mean (painter)":
                lambda r, f: (-log(r).mean() - log(1 - f).mean(), -log(f.mean())),
        },
    ),
    "1.3": Exercise(
        checks.check_five_lessons, ("FiveLessons",),
        [FiveByInheritance, five(), five(result=lambda logs: logs | {"extra": 1.0}),
         five(size=lambda real: real.shape[0])],
        {
            "unchanged": NeverCalled, "both five times": five(5, 5), "painter left out": five(5, 0),
            "wrong player": five(1, 5), "count": OneTooMany, "logs": five(result=lambda logs: None),
            "not a subclass": five()(keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]),
                                     keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])),
            "length in a trace": five(size=len),
            "trace": five(result=lambda logs: {k: float(v) for k, v in logs.items()}),
            "size of the batch": five(size=lambda real: 5),
            "size of the batch (as in the chapter)": five(size=lambda real: 256),
            "stub": Unwritten, "raised": Broken, "unknown name": Copied,
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


def changed_paths(step, model):
    before = [tf.identity(w.value) for w in model.weights]
    step()
    for w, old in zip(model.weights, before, strict=True):
        if tf.reduce_any(w.value != old):
            yield w.path


def frozen(
    weights=lambda m: m.weights, copy=np.array, same=np.array_equal, runs=1, pick=None,
    name=lambda w: w.path,
):  # fmt: skip
    """Exercise 4.1, with one thing done differently."""

    def frozen_check(step, model):
        before = [copy(w) for w in weights(model)]
        for _ in range(runs):
            step()
        pairs = zip(weights(model), before, strict=True)
        return [name(w) for w, old in pairs if (pick or (lambda same: not same))(same(w, old))]

    return frozen_check


def first_changed(step, model):
    before = model.get_weights()
    step()
    for w, old in zip(model.weights, before, strict=True):
        if not np.array_equal(w, old):
            return [w.path]


def first_variable(step, model):
    before = model.get_weights()
    step()
    for w, old in zip(model.weights, before, strict=True):
        return [w.path] if not np.array_equal(w, old) else []


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


def bent_after(real_loss, fake_loss):
    def step(G, D, optimizer, real, z):
        with tf.GradientTape() as tape:
            loss = real_loss(D(real)) + fake_loss(D(G(z)))
        weights = D.trainable_weights
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    return step


def global_adam(step):
    def with_another(G, D, optimizer, *data):
        return step(G, D, keras.optimizers.Adam(), *data)

    return with_another


def cut_off(G, D, optimizer, real, z):
    cost = [tf.nn.relu(1 - D(real)), tf.nn.relu(1 + D(G(z)))]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(cost[0]) + tf.reduce_mean(cost[1])
    weights = D.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return loss


relu, soft = tf.nn.relu, tf.nn.softplus
good_dealer = hinge_dealer(lambda x: relu(1 - x), lambda x: relu(1 + x))
good_painter = hinge_painter(lambda x: -x)
mean = tf.reduce_mean
bent_real, bent_fake = (lambda x: relu(1 - mean(x))), (lambda x: relu(1 + mean(x)))


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


def painters_step(targets=0.0, lessons=1, optimizer=None):
    """Exercise 4.5, mended, with one thing in the painter's step done differently."""

    def round_of_two(pair, real, z):
        if optimizer is not None:
            pair.combined.compile(optimizer(), "binary_crossentropy", jit_compile=False)
        toggled()(SimpleNamespace(**vars(pair) | {"combined": quiet}), real, z)
        for _ in range(lessons):
            pair.combined.train_on_batch(z, np.full((len(z), 1), targets))

    quiet = SimpleNamespace(train_on_batch=lambda *_: None)
    return round_of_two


def painter_first(pair, real, z):
    forged = np.asarray(pair.painter(z))
    pair.dealer.trainable = False
    pair.combined.train_on_batch(z, np.zeros((len(z), 1)))
    pair.dealer.trainable = True
    labels = np.repeat([[1.0], [0.0]], [len(z), len(real)], axis=0)
    pair.dealer.train_on_batch(np.concatenate([forged, real]), labels)


def dealer_twice(pair, real, z):
    dealer_only(pair, real, z)
    toggled()(pair, real, z)


def layers_awake(pair, real, z):
    for layer in pair.dealer.layers:
        layer.trainable = True
    strangers_round(pair, real, z)


def layers_awake_and_asleep(pair, real, z):
    layers_awake(pair, real, z)
    for layer in pair.dealer.layers:
        layer.trainable = False


def tapes_asleep(pair, real, z):
    entropy = keras.losses.BinaryCrossentropy()
    with tf.GradientTape() as tape:
        loss = entropy(tf.zeros((len(real), 1)), pair.dealer(real))
    own = pair.dealer.trainable_weights
    pair.dealer.optimizer.apply_gradients(zip(tape.gradient(loss, own), own, strict=True))


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
        [changed_by_dictionary, changed_paths, frozen(), frozen(copy=lambda w: w.numpy())],
        {
            "no copy": frozen(copy=lambda w: w),
            "trainable only": frozen(weights=lambda m: m.trainable_weights),
            "tolerance": frozen(same=np.allclose),
            "sums compared": frozen(same=lambda a, b: np.sum(a) == np.sum(b)),
            "one number": frozen(same=lambda a, b: not np.all(np.array(a) != b)),
            "name, not path": frozen(name=lambda w: w.name),
            "variables": frozen(name=lambda w: w),
            "first only": first_changed,
            "first only (or none)": first_variable,
            "all names": lambda step, model: step() or [w.path for w in model.weights],
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
            "no hinge (for originals)":
                with_dealer(lambda x: 1 - x, lambda x: relu(1 + x)),
            "no hinge (for forgeries)":
                with_dealer(lambda x: relu(1 - x), lambda x: 1 + x),
            "mean before the bend": (bent_after(bent_real, bent_fake), good_painter),
            "mean before the bend (originals)":
                (bent_after(bent_real, lambda x: mean(relu(1 + x))), good_painter),
            "mean before the bend (forgeries)":
                (bent_after(lambda x: mean(relu(1 - x)), bent_fake), good_painter),
            "optimizer not used": (global_adam(good_dealer), good_painter),
            "optimizer not used (painter)": (good_dealer, global_adam(good_painter)),
            "no gradients": (cut_off, good_painter),
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
        [toggled(), mended_by_tape, painters_step(), painter_first],
        {
            "dealer asleep": strangers_round,
            "dealer moves in the painter's step": toggled(True, None),
            "awake by luck": awake_once,
            "another lesson": labels_swapped,
            "painter left out": dealer_only,
            "painter learns the truth": painters_step(1.0),
            "half a lie": painters_step(0.5),
            "another stride": painters_step(lessons=2),
            "another stride (dealer)": dealer_twice,
            "another lesson for the painter": painters_step(optimizer=keras.optimizers.Adam),
            "flag the wrong way round": toggled(False, True),
            "layers only": layers_awake,
            "layers only (asleep again)": layers_awake_and_asleep,
            "nothing to teach": tapes_asleep,
            "raised": lambda pair, real, z: pair.discriminator,
        },
        plain=False, given=False,
    ),
}  # fmt: skip
EXERCISES |= FOUR


# ------------------------------------------------------------------ chapter 3


def box(x, rows=(-1, 0, 1), columns=(-1, 0, 1), add=np.mean):
    return add([np.roll(x, (i, j), (1, 2)) for i in rows for j in columns], axis=0)


def blur_by_keras(x):
    return keras.layers.AveragePooling2D(3, strides=1, padding="same")(x)


def hide(picture, strength, mask=None, colour=None, share=0.1):
    if mask is None:
        mask = strength >= np.sort(strength.ravel())[-round(share * strength.size)]
    colour = picture.mean((0, 1)) if colour is None else colour
    return np.where(mask[..., None], colour, picture)


def hide_in_tensorflow(picture, strength):
    order = tf.argsort(tf.reshape(strength, [-1]), direction="DESCENDING")[:102]
    colour = tf.reduce_mean(picture, axis=(0, 1))
    flat = tf.reshape(picture, (-1, 3))
    flat = tf.tensor_scatter_nd_update(flat, order[:, None], tf.tile(colour[None], (102, 1)))
    return tf.reshape(flat, picture.shape)


def best_in_a_loop(p, q, dx):
    import math

    total = 0.0
    for a, b in zip(p, q, strict=True):
        for mine, D in ((a, a / (a + b) if a + b else 0), (b, b / (a + b) if a + b else 0)):
            if mine > 0:
                total -= 0.5 * mine * math.log(D) * dx
    return total


def best(p, q, dx, weigh=(0.5, 0.5), guard=1e-12):
    D = (p + guard) / (p + q + 2 * guard)
    return -(weigh[0] * p * np.log(D) + weigh[1] * q * np.log(1 - D)).sum() * dx


CHANNELS = [3, 32, 64, 128, 128]
KERNELS = sum(16 * c * d for c, d in itertools.pairwise(CHANNELS))
SIZES = [64, 32, 16, 8, 4]

EXERCISES |= {
    "3.1": Exercise(
        checks.check_dealer_by_hand, ("by_hand",),
        [lambda: (SIZES[1:], KERNELS + 352 + 2049),
         lambda: ([(n, n, c) for n, c in zip(SIZES, CHANNELS, strict=True)], 429_921),
         lambda: (tuple(SIZES), np.int64(429_921)),
         lambda: {"sizes": np.array(SIZES), "parameters": tf.constant(429_921)}],
        {
            "sizes without padding": lambda: ([64, 31, 14, 6, 2], 429_921),
            "stages": lambda: ([64, 32, 16, 8, 4, 2], 429_921),
            "channels keep doubling": lambda: (SIZES, 16 * (96 + 2048 + 8192 + 32768) + 480 + 4097),
            "biases forgotten": lambda: (SIZES, KERNELS + 2048),
            "biases forgotten (in the convolutions)": lambda: (SIZES, KERNELS + 2049),
            "verdict forgotten": lambda: (SIZES, KERNELS + 352),
            "flatten forgotten": lambda: (SIZES, KERNELS + 352 + 129),
            "a stage too few": lambda: (SIZES, KERNELS - 16 * 128 * 128 + 224 + 2049),
            "one kernel for all channels": lambda: (SIZES, 17 * 352 + 2049),
            "another number": lambda: (SIZES, 1000),
        },
        given=False,
    ),
    "3.3": Exercise(
        checks.check_blurred, ("blurred",),
        [box, blur_by_keras, lambda x: box(box(x, columns=(0,)), rows=(0,))],
        {
            "edges lost": lambda x: box(x)[:, 1:-1, 1:-1],
            "unchanged": lambda x: x.copy(),
            "sum instead of mean": lambda x: box(x, add=np.sum),
            "colours mixed": lambda x: np.repeat(box(x).mean(3, keepdims=True), 3, 3),
            "middle left out": lambda x: (box(x, add=np.sum) - x) / 8,
            "one direction only": lambda x: box(x, rows=(0,)),
            "one direction only (rows)": lambda x: box(x, columns=(0,)),
            "not centred": lambda x: box(x, rows=(0, -1, -2), columns=(0, -1, -2)),
            "another number": lambda x: box(x, rows=(-2, -1, 0, 1, 2)),
            "shape": lambda x: box(x)[0],
        },
    ),
    "3.4": Exercise(
        checks.check_hide_strongest, ("hide_strongest",),
        [hide, hide_in_tensorflow],
        {
            "unchanged": lambda p, s: p.copy(),
            "weakest hidden": lambda p, s: hide(p, -s),
            "count": lambda p, s: hide(p, s, s > 0.1 * s.max()),
            "other pixels": lambda p, s: hide(p, s.T),
            "grey instead of the mean colour": lambda p, s: hide(p, s, colour=p.mean()),
            "another colour": lambda p, s: hide(p, s, colour=0.0),
            "shape": lambda p, s: hide(p, s).reshape(-1, 3),
        },
    ),
    "3.5": Exercise(
        checks.check_best_loss, ("best_loss",),
        [best, best_in_a_loop, lambda p, q, dx: tf.constant([best(p, q, dx)])],
        {
            "halves added": functools.partial(best, weigh=(1, 1)),
            "sign": functools.partial(best, weigh=(-0.5, -0.5)),
            "originals only": functools.partial(best, weigh=(0.5, 0)),
            "originals only (whole)": functools.partial(best, weigh=(1, 0)),
            "width forgotten": lambda p, q, dx: best(p, q, 1),
            "not weighed": lambda p, q, dx: -(log(p / (p + q)) + log(q / (p + q))).mean() / 2,
            "0 log 0": functools.partial(best, guard=0),
            "another number": lambda p, q, dx: 0.5,
        },
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 2


def press(values, kernel, stride, add=True):
    line = [0.0] * ((len(values) - 1) * stride + len(kernel))
    for i, v in enumerate(values):
        for j, k in enumerate(kernel):
            line[i * stride + j] = float(v * k) + (line[i * stride + j] if add else 0)
    return line


def press_by_keras(values, kernel, stride):
    x, w = (tf.reshape(tf.constant(a, tf.float32), (1, -1, 1)) for a in (values, kernel))
    n = (len(values) - 1) * stride + len(kernel)
    w = tf.transpose(w, (1, 0, 2))
    return tf.nn.conv1d_transpose(x, w, (1, n, 1), stride, padding="VALID")[0, :, 0]


def press_by_numpy(values, kernel, stride):
    apart = np.zeros((len(values) - 1) * stride + 1)
    apart[::stride] = values
    return np.convolve(apart, kernel)


def kinds(x):
    return np.stack([x[:, i::2, j::2].mean((1, 2, 3)) for i in (0, 1) for j in (0, 1)])


def kinds_in_tensorflow(x):
    n, h, w, _ = x.shape
    split = tf.reshape(x, (n, h // 2, 2, w // 2, 2, 3))
    means = tf.reshape(tf.reduce_mean(split, (1, 3, 5)), (n, 4))
    return tf.reduce_max(means, 1, keepdims=True) - tf.reduce_min(means, 1, keepdims=True)


NEW = 16 * 192 * 192

EXERCISES |= {
    "2.1": Exercise(
        checks.check_more_parameters, ("more_parameters",),
        [lambda: 590_592, lambda: np.array([590_592.0]), lambda: tf.constant(590_592)],
        {
            "normalisation forgotten": lambda: NEW,
            "bias instead of normalisation": lambda: NEW + 192,
            "bias as well": lambda: NEW + 5 * 192,
            "two numbers a channel": lambda: NEW + 2 * 192,
            "wrong channels": lambda: 16 * 192 * 96 + 4 * 96,
            "one kernel for all channels": lambda: 16 * 192 + 4 * 192,
            "total": lambda: 568_899 + 590_592,
            "another number": lambda: 590_593,
        },
        given=False,
    ),
    "2.2": Exercise(
        checks.check_transposed, ("transposed",),
        [press, press_by_keras, press_by_numpy],
        {
            "overlap overwritten": functools.partial(press, add=False),
            "laid side by side": lambda v, k, s: np.concatenate([x * k for x in v]),
            "stride ignored": lambda v, k, s: press(v, k, 1),
            "kernel reversed": lambda v, k, s: press(v, k[::-1], s),
            "cropped": lambda v, k, s: press(v, k, s)[: len(v) * s],
            "another number": lambda v, k, s: np.convolve(v, k, "valid"),
        },
    ),
    "2.4": Exercise(
        checks.check_silent_channels, ("silent_channels",),
        [lambda m: sum(m[..., c].max() < 0 for c in range(m.shape[-1])),
         lambda m: tf.reduce_sum(tf.cast(tf.reduce_max(m, (0, 1, 2)) < 0, tf.int32)),
         lambda m: np.sum(np.maximum(m, 0).sum((0, 1, 2)) == 0)],
        {
            "somewhere instead of everywhere": lambda m: (m < 0).any((0, 1, 2)).sum(),
            "on average": lambda m: (m.mean((0, 1, 2)) < 0).sum(),
            "each picture by itself": lambda m: (m < 0).all((1, 2)).sum(),
            "one picture": lambda m: (m[0] < 0).all((0, 1)).sum(),
            "the others": lambda m: (~(m < 0).all((0, 1, 2))).sum(),
            "above instead of below": lambda m: (m >= 0).all((0, 1, 2)).sum(),
            "places counted": lambda m: (m < 0).sum(),
            "another number": lambda m: 8,
            "shape": lambda m: (m < 0).all((0, 1, 2)),
        },
    ),
    "2.5": Exercise(
        checks.check_checkerboard, ("checkerboard",),
        [lambda x: np.ptp(kinds(x), axis=0), kinds_in_tensorflow,
         lambda x: [max(k) - min(k) for k in kinds(x).T.tolist()]],
        {
            "pictures mixed": lambda x: np.ptp(kinds(x).mean(1)),
            "one number": lambda x: np.ptp(kinds(x), axis=0).mean(),
            "two kinds only": lambda x: abs(x[:, ::2].mean((1, 2, 3)) - x[:, 1::2].mean((1, 2, 3))),
            "spread instead of range": lambda x: kinds(x).std(0),
            "quarters instead of kinds": lambda x: np.ptp(np.stack([
                x[:, :4, :4].mean((1, 2, 3)), x[:, :4, 4:].mean((1, 2, 3)),
                x[:, 4:, :4].mean((1, 2, 3)), x[:, 4:, 4:].mean((1, 2, 3))]), axis=0),
            "colours apart": lambda x: np.ptp(np.stack(
                [x[:, i::2, j::2].mean((1, 2)) for i in (0, 1) for j in (0, 1)]), axis=0).mean(1),
            "divided already": lambda x: np.ptp(kinds(x), axis=0) / x.std(),
            "another number": lambda x: kinds(x).max(0),
        },
    ),
}  # fmt: skip


# ------------------------------------------------------------------ chapter 7


def bell(x, y, w, power=2, sign=-1):
    return np.exp(sign * np.abs(np.subtract.outer(x, y)) ** power / (2 * w**2))


def mmd(a, b, width, cross=2.0, diagonal=False, pairs=None, alike=bell, **options):
    def within(x):
        table = alike(x, x, width, **options)
        if diagonal:
            return table.mean()
        return (table.sum() - np.trace(table)) / (pairs or (lambda n: n * (n - 1)))(len(x))

    return within(a) + within(b) - cross * alike(a, b, width, **options).mean()


def off_diagonal(x, width):
    return bell(x, x, width)[~np.eye(len(x), dtype=bool)].mean()


def mmd_in_loops(a, b, width):
    import math

    k = lambda x, y: math.exp(-0.5 * ((x - y) / width) ** 2)
    aa = [k(x, y) for i, x in enumerate(a) for j, y in enumerate(a) if i != j]
    bb = [k(x, y) for i, x in enumerate(b) for j, y in enumerate(b) if i != j]
    ab = [k(x, y) for x in a for y in b]
    return sum(aa) / len(aa) + sum(bb) / len(bb) - 2 * sum(ab) / len(ab)


def mmd_in_tensorflow(a, b, width):
    k = lambda x, y: tf.exp(-tf.square(x[:, None] - y[None]) / (2 * width * width))
    within = lambda x: tf.reduce_sum(k(x, x) * (1 - np.eye(len(x)))) / (len(x) * (len(x) - 1))
    a, b = tf.constant(a), tf.constant(b)
    return within(a) + within(b) - 2 * tf.reduce_mean(k(a, b))


def alarm(amounts, values, errors, honest, factor=2):
    loud = values > honest + factor * errors
    for i, amount in enumerate(amounts):
        if loud[i:].all():
            return amount
    return None


def first_alarm(amounts, values, errors, honest):
    found = amounts[values > honest + 2 * errors]
    return found[0] if len(found) else None


EXERCISES |= {
    "7.1": Exercise(
        checks.check_two_distances, ("by_hand",),
        [lambda: (2, 1.53), lambda: np.array([2.0, 6 - 2 * 5**0.5]),
         lambda: [tf.constant(2.0), tf.constant(1.5279)]],
        {
            "order": lambda: (1.528, 2), "sum instead of mean": lambda: (8, 1.528),
            "not squared": lambda: (1, 1.528), "root taken": lambda: (2**0.5, 1.528),
            "another number": lambda: (3, 1.528), "n − 1": lambda: (2, 2.037),
            "variances instead of spreads": lambda: (2, 16), "means only": lambda: (2, 0),
            "difference of squares": lambda: (2, 4), "root taken (formula)": lambda: (2, 1.236),
            "another number (formula)": lambda: (2, 7),
        },
        given=False,
    ),
    "7.3": Exercise(
        checks.check_alarm_from, ("alarm_from",),
        [alarm, lambda a, v, e, h: tf.constant(x) if (x := alarm(a, v, e, h)) else None],
        {
            "first alarm": first_alarm,
            "one error": functools.partial(alarm, factor=1),
            "error ignored": functools.partial(alarm, factor=0),
            "honest value ignored": lambda a, v, e, h: alarm(a, v, e, 0),
            "below as well as above": lambda a, v, e, h: alarm(a, h + abs(v - h), e, h),
            "one error for all": lambda a, v, e, h: alarm(a, v, e[0], h),
            "last silent amount": lambda a, v, e, h: a[v <= h + 2 * e][-1],
            "place instead of amount": lambda a, v, e, h: int(np.argmax(a == alarm(a, v, e, h))),
            "alarm without cause": lambda a, v, e, h: alarm(a, v, e, h) or 1.0,
            "no alarm found": lambda a, v, e, h: None,
            "another number": lambda a, v, e, h: 0.1,
        },
        plain=False,
    ),
    "7.5": Exercise(
        checks.check_fair_distance, ("fair_distance",),
        [mmd, mmd_in_loops, mmd_in_tensorflow],
        {
            "itself not left out": functools.partial(mmd, diagonal=True),
            "pairs miscounted": functools.partial(mmd, pairs=lambda n: n * n),
            "cross term once": functools.partial(mmd, cross=1),
            "cross term added": functools.partial(mmd, cross=-2),
            "width ignored": lambda a, b, w: mmd(a, b, 1),
            "width not squared": lambda a, b, w: mmd(a, b, w**0.5),
            "2 forgotten": lambda a, b, w: mmd(a, b, w / 2**0.5),
            "difference not squared": functools.partial(mmd, power=1),
            "root taken": lambda a, b, w: abs(mmd(a, b, w)) ** 0.5,
            "brackets": lambda a, b, w: mmd(a, b, 1 / w),
            "sign turned": lambda a, b, w: -mmd(a, b, w),
            "minus forgotten": functools.partial(mmd, sign=1),
            "powers": functools.partial(mmd, alike=lambda x, y, w: (np.outer(x, y) + 1) ** 3),
            "one set mended": lambda a, b, w: mmd(a, b, w) + (1 - off_diagonal(b, w)) / len(b),
            "another number": lambda a, b, w: mmd(a, b, 3 * w),
            "cut off at 0": lambda a, b, w: max(0, mmd(a, b, w)),
            "made positive": lambda a, b, w: abs(mmd(a, b, w)),
            "another number (sets that agree)": lambda a, b, w: max(-1e-3, mmd(a, b, w)),
        },
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 5


def logit_by_search(label):
    m = np.linspace(-9, 9, 180_001)
    loss = np.logaddexp(0, m) - label * m
    return m[loss.argmin()] if 0 < loss.argmin() < len(m) - 1 else None


def penalty(discriminator, real, weight, inside=None, outside=None, of=None):
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = discriminator(real)
        logits = of(logits) if of else logits
    slopes = tape.gradient(logits, real)
    each = (inside or (lambda s: tf.reduce_sum(s**2, 1)))(slopes)
    return weight / 2 * (outside or tf.reduce_mean)(each)


def penalty_by_keras(discriminator, real, weight):
    return losses.r1_penalty(weight)(discriminator, real, None, None)


def mixed(a, w, keep, take):
    return [keep * x + take * y for x, y in zip(a, w, strict=True)]


EXERCISES |= {
    "5.1": Exercise(
        checks.check_best_logit, ("best_logit",),
        [logit_by_search, lambda y: np.log(np.float64(y) / (1 - y)),
         lambda y: tf.math.log(y) - tf.math.log(1 - y)],
        {
            "probability instead of logit": lambda y: y if y < 1 else None,
            "sign": lambda y: np.log((1 - y) / y) if y < 1 else None,
            "odds": lambda y: y / (1 - y) if y < 1 else None,
            "base of the logarithm": lambda y: np.log10(y / (1 - y)) if y < 1 else None,
            "the loss instead of the place":
                lambda y: np.logaddexp(0, m := np.log(y / (1 - y))) - y * m,
            "another number": lambda y: 2.0,
            "a best answer beyond 1": lambda y: np.log(y / (1 - y)) if y < 1 else 40.0,
            "nothing": lambda y: None,
        },
        given=False,
    ),
    "5.2": Exercise(
        checks.check_follow, ("follow",),
        [lambda a, w, d: mixed(a, w, d, 1 - d),
         lambda a, w, d: tuple(tf.constant(v) for v in mixed(a, w, d, 1 - d)),
         lambda a, w, d: {i: x - (1 - d) * (x - w[i]) for i, x in enumerate(a)}],
        {
            "decay swapped": lambda a, w, d: mixed(a, w, 1 - d, d),
            "copied": lambda a, w, d: list(w),
            "unchanged": lambda a, w, d: list(a),
            "plain mean": lambda a, w, d: mixed(a, w, 0.5, 0.5),
            "shares beyond 1": lambda a, w, d: mixed(a, w, d, 1),
            "shares beyond 1 (the other)": lambda a, w, d: mixed(a, w, 1, 1 - d),
            "another number": lambda a, w, d: mixed(a, w, d, -0.1),
            "mutated": lambda a, w, d: [x.__imul__(d).__iadd__((1 - d) * y)
                                        for x, y in zip(a, w, strict=True)],
            "type": lambda a, w, d: mixed(a, w, d, 1 - d)[:1],
        },
        given=False,
    ),
    "5.3": Exercise(
        checks.check_r1, ("r1",),
        [penalty, penalty_by_keras,
         lambda D, x, w: penalty(D, x, w, inside=lambda s: tf.norm(s, axis=1) ** 2)],
        {
            "half forgotten": lambda D, x, w: 2 * penalty(D, x, w),
            "length not squared":
                functools.partial(penalty, inside=lambda s: tf.norm(s, axis=1)),
            "mean over the numbers of a work":
                functools.partial(penalty, inside=lambda s: tf.reduce_mean(s**2, 1)),
            "sum over the batch": functools.partial(penalty, outside=tf.reduce_sum),
            "slope of the mean": functools.partial(penalty, of=tf.reduce_mean),
            "weight forgotten": lambda D, x, w: penalty(D, x, 1),
            "sum before the square":
                functools.partial(penalty, inside=lambda s: tf.reduce_sum(s, 1) ** 2),
            "another number": lambda D, x, w: tf.reduce_mean(D(x) ** 2),
            "cannot be learnt from": lambda D, x, w: float(penalty(D, x, w)),
        },
        given=False,
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 6


def change(images, a=-2, b=-1, pick=np.argmax, size=abs, kind=float):
    return pick(size(images[b].astype(kind) - images[a].astype(kind)).mean((1, 2, 3)))


def change_in_a_loop(images):
    best, which = -1.0, None
    for i in range(16):
        change = tf.reduce_mean(
            tf.abs(tf.cast(images[-1, i], tf.float32) - tf.cast(images[-2, i], tf.float32))
        )
        if change > best:
            best, which = change, i
    return which


def moves(images, kind=float, size=abs):
    return size(np.diff(images.astype(kind), axis=0)).mean((1, 2, 3, 4))


def moves_in_a_loop(images):
    frames = [tf.cast(f, tf.float32) for f in images]
    return [tf.reduce_mean(abs(b - a)) for a, b in itertools.pairwise(frames)]


def least_squares(rounds, distances, target):
    table = np.stack([np.log2(rounds), np.ones(len(rounds))], 1)
    return np.array([np.log2(target), 1]) @ np.linalg.lstsq(table, distances, rcond=None)[0]


def two_points(rounds, distances, target):
    share = np.log10(target / rounds[0]) / np.log10(rounds[-1] / rounds[0])
    return tf.constant(distances[0] + share * (distances[-1] - distances[0]))


EXERCISES |= {
    "6.1": Exercise(
        checks.check_most_changed, ("most_changed",),
        [change, change_in_a_loop, functools.partial(change, kind=int)],
        {
            "bytes wrap around": lambda x: (x[-1] - x[-2]).mean((1, 2, 3)).argmax(),
            "bytes wrap around (with abs)": lambda x: abs(x[-1] - x[-2]).mean((1, 2, 3)).argmax(),
            "signs cancel": functools.partial(change, size=lambda x: x),
            "least instead of most": functools.partial(change, pick=np.argmin),
            "first and last frame": functools.partial(change, a=0),
            "first two frames": functools.partial(change, a=0, b=1),
            "all frames":
                lambda x: abs(np.diff(x.astype(float), axis=0)).mean((0, 2, 3, 4)).argmax(),
            "another number": lambda x: 16,
            "shape": functools.partial(change, pick=lambda x: x),
        },
    ),
    "6.2": Exercise(
        checks.check_movement, ("movement",),
        [moves, moves_in_a_loop, lambda x: np.concatenate([[0], moves(x)])],
        {
            "bytes wrap around": lambda x: np.diff(x, axis=0).mean((1, 2, 3, 4)),
            "bytes wrap around (with abs)": lambda x: abs(x[1:] - x[:-1]).mean((1, 2, 3, 4)),
            "signs cancel": functools.partial(moves, size=lambda x: x),
            "from the first frame": lambda x: abs(x[1:] - x[0].astype(float)).mean((1, 2, 3, 4)),
            "root mean square":
                lambda x: (np.diff(x.astype(float), axis=0) ** 2).mean((1, 2, 3, 4)) ** 0.5,
            "another number": lambda x: 2 * moves(x),
            "shape": lambda x: abs(np.diff(x.astype(float), axis=0)).mean((2, 3, 4)),
        },
    ),
    "6.4": Exercise(
        checks.check_extended, ("extended",),
        [least_squares, two_points],
        {
            "rounds instead of their logarithm":
                lambda r, d, t: np.polyval(np.polyfit(r, d, 1), t),
            "target without logarithm":
                lambda r, d, t: np.polyval(np.polyfit(np.log(r), d, 1), t),
            "logarithm of the distance, too":
                lambda r, d, t: np.exp(np.polyval(np.polyfit(np.log(r), np.log(d), 1), np.log(t))),
            "not continued": lambda r, d, t: np.interp(t, r, d),
            "another number": lambda r, d, t: 0.1,
        },
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 8


def by_keras(beta_1):
    """What Keras's own Adam does."""
    weight, adam = keras.Variable([0.0]), keras.optimizers.Adam(1.0, beta_1=beta_1)
    places = []
    for slope in (1.0, -1.0):
        adam.apply([keras.ops.convert_to_tensor([slope])], [weight])
        places.append(float(weight[0]))
    return places[1] - places[0]


def adam(b, old=None, correct=lambda b, n: 1 - b**n, slope=-1, carry=False):
    """The second move with parts to spoil; ``old`` is the share of the past."""
    old = b if old is None else old
    first = (1 - old) / (correct(b, 1) if carry else 1)
    return -(old * first + (1 - old) * slope) / correct(b, 2)


def cards(pictures, side, tolerance, grey=lambda x, t: (np.abs(x) <= t).all(-1),
          whole=lambda square: square.all(), reach=1, each=any, shorter=0):  # fmt: skip
    """Place by place, with parts to spoil."""
    _, high, wide, _ = pictures.shape
    places = list(itertools.product(range(high - side + reach), range(wide - side + reach)))
    size = side - shorter
    return np.mean([
        each(whole(grey(one[y : y + size, x : x + side], tolerance)) for y, x in places)
        for one in pictures
    ])  # fmt: skip


def cards_by_sums(pictures, side, tolerance):
    """By pooling: the largest number of each square must be small."""
    off = tf.reduce_max(tf.abs(tf.cast(pictures, tf.float32)), axis=-1, keepdims=True)
    worst = tf.nn.max_pool2d(off, side, 1, "VALID")
    least = tf.reduce_min(worst, axis=(1, 2, 3))
    return tf.reduce_mean(tf.cast(least < tolerance, tf.float32))


def company(paint, z, other=None, apart=lambda a, b: np.abs(a - b).max(), bound=1e-3):
    """The picture of the first vector alone, beside ``other``, by default that in company."""
    other = other or (lambda paint, z: paint(z)[:1])
    return apart(np.asarray(paint(z[:1])), np.asarray(other(paint, z))) > bound


def company_by_pairs(paint, z):
    pairs = [paint(z[[i, (i + 1) % len(z)]])[0] for i in range(len(z))]
    return tf.constant(not np.allclose(pairs, [paint(one[None])[0] for one in z], atol=2e-3))


BOUNDS = {"frozen": 0.1, "strong": 6, "cheap": 0.6, "waves": 0.5, "same": 0.6}


def late_mean(curve):
    return float(np.mean(curve[len(curve) - len(curve) // 5 :]))


def doctor(history, diversity, late=late_mean, ask="fwsc", waves=None, strong=None, frozen=None):
    """The tree's questions by their letters, with parts to spoil."""
    loss, real, fake = (late(history[k]) for k in ("d_loss", "real_logit", "fake_logit"))
    yes = {
        "f": ("frozen dealer", (frozen or (lambda r, f, d: f - r > 0.1))(real, fake, loss)),
        "w": ("too much momentum", (waves or diagnosis.swing)(history["g_loss"]) > 0.5),
        "s": ("dealer too strong",
              (strong or (lambda d, apart: d < 0.6 and apart > 6))(loss, real - fake)),
        "c": ("collapse", diversity < 0.6),
    }  # fmt: skip
    return next((yes[letter][0] for letter in ask if yes[letter][1]), "healthy")


def doctor_by_the_package(history, diversity):
    """With the package's own tree, and a recording made up around the curves."""
    from gan_lessons.recording import Recording

    scores = {"diversity": np.array([diversity]), "squares": np.zeros(1), "kernel": np.zeros(1)}
    return diagnosis.diagnose(Recording(Path(), scores, None, history)).title()


def nurse(count=lambda n, ill: (n + 1) * ill, enough=lambda n, p: n >= p, begin="on_train_begin",
          ill=lambda logs: logs["fake_logit"] > logs["real_logit"], target="model",
          after="on_train_batch_end", keep=None):  # fmt: skip
    """A nurse with parts to spoil."""

    def __init__(self, patience):
        keras.callbacks.Callback.__init__(self)
        self.patience, self.wrong = keep or patience, 0

    def forget(self, *_):
        self.wrong = 0

    def look(self, batch, logs=None):
        self.wrong = count(self.wrong, ill(logs))
        if enough(self.wrong, self.patience):
            (self.model if target == "model" else self).stop_training = True

    parts = {"__init__": __init__, begin: forget, after: look}
    return type("Nurse", (keras.callbacks.Callback,), parts)


class NurseWithAList(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def set_model(self, model):
        super().set_model(model)
        self.seen = []

    def on_batch_end(self, batch, logs=None):
        self.seen.append(logs["real_logit"] < logs["fake_logit"])
        last = self.seen[-self.patience :]
        self.model.stop_training = len(last) == self.patience and all(last)


class NurseUncounted(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_batch_end(self, batch, logs=None):
        self.wrong = (self.wrong + 1) * (logs["fake_logit"] > logs["real_logit"])
        self.model.stop_training = self.wrong >= self.patience


class NurseWithTheWardsCount(NurseUncounted):
    wrong = 0

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        NurseWithTheWardsCount.wrong = self.__dict__.pop("wrong")


class NurseUnwritten(keras.callbacks.Callback):
    def __init__(self, patience):
        raise NotImplementedError("your turn")


class NurseBroken(nurse()):
    def on_train_batch_end(self, batch, logs=None):
        return logs["real"] < logs["fake"]


class NurseEndless(nurse()):
    def on_train_batch_end(self, batch, logs=None):
        while logs["fake_logit"] != logs["real_logit"]:
            self.wrong += 1


EXERCISES |= {
    "8.1": Exercise(
        checks.check_second_move, ("second_move",),
        [by_keras, adam, lambda b: tf.constant([(1 - b) / (1 + b)])],
        {
            "sign": lambda b: -adam(b),
            "correction forgotten": functools.partial(adam, correct=lambda b, n: 1),
            "correction of the first step": functools.partial(adam, correct=lambda b, n: 1 - b),
            "correction of the first step (third)":
                functools.partial(adam, correct=lambda b, n: 1 - b**3),
            "memory forgotten": lambda b: adam(0),
            "first step": lambda b: adam(0, slope=1),
            "shares exchanged": lambda b: adam(1 - b),
            "shares exchanged (in m alone)": lambda b: adam(b, old=1 - b),
            "shares exchanged (no division)": lambda b: b * b,
            "correction carried on": functools.partial(adam, carry=True),
            "correction carried on (divided once)":
                lambda b: adam(b, carry=True, correct=lambda b, n: 1 - b if n == 1 else 1),
            "both moves": lambda b: adam(b) - 1,
            "move for the mean": lambda b: -(b * -1 + (1 - b) * -1) / (1 - b**2),
            "another number": lambda b: 0.123,
            "shape": lambda b: [-1, adam(b)],
        },
        given=False,
    ),
    "8.3": Exercise(
        checks.check_share_with_card, ("share_with_card",),
        [cards, cards_by_sums, lambda x, side, t: [cards(x.astype("float32"), side, t)]],
        {
            "number": lambda x, side, t: len(x) * cards(x, side, t),
            "per cent": lambda x, side, t: 100 * cards(x, side, t),
            "the others": lambda x, side, t: 1 - cards(x, side, t),
            "pixels instead of pictures": lambda x, side, t: (abs(x) <= t).all(-1).mean(),
            "squares instead of pictures":
                functools.partial(cards, each=lambda found: np.mean(list(found))),
            "averages cancel": lambda x, side, t: cards(
                x, side, t, grey=lambda s, t: s, whole=lambda s: abs(s.mean()) < t),
            "averages cancel (in a pixel)":
                functools.partial(cards, grey=lambda x, t: abs(x.mean(-1)) <= t),
            "one colour only": functools.partial(cards, grey=lambda x, t: (abs(x) <= t).any(-1)),
            "one colour only (the first)":
                functools.partial(cards, grey=lambda x, t: abs(x[..., 0]) <= t),
            "not together": lambda x, side, t:
                np.mean((abs(x) <= t).all(-1).sum((1, 2)) >= side * side),
            "not together (any)": functools.partial(cards, whole=lambda square: square.any()),
            "too small": functools.partial(cards, shorter=1),
            "black for grey": functools.partial(cards, grey=lambda x, t: (x <= t).all(-1)),
            "edges": functools.partial(cards, reach=0),
            "counted twice": functools.partial(cards, each=sum),
            "another number": lambda x, side, t: 0,
            "mutated": lambda x, side, t: cards(np.abs(x, out=x), side, t),
        },
    ),
    "8.4": Exercise(
        checks.check_depends_on_company, ("depends_on_company",),
        [company, company_by_pairs, lambda paint, z: int(company(paint, z))],
        {
            "the other way round": lambda paint, z: not company(paint, z),
            "always yes": functools.partial(company, other=lambda paint, z: paint(z)[1:2]),
            "always no": functools.partial(company, other=lambda paint, z: paint(z[:1])),
            "always no (another order)":
                lambda paint, z: not np.allclose(paint(z)[::-1], paint(z[::-1]), atol=1e-4),
            "rounding": functools.partial(company, bound=0),
            "differences cancel":
                functools.partial(company, apart=lambda a, b: abs(a.mean() - b.mean())),
            "too generous": functools.partial(company, bound=0.2),
            "another answer": functools.partial(company, other=lambda paint, z: paint(z[1:2])),
            "another answer (large differences left out)":
                lambda paint, z: company(paint, z) and not company(paint, z, bound=0.4),
            "batch axis": lambda paint, z: np.any(paint(z[0]) != paint(z)[0]),
            "not yes or no": lambda paint, z: np.abs(paint(z[:1]) - paint(z)[:1]).max(),
            "not yes or no (each vector)": lambda paint, z: [False] * len(z),
            "type": lambda paint, z: "yes" if company(paint, z) else "no",
            "too generous (one side)":
                functools.partial(company, apart=lambda alone, among: (among - alone).max()),
            "averaged away":
                functools.partial(company, apart=lambda a, b: abs(a - b).mean()),
        },
    ),
    "8.5": Exercise(
        checks.check_name_failure, ("name_failure",),
        [doctor, doctor_by_the_package],
        {
            "always the same": lambda history, diversity: "healthy",
            "calm taken for illness": functools.partial(doctor, frozen=lambda r, f, d: d > 1),
            "diversity not used": functools.partial(doctor, ask="fws"),
            "frozen dealer not found": functools.partial(doctor, ask="wsc"),
            "waves not found": functools.partial(doctor, ask="fsc"),
            "dealer too strong not found": functools.partial(doctor, ask="fwc"),
            "dealer too strong not found (sign)":
                functools.partial(doctor, strong=lambda d, apart: d < 0.6 and apart < -6),
            "rise taken for waves": functools.partial(doctor, waves=np.std),
            "one sign of two": functools.partial(doctor, strong=lambda d, apart: d < 0.6),
            "one sign of two (either)":
                functools.partial(doctor, strong=lambda d, apart: d < 0.6 or apart > 6),
            "not the end": functools.partial(doctor, late=np.mean),
            "not the end (140 rounds)": functools.partial(doctor, late=lambda c: c[-140:].mean()),
            "not the end (one round)": functools.partial(doctor, late=lambda c: c[-1]),
            "not the end (ten rounds)": functools.partial(doctor, late=lambda c: c[-10:].mean()),
            "another bound": functools.partial(doctor, frozen=lambda r, f, d: f > r),
            "another bound (frozen, high)":
                functools.partial(doctor, frozen=lambda r, f, d: f - r > 0.3),
            "another bound (waves, low)":
                functools.partial(doctor, waves=lambda c: 2 * diagnosis.swing(c)),
            "another bound (waves, high)":
                functools.partial(doctor, waves=lambda c: 0.6 * diagnosis.swing(c)),
            "another bound (loss)":
                functools.partial(doctor, strong=lambda d, apart: d < 0.9 and apart > 6),
            "another bound (logits)":
                functools.partial(doctor, strong=lambda d, apart: d < 0.6 and apart > 4),
            "another bound (strong, high)":
                functools.partial(doctor, strong=lambda d, apart: d < 0.6 and apart > 7.5),
            "another bound (diversity, low)": lambda h, d: doctor(h, d + 0.2),
            "another bound (diversity, high)": lambda h, d: doctor(h, d - 0.2),
            "order": functools.partial(doctor, ask="cfws"),
            "order (dealer first)": functools.partial(doctor, ask="fswc"),
            "misspelt": lambda h, d: doctor(h, d).replace("healthy", "healty"),
            "type": lambda history, diversity: diversity < 0.6,
            "mutated": lambda h, d: (h["g_loss"].sort(), doctor(h, d))[1],
        },
        given=False,
    ),
    "8.7": Exercise(
        checks.check_nurse, ("Nurse",),
        [nurse(), NurseWithAList],
        {
            "not a subclass": lambda patience: None,
            "not a subclass (called)": nurse()(4),
            "rings at a healthy game":
                nurse(ill=lambda logs: logs["fake_logit"] < logs["real_logit"]),
            "never rings": nurse(target="self"),
            "never rings (another name)": nurse(after="on_round_end"),
            "at the first sign": nurse(enough=lambda n, p: n > 0),
            "off by one": nurse(enough=lambda n, p: n > p),
            "off by one (early)": nurse(enough=lambda n, p: n + 1 >= p),
            "another round": nurse(enough=lambda n, p: n >= p + 3),
            "not in a row": nurse(count=lambda n, ill: n + ill),
            "not in a row (down by one)":
                nurse(count=lambda n, ill: max(0, n + (1 if ill else -1))),
            "forgets at the end of an epoch": nurse(begin="on_epoch_begin"),
            "remembers the last patient": nurse(begin="on_my_mind"),
            "patience written in": nurse(keep=4),
            "remembers another nurse's patient": NurseWithTheWardsCount,
            "no beginning": NurseUncounted,
            "too early": nurse(after="on_train_batch_begin"),
            "stub": NurseUnwritten, "raised": NurseBroken,
            "signature": type("Nurse", (keras.callbacks.Callback,), {}),
        },
        plain=False, given=False,
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 9


def turn(a, b, t):
    """The arc by turning a in the plane of a and b."""
    length = np.linalg.norm(a)
    u = a / length
    v = b - (b @ u) * u
    v /= np.linalg.norm(v)
    angle = t * np.arctan2(b @ v, b @ u)
    return length * (np.cos(angle) * u + np.sin(angle) * v)


def arc_by_package(a, b, t):
    from gan_lessons import latent

    return latent.slerp(a, b, 11)[round(10 * t)]


def lerp(a, b, t):
    return (1 - t) * a + t * b


def arc_by(theta):
    """An arc whose angle comes from a function of a and b."""

    def arc(a, b, t):
        angle = theta(a, b)
        return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)

    return arc


def cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def group(z, p, m, sign=1, average=lambda x: x.mean(0)):
    return z + sign * (average(p) - average(m))


def absolute(generator, reader, directions, z, reach, of=abs, ends=(-1, 1), base=True, late=None):
    rows = []
    for d in directions:
        start = z - np.outer(z @ d, d) if base else z
        low, high = (reader(generator(start + s * reach * d)) for s in ends)
        mean = of(high - low).mean(0)
        rows.append(late(mean) if late else mean)
    return np.array(rows)


def absolute_in_tensorflow(generator, reader, directions, z, reach=1.5):
    from gan_lessons import latent, steering

    rows = []
    for d in directions:
        ends = np.stack([steering.walk(v, d, [-reach, reach]) for v in z])
        low, high = (reader(latent.generate(generator, ends[:, i])) for i in (0, 1))
        rows.append(tf.reduce_mean(tf.abs(tf.constant(high - low)), axis=0))
    return tf.stack(rows)


EXERCISES |= {
    "9.1": Exercise(
        checks.check_arc, ("arc",),
        [turn, arc_by_package, lambda a, b, t: tf.constant(turn(a, b, t))[None]],
        {
            "straight": lerp,
            "uneven pace": lambda a, b, t: np.linalg.norm(a) * (v := lerp(a, b, t))
            / np.linalg.norm(v),
            "roots for sines": lambda a, b, t: (1 - t) ** 0.5 * a + t**0.5 * b,
            "ends swapped": lambda a, b, t: turn(b, a, t),
            "ends missed": lambda a, b, t: 2 * turn(a, b, t),
            "no such angle": arc_by(lambda a, b: np.nan),  # the arccosine of 7, say
            "length lost": lambda a, b, t: turn(a, b, t) / np.linalg.norm(a),
            "always a right angle": arc_by(lambda a, b: np.pi / 2),
            "cosine for the angle": arc_by(cosine),
            "degrees": arc_by(lambda a, b: np.degrees(np.arccos(cosine(a, b)))),
            "lengths left out of the angle": arc_by(
                lambda a, b: np.arccos(np.clip(a @ b, -1, 1))),
            "another number": lambda a, b, t: turn(a, b, t**2),
            "shape": lambda a, b, t: np.stack([a, b]),
        },
    ),
    "9.2": Exercise(
        checks.check_add_meaning, ("add_meaning",),
        [group, lambda z, p, m: [v + sum(p) / len(p) - sum(m) / len(m) for v in z],
         lambda z, p, m: tf.constant(z) + tf.reduce_mean(p, 0) - tf.reduce_mean(m, 0)],
        {
            "reversed": functools.partial(group, sign=-1),
            "start forgotten": lambda z, p, m: group(0 * z, p, m),
            "company not subtracted": lambda z, p, m: group(z, p, 0 * m),
            "sums instead of averages": functools.partial(group, average=lambda x: x.sum(0)),
            "one example each": functools.partial(group, average=lambda x: x[0]),
            "averaged over everything": functools.partial(group, average=np.mean),
            "another number": lambda z, p, m: group(z, p, m, sign=2),
            "shape": lambda z, p, m: group(z, p, m)[0],
        },
    ),
    "9.3": Exercise(
        checks.check_absolute_effects, ("absolute_effects",),
        [absolute, absolute_in_tensorflow],
        {
            "signed": functools.partial(absolute, of=lambda x: x),
            "absolute value too late": functools.partial(absolute, of=lambda x: x, late=abs),
            "start not removed": functools.partial(absolute, base=False),
            "half the way": functools.partial(absolute, ends=(0, 1)),
            "root mean square": functools.partial(absolute, of=np.square, late=np.sqrt),
            "by the length of the way": lambda generator, reader, directions, z, reach: absolute(
                generator, reader, directions, z, reach) / (2 * reach),
            "reach ignored": lambda generator, reader, directions, z, reach: absolute(
                generator, reader, directions, z, 1.5),
            "another number": functools.partial(absolute, ends=(-2, 2)),
            "shape": lambda *a: absolute(*a).mean(1),
        },
    ),
}  # fmt: skip


# ------------------------------------------------------------------ chapter 10

BEST = (2.5, 18.75, 0, 2.5)


def best_by_search():
    """Every guess in steps of a quarter."""
    values, guesses = np.repeat([0.0, 10.0], [6, 2]), np.arange(0, 10.1, 0.25)
    costs = [[np.mean(abs(values - g) ** power) for g in guesses] for power in (2, 1)]
    return [x for row in costs for x in (guesses[np.argmin(row)], min(row))]


def guessed(place, value):
    """The right answer but for one of its four numbers."""
    return lambda: tuple(value if i == place else right for i, right in enumerate(BEST))


def obeyed(ordered, seen, n_classes, by=lambda table: table.sum(1), of=np.diag):
    """By a confusion table, with parts to spoil."""
    table = np.zeros((n_classes, n_classes))
    for o, s in zip(ordered, seen, strict=True):
        table[o, s] += 1
    with np.errstate(all="ignore"):
        return of(table) / by(table)


def obeyed_by_tensorflow(ordered, seen, n_classes):
    asked = tf.one_hot(ordered, n_classes)
    hits = tf.cast(tf.equal(ordered, seen), tf.float32)[:, None] * asked
    return (tf.reduce_sum(hits, 0) / tf.reduce_sum(asked, 0))[:, None]


def drawn(mean, log_variance, noise, spread=lambda v: np.exp(v / 2), z=None, log_s=None, own=1,
          standard=1, add=lambda x: x.sum(1).mean(), constant=0.0):  # fmt: skip
    """The price by drawing, with parts to spoil."""
    s = spread(log_variance)
    z = mean + s * noise if z is None else z(mean, noise)
    log_s = np.log(s) if log_s is None else log_s(log_variance)
    log_cloud = -((z - mean) ** 2) / (2 * s**2) - log_s - constant
    return add(own * log_cloud + standard * z**2 / 2)


def drawn_by_scipy(mean, log_variance, noise):
    from scipy import stats

    s, prices = np.exp(log_variance / 2), []
    for one in noise:
        z = mean + s * one
        prices.append(sum(stats.norm.logpdf(z, mean, s)) - sum(stats.norm.logpdf(z)))
    return tf.constant([np.mean(prices)])


def by_formula(mean, log_variance, noise):
    return 0.5 * np.sum(mean**2 + np.exp(log_variance) - log_variance - 1)


def drawn_anew(mean, log_variance, noise):
    return drawn(mean, log_variance, np.random.default_rng(77).standard_normal(noise.shape))


def dealer(k, size, width, inputs=list, slip=lambda order: order, last=None, late=False,
           colours=3, order=lambda k: (k,), picture=None):  # fmt: skip
    """A dealer who hears the slip in extra channels, with parts to spoil."""
    layers, ops = keras.layers, keras.ops
    seen = keras.Input((picture or size, picture or size, colours))
    given = keras.Input(order(k))
    told = slip(given)
    row = ops.reshape(told, (-1, 1, 1, told.shape[-1]))
    x = seen if late else ops.concatenate([row + 0 * seen[..., :1], seen], axis=-1)
    x = layers.Conv2D(width, 3, 2, "same", activation="leaky_relu")(x)
    x = layers.Flatten()(x)
    logit = layers.Dense(1, activation=last)(x)
    if late:
        logit = logit + layers.Dense(1)(given)
    return keras.Model(inputs([seen, given]), logit)


def dealer_by_embedding(k, size, width):
    """A whole plane for each kind, learnt."""
    layers = keras.layers
    picture, order = keras.Input((size, size, 3)), keras.Input((k,))
    plane = layers.Reshape((size, size, 2))(layers.Dense(2 * size * size)(order))
    x = layers.Concatenate()([picture, plane])
    x = layers.LeakyReLU()(layers.Conv2D(width, 4, 4)(x))
    return keras.Model([picture, order], layers.Dense(1)(layers.GlobalMaxPooling2D()(x)))


def dealer_by_projection(k, size, width):
    from gan_lessons import conditional

    return conditional.discriminator(k, size, width, seed=1)


def one_input(k, size, width):
    from gan_lessons import models

    return models.discriminator(size, width)


def deaf(k, size, width):
    """The chapter's: the slip is handed to him, and ignored."""
    plain, order = one_input(k, size, width), keras.Input((k,))
    return keras.Model([plain.input, order], plain.output + 0 * order[:, :1])


def blind(k, size, width):
    picture, order = keras.Input((size, size, 3)), keras.Input((k,))
    logit = keras.layers.Dense(1)(order) + 0 * keras.layers.Flatten()(picture)[:, :1]
    return keras.Model([picture, order], logit)


EXERCISES |= {
    "10.1": Exercise(
        checks.check_best_guesses, ("best_guesses",),
        [lambda: BEST, best_by_search, lambda: [tf.constant([float(x)]) for x in BEST]],
        {
            "most frequent value": guessed(0, 0),
            "middle of the range": guessed(0, 5),
            "another guess": guessed(0, 7.5),
            "sum instead of average": guessed(1, 150),
            "root taken": guessed(1, 18.75**0.5),
            "not squared": guessed(1, 3.75),
            "another cost": guessed(1, 25),
            "average again": guessed(2, 2.5),
            "rare value": guessed(2, 10),
            "another guess (absolute)": guessed(2, 5),
            "sum instead of average (absolute)": guessed(3, 20),
            "squared again": guessed(3, 25),
            "another cost (absolute)": guessed(3, 0),
            "halves exchanged": lambda: BEST[2:] + BEST[:2],
            "guesses first": lambda: BEST[::2] + BEST[1::2],
            "not weighed": guessed(1, 31.25),
            "type": lambda: BEST[:2],
        },
        given=False,
    ),
    "10.3": Exercise(
        checks.check_obedience, ("obedience",),
        [obeyed, obeyed_by_tensorflow],
        {
            "one number for all": lambda o, s, k: np.mean(o == s),
            "shape": lambda o, s, k: o == s,
            "by what was seen": functools.partial(obeyed, by=lambda table: table.sum(0)),
            "counts": functools.partial(obeyed, by=lambda table: 1),
            "of all orders": functools.partial(obeyed, by=np.sum),
            "equal numbers taken for granted":
                functools.partial(obeyed, by=lambda table: table.sum() / len(table)),
            "per cent": lambda o, s, k: 100 * obeyed(o, s, k),
            "disobedience": lambda o, s, k: 1 - obeyed(o, s, k),
            "how often seen": functools.partial(obeyed, of=lambda table: table.sum(0)),
            "totals compared": lambda o, s, k: [np.sum(o == i) == np.sum(s == i) for i in range(k)],
            "another number": lambda o, s, k: np.full(k, 0.5),
            "not a number": lambda o, s, k: np.full(k, np.nan),
            "kinds left out":
                lambda o, s, k: [np.mean(s[o == kind] == kind) for kind in np.unique(o)],
            "nobody asked": lambda o, s, k: np.nan_to_num(obeyed(o, s, k)),
            "nobody asked (None)": lambda o, s, k: [
                None if np.isnan(one) else one for one in obeyed(o, s, k)],
            "dictionary": lambda o, s, k: dict(enumerate(obeyed(o, s, k))),
            "another number (shifted)": lambda o, s, k: obeyed(o, s, k)[
                [0, 1, 2, 3] if len(set(o)) == k else [2, 1, 0, 3]],
            "raised": lambda o, s, k: [
                sum(int(a == b == kind) for a, b in zip(o, s, strict=True)) / list(o).count(kind)
                for kind in range(k)],
        },
    ),
    "10.5": Exercise(
        checks.check_price_by_drawing, ("price_by_drawing",),
        [drawn, drawn_by_scipy],
        {
            "sign": lambda *a: -drawn(*a),
            "variance for spread": functools.partial(drawn, spread=np.exp),
            "variance for spread (in z)":
                lambda m, v, e: drawn(m, v, e, z=lambda m, e: m + np.exp(v) * e),
            "variance for spread (squared)":
                functools.partial(drawn, spread=lambda v: np.exp(2 * v)),
            "drawn from the standard one": functools.partial(drawn, z=lambda m, e: e),
            "drawn from the standard one (sign)":
                lambda *a: -drawn(*a, z=lambda m, e: e),
            "noise not used": functools.partial(drawn, z=lambda m, e: m + 0 * e),
            "mean over the numbers of a vector": functools.partial(drawn, add=np.mean),
            "sum over the draws": functools.partial(drawn, add=np.sum),
            "own density left out": functools.partial(drawn, own=0),
            "own density left out (with its constant)":
                lambda m, v, e: drawn(m, v, e, own=0) + len(m) / 2 * np.log(2 * np.pi),
            "standard one left out": functools.partial(drawn, standard=0),
            "standard one left out (with its constant)":
                functools.partial(drawn, standard=0, constant=np.log(2 * np.pi) / 2),
            "height forgotten": functools.partial(drawn, log_s=np.zeros_like),
            "height forgotten (variance)": functools.partial(drawn, log_s=lambda v: v),
            "half forgotten": lambda m, v, e: drawn(
                m, v, e, add=lambda x: 2 * x.sum(1).mean() + np.sum(v) / 2),
            "spread for variance":
                lambda m, v, e: drawn(m, v / 2, e, z=lambda m, e: m + np.exp(v / 2) * e,
                                      log_s=lambda half: half),
            "noise taken away": lambda m, v, e: drawn(m, v, -e),
            "one constant of two": functools.partial(drawn, constant=np.log(2 * np.pi) / 2),
            "other logarithm": lambda *a: drawn(*a) / np.log(2),
            "other logarithm (ten)": lambda *a: drawn(*a) / np.log(10),
            "formula": by_formula,
            "own draws": drawn_anew,
            "another number": lambda m, v, e: 1e3,
            "not finite": functools.partial(drawn, spread=lambda v: v),
            "shape": functools.partial(drawn, add=lambda x: x.sum(1)),
            "mutated": lambda m, v, e: drawn(m, np.multiply(v, 1, out=v), np.negative(e, out=e)),
        },
    ),
    "10.7": Exercise(
        checks.check_channel_dealer, ("channel_dealer",),
        [dealer, dealer_by_embedding, dealer_by_projection],
        {
            "picture ignored": blind,
            "slip ignored": deaf,
            "two kinds alike": functools.partial(dealer, slip=lambda order: order[:, :1]),
            "slip judged alone": functools.partial(dealer, late=True),
            "slip of another picture":
                functools.partial(dealer, slip=lambda order: keras.ops.roll(order, 1, axis=0)),
            "probability for a logit": functools.partial(dealer, last="sigmoid"),
            "probability for a logit (from −1)": functools.partial(dealer, last="tanh"),
            "one sign only": functools.partial(dealer, last="relu"),
            "inputs exchanged": functools.partial(dealer, inputs=lambda both: both[::-1]),
            "one input": one_input,
            "shape of the slip": functools.partial(dealer, order=lambda k: (1,)),
            "shape of the picture": functools.partial(dealer, picture=32),
            "shape of the picture (channels)": lambda k, s, w: dealer(k, s, w, colours=3 + k),
            "type": lambda k, s, w: dealer,
            "raised": lambda k, s, w: keras.Model(keras.Input((s, s, 3)), keras.layers.Dense(1)),
        },
        given=False,
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 11

LAST = 7 * 7 * 256 * 3 * 32 * 32  # multiply-adds of the article's last layer


def inverse_time(rate, clip, decay, kind=None, steps=1, **options):
    schedule = keras.optimizers.schedules.InverseTimeDecay(rate, steps, decay)
    return (kind or keras.optimizers.RMSprop)(schedule, **(options or {"clipvalue": clip}))


class Inverse(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate, decay):
        self.rate, self.decay = rate, decay

    def __call__(self, step):
        return self.rate / (1.0 + self.decay * keras.ops.cast(step, "float32"))


def another_schedule(kind, *arguments):
    schedule = getattr(keras.optimizers.schedules, kind)(*arguments)
    return keras.optimizers.RMSprop(schedule, clipvalue=1.0)


def lead(ours, theirs, pick=max, of=lambda a, b, e, f: (b - a) / (e * e + f * f) ** 0.5):
    shared = [m for m in ours if m in theirs]
    if not shared:
        return None
    (a, e), (b, f) = ours[pick(shared)], theirs[pick(shared)]
    return of(a, b, e, f)


def lead_by_sorting(ours, theirs):
    for minute in sorted(ours, reverse=True):
        if minute in theirs:
            (a, e), (b, f) = ours[minute], theirs[minute]
            return tf.constant([(b - a) / np.sqrt(e**2 + f**2)])
    return None


def unequal(pick):
    """A lead of the two that ``pick`` takes out of each dictionary."""
    return lambda ours, theirs: lead({0: pick(ours)}, {0: pick(theirs)})


def cut(frogs, order, size):
    return [frogs[order[i : i + size]] for i in range(0, len(order), size)]


def pass_by_yielding(frogs, batch_size, random):
    left = list(random.permutation(len(frogs)))
    while left:
        yield np.stack([frogs[left.pop()] for _ in range(min(batch_size, len(left)))])


def pass_of_tensors(frogs, batch_size, random):
    order = np.argsort(random.random(len(frogs)))
    return tf.data.Dataset.from_tensor_slices(frogs[order]).batch(batch_size)


def pass_by_splitting(frogs, batch_size, random):
    mixed = random.permuted(np.arange(len(frogs)))
    return np.split(frogs[mixed], range(batch_size, len(frogs), batch_size))


def endless_passes(frogs, batch_size, random):
    while True:
        yield from cut(frogs, random.permutation(len(frogs)), batch_size)


def by_batches(frogs, size, random):
    batches = cut(frogs, np.arange(len(frogs)), size)
    head = batches[: len(frogs) // size]
    random.shuffle(head)
    return head + batches[len(head) :]


def within_batches(frogs, size, random):
    return [random.permutation(batch) for batch in cut(frogs, np.arange(len(frogs)), size)]


EXERCISES |= {
    "11.1": Exercise(
        checks.check_last_layer, ("last_layer",),
        [lambda: (38_535_168, 6.17e9), lambda: np.array([LAST, 160.0 * LAST]),
         lambda: [tf.constant(38.535e6), tf.constant(6.1656e9)]],
        {
            "places forgotten": lambda: (37_632, 1),
            "FLOP instead of multiply-adds": lambda: (2 * LAST, 160 * LAST),
            "channels read forgotten": lambda: (LAST // 256, 1),
            "channels made forgotten": lambda: (LAST // 3, 1),
            "kernel by its edge": lambda: (LAST // 7, 1),
            "swapped": lambda: (160 * LAST, LAST),
            "rim left out": lambda: (37_632 * 26 * 26, 1),
            "another number": lambda: (12, 1),
            "unit": lambda: (LAST, 6.166),
            "multiply-adds instead of FLOP": lambda: (LAST, 80 * LAST),
            "passes forgotten": lambda: (LAST, 40 * LAST),
            "painting for the dealer forgotten": lambda: (LAST, 120 * LAST),
            "batch forgotten": lambda: (LAST, 8 * LAST),
            "one pass of one picture": lambda: (LAST, 2 * LAST),
            "originals painted": lambda: (LAST, 320 * LAST),
            "another number (step)": lambda: (LAST, 7),
            "type": lambda: LAST,
        },
        given=False,
    ),
    "11.2": Exercise(
        checks.check_optimizer_of_2019, ("optimizer_of_2019",),
        [lambda rate, clip, decay: inverse_time(rate, clip, 1.0, steps=1 / decay),
         lambda rate, clip, decay: keras.optimizers.RMSprop(Inverse(rate, decay), clipvalue=clip),
         inverse_time],
        {
            "decay left out": lambda r, c, d: keras.optimizers.RMSprop(r, clipvalue=c),
            "exponential decay":
                lambda r, c, d: another_schedule("ExponentialDecay", r, 1 / d, np.exp(-1)),
            "decay as the factor left":
                lambda r, c, d: another_schedule("ExponentialDecay", r, 10_000, d),
            "slower by the steps": functools.partial(inverse_time, steps=10_000),
            "decay written in": lambda r, c, d: inverse_time(r, c, 1e-8),
            "limit written in": lambda r, c, d: inverse_time(r, 1.0, d),
            "another rate":
                lambda r, c, d: another_schedule("PolynomialDecay", r, 10_000, d),
            "first rate": lambda r, c, d: inverse_time(0.0008, c, d),
            "clipping forgotten": functools.partial(inverse_time, clipvalue=None),
            "length instead of value": functools.partial(inverse_time, clipnorm=1.0),
            "another optimizer": functools.partial(inverse_time, kind=keras.optimizers.Adam),
            "another optimizer (SGD)": functools.partial(inverse_time, kind=keras.optimizers.SGD),
            "another step": functools.partial(inverse_time, clipvalue=1.0, momentum=0.9),
            "type": lambda r, c, d: keras.optimizers.RMSprop,
            "raised": lambda r, c, d: keras.optimizers.RMSprop(lr=r, clipvalue=c, decay=d),
        },
        given=False,
    ),
    "11.3": Exercise(
        checks.check_lead, ("lead",),
        [lead, lead_by_sorting],
        {
            "unequal minutes": unequal(lambda d: d[max(d)]),
            "unequal minutes (as written)": unequal(lambda d: list(d.values())[-1]),
            "unequal minutes (by place)": unequal(lambda d: list(d.values())[2]),
            "unequal minutes (the best)": unequal(lambda d: min(d.values())),
            "first shared minute": functools.partial(lead, pick=min),
            "first shared minute (as written)": functools.partial(lead, pick=lambda m: m[0]),
            "sign": functools.partial(lead, of=lambda a, b, e, f: (a - b) / np.hypot(e, f)),
            "errors left out": functools.partial(lead, of=lambda a, b, e, f: b - a),
            "errors added": functools.partial(lead, of=lambda a, b, e, f: (b - a) / (e + f)),
            "squares forgotten":
                functools.partial(lead, of=lambda a, b, e, f: (b - a) / (e + f) ** 0.5),
            "nothing": lambda ours, theirs: None,
            "nothing (the end of one)": lambda ours, theirs:
                lead(ours, theirs) if min(max(ours), max(theirs)) in {*ours} & {*theirs} else None,
            "root forgotten":
                functools.partial(lead, of=lambda a, b, e, f: (b - a) / (e**2 + f**2)),
            "one error only": functools.partial(lead, of=lambda a, b, e, f: (b - a) / e),
            "one error only (theirs)": functools.partial(lead, of=lambda a, b, e, f: (b - a) / f),
            "ratio": functools.partial(lead, of=lambda a, b, e, f: b / a),
            "another number": lambda ours, theirs: 1.0,
            "compared without a shared minute": lambda ours, theirs: lead(ours, theirs) or 0.0,
        },
        given=False,
    ),
    "11.4": Exercise(
        checks.check_one_pass, ("one_pass",),
        [pass_by_yielding, pass_of_tensors, pass_by_splitting],
        {
            "in order": lambda x, size, random: cut(x, np.arange(len(x)), size),
            "batches shuffled, not frogs": by_batches,
            "batches shuffled, not frogs (within)": within_batches,
            "drawn with replacement":
                lambda x, size, random: cut(x, random.integers(0, len(x), len(x)), size),
            "filled up": lambda x, size, random:
                cut(x, np.resize(random.permutation(len(x)), -(-len(x) // size) * size), size),
            "rest left out": lambda x, size, random:
                cut(x, random.permutation(len(x))[: len(x) // size * size], size),
            "other batches": lambda x, size, random:
                np.array_split(x[random.permutation(len(x))], 4),
            "other batches (one)": lambda x, size, random: [x[random.permutation(len(x))]],
            "same order again": lambda x, size, random:
                cut(x, np.random.default_rng(0).permutation(len(x)), size),
            "not repeatable": lambda x, size, random: cut(x, np.random.permutation(len(x)), size),
            "never ends": endless_passes,
            "empty batch": lambda x, size, random:
                [*cut(x, random.permutation(len(x)), size), x[:0]],
            "shape (one frog)": lambda x, size, random: random.permutation(x),
            "torn apart": lambda x, size, random:
                cut(random.permutation(x.ravel()).reshape(x.shape), np.arange(len(x)), size),
            "shape": lambda x, size, random:
                cut(np.arange(len(x)), random.permutation(len(x)), size),
            "mutated": lambda x, size, random: (random.shuffle(x), cut(x, np.arange(len(x)), size)),
        },
    ),
}  # fmt: skip

# ------------------------------------------------------------------ chapter 12


def agree(rarity, caught, alarm, true=lambda c: c * c, false=lambda f: f * f, originals=None):
    rings = rarity * true(caught)
    return rings / (rings + (1 - rarity if originals is None else originals) * false(alarm))


def agree_by_odds(rarity, caught, alarm):
    odds = rarity / (1 - rarity)
    for _ in range(2):
        odds *= caught / alarm
    return [tf.constant(odds / (1 + odds))]


def agree_twice(rarity, caught, alarm):
    """The second expert sees what the first has let ring."""
    from gan_lessons import detection

    return detection.true_alarms(detection.true_alarms(rarity, caught, alarm), caught, alarm)


def either(x):
    return 1 - (1 - x) ** 2


def place(logits, share, move=0, end=1):
    return np.sort(logits)[::end][round(share * len(logits)) - 1 + move]


def limit_by_search(logits, share):
    best = -np.inf
    for limit in logits:
        if sum(x <= limit for x in logits) / len(logits) <= share + 1e-12:
            best = max(best, limit)
    return best


def links(manifest):
    """The manifests of a chain, the newest first."""
    while manifest:
        yield manifest
        manifest = manifest["claims"]["before"]


def named(manifest):
    return manifest["claims"]["by"]


def holds(manifest, keys):
    from gan_lessons import provenance

    return provenance.signed(manifest, keys.get(named(manifest), b""))


def shows(picture, manifest):
    from gan_lessons import provenance

    return bool(manifest) and manifest["picture"] == provenance.fingerprint(picture)


def chain_by_recursion(picture, manifest, keys):
    def behind(one):
        if not one or not holds(one, keys):
            return ()
        return (named(one), *behind(one["claims"]["before"]))

    return behind(manifest) if shows(picture, manifest) else ()


def chain_by_verify(picture, manifest, keys):
    """With its own hash for the older links, and the package's ``verify`` for the newest."""
    import hashlib
    import hmac
    import json

    from gan_lessons import provenance

    names = []
    for depth, one in enumerate(links(manifest)):
        key = keys.get(named(one))
        if key is None:
            return names
        said = json.dumps({k: one[k] for k in ("claims", "picture")}, sort_keys=True)
        right = hmac.new(key, said.encode(), hashlib.sha256).hexdigest() == one["signature"]
        whole = provenance.verify(picture, one, key).startswith("signed") if depth == 0 else right
        if not whole:
            return names
        names.append(named(one))
    return names


def chain(picture, manifest, keys, check=holds, look=shows, after=list):
    """Up to the first link that fails, with parts to spoil."""
    if not look(picture, manifest):
        return []
    return after(named(m) for m in itertools.takewhile(lambda m: check(m, keys), links(manifest)))


def chain_with_verify_everywhere(picture, manifest, keys):
    from gan_lessons import provenance

    said = lambda m: provenance.verify(picture, m, keys.get(named(m), b""))
    return [named(m) for m in itertools.takewhile(lambda m: "unch" in said(m), links(manifest))]


EXERCISES |= {
    "12.1": Exercise(
        checks.check_two_agree, ("two_agree",),
        [agree, agree_by_odds, agree_twice],
        {
            "one expert": functools.partial(agree, true=float, false=float),
            "per cent": lambda r, c, f: 100 * agree(r, c, f),
            "false instead of true": lambda r, c, f: 1 - agree(r, c, f),
            "one of the two is enough": functools.partial(agree, true=either, false=either),
            # for both shares alike the 2 would cancel: that is the share with one expert
            "one expert (added)": lambda r, c, f: agree(r, 2 * c, 2 * f, float, float),
            "catches of one": functools.partial(agree, true=float),
            "false alarms of one": functools.partial(agree, false=float),
            "base rate forgotten": lambda r, c, f: agree(0.5, c, f),
            "originals not weighed": functools.partial(agree, originals=1),
            "share caught": lambda r, c, f: c * c,
            "share squared": lambda r, c, f: agree(r, c, f, float, float) ** 2,
            "true alarms among all pictures": lambda r, c, f: r * c * c,
            "true for each false": lambda r, c, f: r * c * c / (1 - r) / f**2,
            "another number": lambda r, c, f: 0.123,
            "shape": lambda r, c, f: [r, c, f],
        },
        given=False,
    ),
    "12.2": Exercise(
        checks.check_limit_for, ("limit_for",),
        [np.quantile, limit_by_search, lambda x, share: tf.constant(np.quantile(x, share))[None],
         lambda x, share: np.partition(x, k := round(share * len(x)))[k] - 1e-6],
        {
            "other end": functools.partial(place, end=-1),
            "other end (quantile)": lambda x, share: np.quantile(x, 1 - share),
            "one too many": functools.partial(place, move=1),
            "per cent for a share": np.percentile,
            "old limit": lambda x, share: 0,
            "not counted": lambda x, share: x.mean() - 2 * x.std(),
            "not counted (share)": lambda x, share: share,
            "too many alarms": functools.partial(place, move=5),
            "too careful": lambda x, share: x.min() - 1,
            "shape": lambda x, share: np.sort(x)[: round(share * len(x))],
            "mutated": lambda x, share: (x.sort(), place(x, share))[1],
        },
    ),
    "12.6": Exercise(
        checks.check_verify_chain, ("verify_chain",),
        [chain_by_recursion, chain_by_verify, chain],
        {
            "order": functools.partial(chain, after=lambda names: list(names)[::-1]),
            "one manifest only": functools.partial(chain, after=lambda names: list(names)[:1]),
            "whole chain": functools.partial(chain, check=lambda m, keys: False),
            "picture asked of every link": chain_with_verify_everywhere,
            "picture not compared": functools.partial(chain, look=lambda *_: True),
            "goes on after a break":
                lambda x, m, keys: [named(o) for o in links(m) if shows(x, m) and holds(o, keys)],
            "signatures not checked": functools.partial(chain, check=lambda m, keys: True),
            "all or nothing": lambda x, m, keys:
                chain(x, m, keys) if all(holds(o, keys) for o in links(m)) else [],
            "broken link included": lambda x, m, keys: (names := chain(x, m, keys)) and [
                named(o) for o in itertools.islice(links(m), len(names) + 1)],
            "another's key": functools.partial(
                chain, check=lambda m, keys: any(holds(m, {named(m): k}) for k in keys.values())),
            "nobody is None": lambda x, m, keys: chain(x, m, keys) or None,
            "stranger believed": functools.partial(
                chain, check=lambda m, keys: named(m) not in keys or holds(m, keys)),
            "raised": lambda x, m, keys: chain(
                x, m, keys, check=lambda o, keys: keys[named(o)] and holds(o, keys)),
            "no manifest": lambda x, m, keys: chain(x, m, keys) if m else ["nobody"],
            "type": lambda x, m, keys: bool(chain(x, m, keys)),
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


@pytest.mark.parametrize("number", [n for n, one in EXERCISES.items() if one.plain])
def test_strange_answers_get_their_sentence(number, monkeypatch):
    one = EXERCISES[number]

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


def endless_step(*_):
    while True:
        pass


ENDLESS = [
    ("1.3", type("Endless", (gan.GAN,), {"train_step": endless_step})),
    ("4.1", endless_step),
    ("4.3", (endless_step, good_painter)),
    ("4.3", (good_dealer, endless_step)),
    ("4.5", endless_step),
    ("7.3", endless_step),
    ("8.7", NurseEndless),
]


def test_every_exercise_is_tried_with_an_answer_that_does_not_end():
    other = {number for number, one in EXERCISES.items() if not one.plain}
    assert other == {number for number, _ in ENDLESS}


@pytest.mark.parametrize(("number", "answer"), ENDLESS)
def test_endless_answers_of_the_other_kinds_are_stopped(number, answer, monkeypatch):
    monkeypatch.setattr(guard, "SECONDS", 2.0)
    assert judge(number, answer).kind == "endless"
