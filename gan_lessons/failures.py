"""Games that go wrong, on purpose: each is the healthy game, one to three settings changed.

All are played on drawn frogs of 16 x 16 pixels, by the same networks, for 700 rounds, with fixed
seeds. ``DELTAS`` says in one line what is changed; ``play`` plays it, ``load`` fetches what
``tools/record_failures.py`` saved of it. ``diagnosis.py`` reads the signs.
"""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from gan_lessons import ablation, article, data, gan, latent, losses, models, replicas
from gan_lessons.diary import LATENT_DIM, SAMPLES, SIZE, Diary, Sample
from gan_lessons.errors import InputError
from gan_lessons.frames import FRAME_LATENTS
from gan_lessons.recorder import LOGGED
from gan_lessons.recording import Recording, unpack

ROUNDS = 700
WIDTH, BATCH_SIZE, ORIGINALS = 32, 32, 2000
HOLE = 8  # side of the square that ``cutout`` hides, in pixels


# ---------------------------------------------------------------- what is changed


class ManyLooks(gan.GAN):
    """The dealer learns five times in each round."""

    looks = 5

    def train_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
        """Five lessons for the dealer, one for the painter."""
        for _ in range(self.looks):
            logs = self.discriminator_step(real)
        return logs | self.generator_step(tf.shape(real)[0])


class HastyPainter(gan.GAN):
    """The painter learns eight times in each round."""

    lessons = 8

    def train_step(self, real: tf.Tensor) -> dict[str, tf.Tensor]:
        """One lesson for the dealer, eight for the painter."""
        logs = self.discriminator_step(real)
        for _ in range(self.lessons):
            heard = self.generator_step(tf.shape(real)[0])
        return logs | heard


class OriginalsOnly(gan.GAN):
    """Augmentation reaches the originals and leaves the forgeries as they are."""

    def _augmented(self, images: Any, purpose: int, step: Any) -> Any:
        if purpose != gan.D_REAL:
            return images
        return super()._augmented(images, purpose, step)


def cutout(images: tf.Tensor, seed: tf.Tensor, side: int = HOLE) -> tf.Tensor:
    """Hide a square of each picture under grey (0), each time elsewhere.

    Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with
    cutout" (2017); here the square never reaches over the edge.

    Args:
        images: float32 ``(B, H, W, C)``.
        seed: two integers, shape ``(2,)``.
        side: of the square, in pixels, at most H and W.
    """
    height, width = images.shape[1:3]
    seeds = tf.random.split(seed, 2)

    def inside(size: int, seed: tf.Tensor) -> tf.Tensor:
        shape = (tf.shape(images)[0], 1)
        first = replicas.draw(
            tf.random.stateless_uniform, shape, seed, 0, size - side + 1, tf.int32
        )
        place = tf.range(size)[None] - first
        return (place >= 0) & (place < side)  # (B, size)

    hole = inside(height, seeds[0])[:, :, None] & inside(width, seeds[1])[:, None]
    return images * (1 - tf.cast(hole, images.dtype))[..., None]


def averaged(game: Any, latents: np.ndarray) -> np.ndarray:
    """What the averaged painter makes, in inference mode: the right way to take a sample."""
    return latent.generate(game.ema_generator, latents)


def one_by_one_in_training(game: Any, latents: np.ndarray) -> np.ndarray:
    """One vector at a time, and somebody left ``training=True`` there."""
    alone = tf.function(lambda z: gan._peek(game.generator, z))
    parts = [np.asarray(alone(z[None])) for z in latents]
    return np.concatenate(parts)


#: Each game: what differs from the healthy one, as keyword arguments of ``play``.
DELTAS: dict[str, dict[str, Any]] = {
    "healthy": {},
    "collapse": {"game": HastyPainter, "dealer_rate": 2e-4},
    "dealer too strong": {"game": ManyLooks, "loss": losses.saturating, "painter_rate": 5e-4},
    "dealer a little too strong": {"game": ManyLooks, "painter_rate": 1e-3},
    "frozen dealer": {"freeze": "once"},
    "toggled dealer": {"freeze": "toggle"},
    "leaking augmentation": {"game": OriginalsOnly, "augment": cutout},
    "augmentation": {"augment": cutout},
    "beta_1 at 0.9": {"beta_1": 0.9},
    "forgotten flag": {"sample": one_by_one_in_training},
}


def difference(name: str) -> str:
    """What differs from the healthy game, in one line: ``"game=HastyPainter, dealer_rate=0.0002"``.

    Args:
        name: a name in ``DELTAS``.
    """
    parts = []
    for key, value in _delta(name).items():
        called = getattr(value, "__name__", None) or getattr(value, "name", None)
        parts.append(f"{key}={called or repr(value)}")
    return ", ".join(parts) or "nothing"


def _delta(name: str) -> dict[str, Any]:
    if name not in DELTAS:
        raise InputError(f"There is no game {name!r}: choose {', '.join(DELTAS)}.")
    return DELTAS[name]


