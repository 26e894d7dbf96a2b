"""Each check: its solution and other right answers pass, plausible wrong ones are recognised."""

import ast
import functools
import itertools
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
        [lambda: (SIZES[1:], KERNELS + 352 + 2049), lambda: (tuple(SIZES), np.int64(429_921)),
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
