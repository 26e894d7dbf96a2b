"""The article's system: exactly its networks, rightly trained, and its failure proved."""

import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import article, gan
from gan_lessons.errors import InputError


def frogs(n, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, 32, 32, 3)).astype(np.float32)


def shapes(model):
    return [
        (type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers[1:]
    ]


def test_generator_layer_by_layer():
    assert shapes(article.generator()) == [
        ("Dense", (32768,), 32 * 32768 + 32768),
        ("LeakyReLU", (32768,), 0),
        ("Reshape", (16, 16, 128), 0),
        ("Conv2D", (16, 16, 256), 5 * 5 * 128 * 256 + 256),
        ("LeakyReLU", (16, 16, 256), 0),
        ("Conv2DTranspose", (32, 32, 256), 4 * 4 * 256 * 256 + 256),
        ("LeakyReLU", (32, 32, 256), 0),
        ("Conv2D", (32, 32, 256), 5 * 5 * 256 * 256 + 256),
        ("LeakyReLU", (32, 32, 256), 0),
        ("Conv2D", (32, 32, 256), 5 * 5 * 256 * 256 + 256),
        ("LeakyReLU", (32, 32, 256), 0),
        ("Conv2D", (32, 32, 3), 7 * 7 * 256 * 3 + 3),
    ]
    assert article.generator().count_params() == 6_264_579


def test_discriminator_layer_by_layer():
    assert shapes(article.discriminator()) == [
        ("Conv2D", (30, 30, 128), 3 * 3 * 3 * 128 + 128),
        ("LeakyReLU", (30, 30, 128), 0),
        ("Conv2D", (14, 14, 128), 4 * 4 * 128 * 128 + 128),
        ("LeakyReLU", (14, 14, 128), 0),
        ("Conv2D", (6, 6, 128), 4 * 4 * 128 * 128 + 128),
        ("LeakyReLU", (6, 6, 128), 0),
        ("Conv2D", (2, 2, 128), 4 * 4 * 128 * 128 + 128),
        ("LeakyReLU", (2, 2, 128), 0),
        ("Flatten", (512,), 0),
        ("Dropout", (512,), 0),
        ("Dense", (1,), 513),
    ]
    model = article.discriminator()
    assert model.count_params() == 790_913
    assert model.layers[-2].rate == 0.4


def test_activations_are_the_articles():
    for model in (article.generator(), article.discriminator()):
        slopes = [la.negative_slope for la in model.layers if type(la).__name__ == "LeakyReLU"]
        assert slopes and set(slopes) == {0.3}  # Keras 2's default
    assert article.generator().layers[-1].activation.__name__ == "tanh"
    assert article.discriminator().layers[-1].activation.__name__ == "sigmoid"


def test_optimizers_are_the_articles():
    pair, explicit = article.ClassicPair(seed=0), article.ArticleGAN(seed=0)
    explicit.compile()
    assert float(pair.discriminator.optimizer.learning_rate) == pytest.approx(8e-4)
    assert float(pair.combined.optimizer.learning_rate) == pytest.approx(4e-4)
    assert float(explicit.d_optimizer.learning_rate) == pytest.approx(8e-4)
    assert float(explicit.g_optimizer.learning_rate) == pytest.approx(4e-4)
    for made, rate in ((article.optimizer(r), r) for r in (8e-4, 4e-4)):
        assert type(made).__name__ == "RMSprop" and made.clipvalue == 1.0 and made.rho == 0.9
        assert float(made.learning_rate) == pytest.approx(rate)
        # Keras 2: lr / (1 + decay * updates)
        late = made._learning_rate(10_000)
        assert float(late) == pytest.approx(rate / (1 + 1e-8 * 10_000), rel=1e-6)


def movement(pair, steps=2):
    before = [w.copy() for w in pair.discriminator.get_weights()]
    painter = [w.copy() for w in pair.generator.get_weights()]
    for seed in range(steps):
        pair.step(frogs(2, seed))
    d = max(abs(a - b).max() for a, b in zip(before, pair.discriminator.get_weights(), strict=True))
    g = max(abs(a - b).max() for a, b in zip(painter, pair.generator.get_weights(), strict=True))
    return d, g


def test_the_articles_freeze_is_broken_today():
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        d, g = movement(article.ClassicPair(freeze="once", seed=0))
    assert d == 0.0  # exactly: the dealer never learns
    assert g > 0


def test_toggling_mends_it():
    d, g = movement(article.ClassicPair(freeze="toggle", seed=0))
    assert d > 0 and g > 0


def test_toggling_leaves_the_dealer_alone_in_the_painters_step():
    pair = article.ClassicPair(seed=0)
    pair.step(frogs(2))
    before = pair.discriminator.get_weights()
    pair.discriminator.trainable = False
    pair.combined.train_on_batch(pair._latents(2), np.zeros((2, 1)))
    for a, b in zip(before, pair.discriminator.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_both_mends_make_the_same_updates():
    """Toggling and explicit steps, on the same draws: the same two losses and the same weights."""
    classic = article.ClassicPair(dropout=0.0, seed=5)
    explicit = article.ArticleGAN(dropout=0.0, seed=5)
    explicit.compile()
    for model in ("generator", "discriminator"):
        getattr(explicit, model).set_weights(getattr(classic, model).get_weights())
    real = frogs(2)
    noise = np.asarray(
        tf.random.stateless_uniform((4, 1), explicit.draw_seed(gan.LABELS, 0)), np.float64
    )
    draws = iter([gan.D_LATENT, gan.G_LATENT])
    classic._latents = lambda n: np.asarray(explicit.latents(n, next(draws), 0))
    classic.random = type("Draws", (), {"random": staticmethod(lambda shape: noise)})
    d_loss, g_loss = classic.step(real)
    logs = explicit.train_step(tf.constant(real))
    assert float(logs["d_loss"]) == pytest.approx(d_loss, rel=1e-4)
    assert float(logs["g_loss"]) == pytest.approx(g_loss, rel=1e-3)
    moved = explicit.discriminator.get_weights()
    for a, b in zip(classic.discriminator.get_weights(), moved, strict=True):
        # RMSprop divides by the root of the squared gradient: where that is nearly zero its
        # first step magnifies rounding, so nearly all weights must agree and none be far off
        close = np.isclose(a, b, atol=1e-5)
        assert close.mean() > 0.995 and abs(a - b).max() < 6e-3


def test_labels_reach_above_one_as_in_the_article():
    """The dealer's loss by hand: told are 1 and 0, each with up to 0.05 on top."""
    game, real = article.ArticleGAN(dropout=0.0, seed=0), frogs(2)
    game.compile()
    game.discriminator.layers[-1].bias.assign([2.0])  # else half the noise would cancel
    forged = game.generator(game.latents(2, gan.D_LATENT, 0), training=False)
    p = np.asarray(game.discriminator(tf.concat([forged, real], 0)), np.float64)[:, 0]
    noise = tf.random.stateless_uniform((4,), game.draw_seed(gan.LABELS, 0)).numpy()
    labels = np.array([1.0, 1.0, 0.0, 0.0]) + 0.05 * noise
    expected = -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p))
    logs = game.discriminator_step(tf.constant(real))
    assert float(logs["d_loss"]) == pytest.approx(expected, rel=1e-5)
    assert labels.max() > 1.01