# ---------------------------------------------------------------- playing


def play(
    failure: str = "healthy",
    *,
    rounds: int = ROUNDS,
    samples: int = SAMPLES,
    seed: int = 0,
    **change: Any,
) -> Recording:
    """Play a game that goes wrong, or the healthy one, and keep what there is to see.

    Args:
        failure: a name in ``DELTAS``.
        rounds: how many.
        samples: forgeries that are measured each time, at least 16.
        seed: of both networks and of every random draw.
        change: what else differs: ``game`` (a kind of ``GAN``), ``painter_rate``, ``dealer_rate``,
            ``beta_1``, ``sample``, or an option of ``GAN``; or ``freeze``, which plays in the
            article's form, see ``article.ClassicPair``.

    Returns:
        A recording: losses and logits of every round; frames and scores at ``diary.MOMENTS``.
        Scores are ``step``, ``kernel``, ``kernel_error``, ``kernel_floor``, ``diversity``, and
        ``squares``, the share of forgeries with a grey square.

    Raises:
        InputError: for an unknown name or too few rounds or samples.
    """
    settings = {**_delta(failure), **change}
    if rounds < 1 or samples < FRAME_LATENTS:
        raise InputError(
            f"rounds is {rounds} and samples {samples}: give at least 1 and {FRAME_LATENTS}."
        )
    painter = models.generator(LATENT_DIM, SIZE, WIDTH, seed=2 * seed)
    dealer = models.discriminator(SIZE, WIDTH, seed=2 * seed + 1)
    stream = data.batches(_originals(seed), BATCH_SIZE, seed)
    if "freeze" in settings:
        diary = _play_classic(painter, dealer, stream, rounds, samples, seed, **settings)
    else:
        diary = _play(painter, dealer, stream, rounds, samples, seed, **settings)
    return diary.recording(failure)


@functools.cache
def _originals(seed: int) -> np.ndarray:
    return data.sketch_frogs(ORIGINALS, seed, image_size=SIZE)[0]


def _play(
    painter: keras.Model,
    dealer: keras.Model,
    stream: tf.data.Dataset,
    rounds: int,
    samples: int,
    seed: int,
    *,
    game: type[gan.GAN] = gan.GAN,
    painter_rate: float = ablation.RATE,
    dealer_rate: float = ablation.RATE,
    beta_1: float = gan.BETA_1,
    sample: Sample = averaged,
    **options: Any,
) -> Diary:
    made = game(painter, dealer, **{"ema_decay": 0.98, "seed": seed, **options})
    made.compile(
        ablation.adam(dealer_rate, beta_1), ablation.adam(painter_rate, beta_1),
        run_eagerly=rounds < ablation.FEW,
    )  # fmt: skip
    diary = Diary(made, sample, rounds, samples)
    made.fit(stream, steps_per_epoch=rounds, verbose=0, callbacks=[diary])
    return diary


def _play_classic(
    painter: keras.Model,
    dealer: keras.Model,
    stream: tf.data.Dataset,
    rounds: int,
    samples: int,
    seed: int,
    *,
    freeze: str,
) -> Diary:
    """The article's form: a dealer who answers with the probability of forged, and no average."""
    picture = keras.Input(dealer.input_shape[1:])
    forged = layers.Activation("sigmoid")(layers.Rescaling(-1.0)(dealer(picture)))
    networks = painter, keras.Model(picture, forged, name="probability_of_forged")
    pair = article.ClassicPair(freeze=freeze, networks=networks, seed=seed)
    diary = Diary(pair, lambda _, z: latent.generate(painter, z), rounds, samples)
    some = latent.vectors(BATCH_SIZE, LATENT_DIM, seed=2)

    @tf.function
    def verdicts(real: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        both = dealer(real, training=False), dealer(painter(some, training=False), training=False)
        return tf.reduce_mean(both[0]), tf.reduce_mean(both[1])

    for real in stream.take(rounds):
        d_loss, g_loss = pair.step(np.asarray(real))
        real_logit, fake_logit = verdicts(real)
        # Keras takes the mean over originals and forgeries, GAN the sum of both means
        diary.note(dict(zip(LOGGED, (2 * d_loss, g_loss, real_logit, fake_logit), strict=True)))
    return diary


# ---------------------------------------------------------------- what was saved


FILE = Path(str(resources.files("gan_lessons"))) / "measured" / "failures.safetensors"


@functools.cache
def _saved() -> dict[str, np.ndarray]:
    from safetensors.numpy import load as parse

    return parse(FILE.read_bytes())


def load(name: str) -> Recording:
    """The saved recording of a game: what ``play(name)`` returns, to the precision of a float16.

    Args:
        name: a name in ``DELTAS``, or a letter of ``patients``.

    Raises:
        InputError: for an unknown name.
    """
    if name not in _saved():
        raise InputError(f"There is no saved game {name!r}: choose {', '.join(DELTAS)}.")
    return unpack(_saved()[name].tobytes(), Path(name))