def test_logits_turn_round():
    p = tf.constant([[0.5], [0.9], [0.0], [1.0]])
    logits = article._logit_of_real(p).numpy().ravel()
    assert logits[0] == pytest.approx(0, abs=1e-6) and logits[1] == pytest.approx(-2.197, abs=1e-3)
    assert np.isfinite(logits).all() and logits[2] > 10 > -10 > logits[3]


def test_batches_in_order_start_anew_as_in_the_article():
    images = np.arange(7)
    batches = [b.tolist() for b, _ in zip(article.in_order(images, 3), range(3), strict=False)]
    assert batches == [[0, 1, 2], [3, 4, 5], [0, 1, 2]]


def test_loop_saves_weights_and_two_pictures(tmp_path):
    from PIL import Image

    lines = []
    pair = article.train(
        frogs(4), tmp_path, steps=2, batch_size=2, save_every=1, report=lines.append
    )
    saved = sorted(p.name for p in tmp_path.iterdir())
    assert saved == [
        "gan.weights.h5", "generated_frog0.png", "generated_frog1.png", "real_frog0.png",
        "real_frog1.png",
    ]  # fmt: skip
    assert Image.open(tmp_path / "generated_frog1.png").size == (32, 32)
    assert len(lines) == 2
    other = article.ClassicPair(seed=9)
    other.combined.load_weights(tmp_path / "gan.weights.h5")
    np.testing.assert_array_equal(other.generator.get_weights()[0], pair.generator.get_weights()[0])


def test_bad_input(tmp_path):
    with pytest.raises(InputError, match="toggle"):
        article.ClassicPair(freeze="never")
    with pytest.raises(InputError, match="fill one batch"):
        article.train(frogs(1), tmp_path / "x", batch_size=2)
    with pytest.raises(InputError, match="at least 1"):
        article.train(frogs(4), tmp_path / "x", steps=0)
    assert not (tmp_path / "x").exists()
