"""The train loop does what a GAN's train loop must do."""

import subprocess
import sys
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import augment, data, gan, losses, metrics, models, refusals
from gan_lessons.errors import InputError


def small(seed=0, **options):
    pair = (models.generator(8, 8, 4, seed=seed), models.discriminator(8, 4, seed=seed + 1))
    game = gan.GAN(*pair, seed=seed, **options)
    game.compile()
    return game


def pictures(n=8, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, 8, 8, 3)).astype(np.float32)


def copy(model):
    return [np.array(v) for v in model.variables]


def changed(before, model):
    return [
        not np.array_equal(b, np.array(v)) for b, v in zip(before, model.variables, strict=True)
    ]


def test_each_network_changes_only_in_its_own_step():
    game = small()
    g, d, ema = copy(game.generator), copy(game.discriminator), copy(game.ema_generator)
    game.discriminator_step(tf.constant(pictures()))
    assert all(changed(d, game.discriminator))
    assert not any(changed(g, game.generator))  # batch statistics included
    assert not any(changed(ema, game.ema_generator))

    d = copy(game.discriminator)
    game.generator_step(8)
    assert all(changed(g, game.generator))
    assert not any(changed(d, game.discriminator))
    assert all(changed(ema, game.ema_generator))


def test_a_discriminator_with_state_keeps_it_in_the_generators_step():
    d = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.BatchNormalization(),
         keras.layers.Dropout(0.5, seed=1), keras.layers.Dense(1)]
    )  # fmt: skip
    game = gan.GAN(models.generator(8, 8, 4, seed=0), d, seed=0)
    game.compile()
    before = copy(d)
    game.generator_step(4)
    assert not any(changed(before, d))
    game.discriminator_step(tf.constant(pictures()))
    assert all(changed(before, d))


@pytest.mark.parametrize("compiled", [False, True])
def test_the_losses_returned_are_the_true_batch_losses(compiled):
    game = small()
    real = tf.constant(pictures())
    fake = gan._peek(game.generator, game.latents(8, gan.D_LATENT, 0))
    r, f = (np.asarray(game.discriminator(x), np.float64) for x in (real, fake))
    expected = np.mean(np.log1p(np.exp(-r))) + np.mean(np.log1p(np.exp(f)))
    step = tf.function(game.train_step) if compiled else game.train_step
    logs = step(real)
    assert float(logs["d_loss"]) == pytest.approx(expected, rel=1e-5)
    assert float(logs["real_logit"]) == pytest.approx(r.mean(), abs=1e-6)
    assert float(logs["fake_logit"]) == pytest.approx(f.mean(), abs=1e-6)


def test_fit_reports_the_last_batch_not_a_running_mean():
    class Keep(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.rows = []

        def on_train_batch_end(self, batch, logs=None):
            self.rows.append(dict(logs))

    one, two = small(), small()
    keep = Keep()
    dataset = data.batches(pictures(32), 8, seed=1)
    one.fit(dataset, steps_per_epoch=4, epochs=1, verbose=0, callbacks=[keep])
    for row, batch in zip(keep.rows, dataset.take(4), strict=True):
        logs = two.train_step(batch)
        assert row["d_loss"] == pytest.approx(float(logs["d_loss"]), rel=1e-4)
        assert row["g_loss"] == pytest.approx(float(logs["g_loss"]), rel=1e-4)


def test_generator_follows_its_gradient_through_the_discriminator():
    """The generator's whole gradient against finite differences, through D and the augmentation."""
    game = small(augment=augment.translate_and_colour)
    kernel = game.generator.trainable_variables[0]
    start = kernel.numpy().copy()
    z, seed = game.latents(8, gan.G_LATENT, 0), game.draw_seed(gan.G_FAKE, 0)

    def loss():
        fake = game.generator(z, training=True)
        return game.generator_loss(game.discriminator(game.augment(fake, seed), training=True))

    with tf.GradientTape() as tape:
        value = loss()
    gradient = tape.gradient(value, kernel).numpy()
    i = np.unravel_index(abs(gradient).argmax(), gradient.shape)
    values = []
    for sign in (1, -1):
        moved = start.copy()
        moved[i] += sign * 3e-3
        kernel.assign(moved)
        values.append(float(loss()))
    assert gradient[i] == pytest.approx((values[0] - values[1]) / 6e-3, rel=0.05)


def train(steps=6, seed=3, **compile_options):
    game = small(seed=seed, augment=augment.translate_and_colour)
    game.compile(**compile_options)
    game.fit(data.batches(pictures(32), 8, seed), steps_per_epoch=steps, verbose=0)
    return game


def test_the_same_seed_gives_the_same_bits():
    a, b, other = train(), train(), train(seed=4)
    for x, y in zip(a.variables, b.variables, strict=True):
        np.testing.assert_array_equal(np.array(x), np.array(y))
    assert any(changed(copy(a.generator), other.generator))
    np.testing.assert_array_equal(a.sample(3, seed=1), b.sample(3, seed=1))


def test_steps_per_execution_changes_nothing_but_speed():
    a, b = train(), train(steps_per_execution=3)
    for x, y in zip(a.generator.weights, b.generator.weights, strict=True):
        np.testing.assert_allclose(np.array(x), np.array(y), atol=1e-5)


def test_works_with_keras_own_callbacks_and_progress_bar(tmp_path, capsys):
    game = small()
    seen = []
    callbacks = [
        keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.weights.h5", save_weights_only=True),
        keras.callbacks.CSVLogger(str(tmp_path / "log.csv")),
        keras.callbacks.TerminateOnNaN(),
        keras.callbacks.EarlyStopping("g_loss", patience=5, mode="min"),
        keras.callbacks.LearningRateScheduler(lambda epoch: 0.001 / (epoch + 1)),
        keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs)),
    ]
    dataset = data.batches(pictures(32), 8, 0)
    history = game.fit(dataset, steps_per_epoch=3, epochs=2, callbacks=callbacks, verbose=1)
    names = {"d_loss", "g_loss", "real_logit", "fake_logit"}
    assert names <= set(history.history) and len(history.history["d_loss"]) == 2
    assert len(seen) == 6 and all(names == set(logs) for logs in seen)
    assert "3/3" in (printed := capsys.readouterr().out) and "d_loss" in printed
    assert float(game.g_optimizer.learning_rate) == pytest.approx(0.0005)
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 3
    again = small(seed=5)
    again.load_weights(tmp_path / "2.weights.h5")
    np.testing.assert_array_equal(again.sample(2, seed=1), game.sample(2, seed=1))


@pytest.mark.parametrize("kind", ["array", "dataset with a rest"])
def test_fits_what_keras_fits(kind):
    """Arrays, and finite datasets whose last batch is smaller."""
    game, images = small(augment=augment.translate_and_colour), pictures(20)
    if kind == "array":
        game.fit(images, batch_size=8, epochs=2, verbose=0)
    else:
        game.fit(tf.data.Dataset.from_tensor_slices(images).batch(8), epochs=2, verbose=0)
    assert int(game.d_optimizer.iterations) == int(game.g_optimizer.iterations) == 6


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float64"])
def test_pictures_that_are_not_float32(dtype):
    """Bytes would be learnt from as they are, 0 to 255; Keras turns floats in arrays to float32."""
    game, images = small(), (127 * pictures() + 127).astype(dtype)
    stream = tf.data.Dataset.from_tensor_slices(images).batch(8)
    for given in (stream,) if dtype == "float64" else (stream, images):
        with pytest.raises(InputError, match=rf"are {dtype}: give float32.*data\.from_uint8"):
            game.fit(given, verbose=0)


def test_labels_are_not_for_the_plain_game():
    stream = data.batches(pictures(), 8, labels=np.zeros(8, int))
    with pytest.raises(InputError, match=r"2 parts .* takes 1.*ConditionalGAN"):
        small().fit(stream, steps_per_epoch=1, verbose=0)
    with pytest.raises(InputError, match=r"2 parts .* takes 1.*ConditionalGAN"):
        small().fit(pictures(), np.zeros(8), verbose=0)


def test_arrays_that_it_would_learn_nonsense_from():
    images = pictures(16)
    for wrong, sentence in (
        (255 * images, r"scale it to \[-1, 1\]"),
        (np.full_like(images, np.nan), "NaN"),
        (np.zeros((16, 16, 16, 3), np.float32), r"shape \(16, 16, 3\) but .* at \(8, 8, 3\)"),
    ):
        with pytest.raises(InputError, match=sentence):
            small().fit(wrong, verbose=0)
    large = data.batches(np.zeros((16, 16, 16, 3), np.float32), 8)
    with pytest.raises(InputError, match="load them at that size"):
        small().fit(large, steps_per_epoch=1, verbose=0)


def test_no_seed_means_a_new_one_that_is_kept():
    networks = models.point_generator(), models.point_discriminator()
    seeds = {gan.GAN(*networks).seed for _ in range(3)}
    assert len(seeds) == 3


def test_ema_includes_batch_statistics_and_follows_the_formula():
    game = small(ema_decay=0.9)
    slow = [w.copy() for w in game.ema_generator.get_weights()]
    for step in (1, 2, 3):
        game.generator_step(8)
        decay = min(0.9, (1 + step) / (10 + step))
        fast = game.generator.get_weights()
        slow = [decay * s + (1 - decay) * f for s, f in zip(slow, fast, strict=True)]
    for expected, got in zip(slow, game.ema_generator.get_weights(), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)
    moving = [w for w in game.ema_generator.weights if "moving_variance" in w.path]
    assert moving and all(not np.allclose(w.numpy(), 1) for w in moving)


def test_ema_of_zero_is_a_copy():
    game = small(ema_decay=0)
    game.generator_step(8)
    for a, b in zip(game.generator.get_weights(), game.ema_generator.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_optimizers_default_to_beta_1_of_a_half():
    game = small()
    assert game.d_optimizer.beta_1 == game.g_optimizer.beta_1 == 0.5


def test_penalty_enters_the_loss():
    plain, punished = small(), small(penalty=losses.r1_penalty(1e4))
    real = tf.constant(pictures())
    a, b = (float(g.discriminator_step(real)["d_loss"]) for g in (plain, punished))
    assert b > a


def test_wasserstein_is_a_delta():
    class WGANGP(gan.GAN):
        def train_step(self, real):
            for part in tf.split(real, 2):
                logs = self.discriminator_step(part)
            return logs | self.generator_step(4)

    game = WGANGP(
        models.generator(8, 8, 4, seed=0), models.discriminator(8, 4, seed=1),
        loss=losses.wasserstein, penalty=losses.gradient_penalty(), seed=0,
    )  # fmt: skip
    game.compile()
    game.fit(data.batches(pictures(32), 8, 0), steps_per_epoch=2, verbose=0)
    assert int(game.d_optimizer.iterations) == 4 and int(game.g_optimizer.iterations) == 2


def test_ring_is_covered_within_a_minute():
    """At least 7 of 8 modes; 2,000 steps take about ten seconds on two cores."""
    points = data.ring(10_000, seed=0)
    game = gan.GAN(
        models.point_generator(seed=1), models.point_discriminator(seed=2), ema_decay=0.99, seed=3
    )
    adam = {"learning_rate": 1e-3, "beta_1": 0.5}
    game.compile(
        keras.optimizers.Adam(**adam), keras.optimizers.Adam(**adam), steps_per_execution=100
    )
    game.fit(data.batches(points, 256, seed=4), steps_per_epoch=2000, verbose=0)
    coverage = metrics.mode_coverage(game.sample(2000, seed=5), data.ring_centres())
    assert coverage.covered >= 7


TWO_DEVICES = """
import sys
import numpy as np, tensorflow as tf, keras
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from gan_lessons import article, augment, data, gan, losses, models
from gan_lessons.errors import InputError

def make():
    if sys.argv[1] == "article":  # dropout draws on each device for itself
        return article.ArticleGAN(dropout=0.0, seed=0), 32, 2, 1
    return gan.GAN(  # all that draws or looks at the whole batch
        models.generator(8, 8, 4, seed=0), models.discriminator(8, 4, seed=1), seed=0,
        augment=augment.translate_and_colour, penalty=losses.gradient_penalty(1.0),
    ), 8, 16, 4

def train(strategy):
    with strategy.scope():
        game, size, batch, steps = make()
        game.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    start = game.get_weights()
    images = np.random.default_rng(0).uniform(-1, 1, (32, size, size, 3)).astype("float32")
    real = data.batches(images, batch, 0)
    history = game.fit(real, steps_per_epoch=steps, epochs=2, verbose=0).history
    return start, game.get_weights(), history, game

start, one, history, _ = train(tf.distribute.get_strategy())
_, two, history2, game = train(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
assert max(abs(a - b).max() for a, b in zip(start, one)) > 1e-4, "nothing was learnt"
for a, b in zip(one, two):
    np.testing.assert_allclose(a, b, atol=1e-6)
for name in history:
    np.testing.assert_allclose(history[name], history2[name], rtol=1e-5, atol=1e-6)
try:
    game.fit(data.batches(np.zeros((32, 8, 8, 3)), 15), steps_per_epoch=1)
except InputError as error:
    print("equal;", error)
"""


@pytest.mark.parametrize("recipe", ["course", "article"])
def test_data_parallel_equals_one_device(recipe):
    """Two logical CPU devices in a process of their own: TensorFlow fixes devices at its start."""
    done = subprocess.run(
        [sys.executable, "-c", TWO_DEVICES, recipe], capture_output=True, text=True
    )
    assert done.stdout.startswith("equal; A batch of 15 cannot be shared"), done.stderr[-2000:]


def test_sample_is_bounded_and_seeded():
    game = small()
    x = game.sample(5, seed=1)
    assert x.shape == (5, 8, 8, 3) and x.dtype == np.float32 and abs(x).max() <= 1
    np.testing.assert_allclose(x[:3], game.sample(3, seed=1), atol=1e-6)
    assert not np.array_equal(game.sample(3), game.sample(3))
    with pytest.raises(InputError, match="at least 1"):
        game.sample(0)


def test_networks_that_do_not_fit():
    with pytest.raises(InputError, match="same size"):
        gan.GAN(models.generator(8, 16, 4), models.discriminator(8, 4))
    with pytest.raises(InputError, match="ema_decay"):
        small(ema_decay=1.0)
    unbuilt = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)], name="mine")
    for wrong in (unbuilt, "mine", keras.Model(name="mine")):
        with pytest.raises(InputError, match=r"discriminator 'mine' .* begin it with keras\.Input"):
            gan.GAN(models.generator(8, 8, 4), wrong)
    with pytest.raises(InputError, match=r"or take models\.generator"):
        gan.GAN(unbuilt, models.discriminator(8, 4))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"loss": "hinge"}, r"loss is 'hinge': give one of gan_lessons\.losses"),
        ({"augment": True}, r"augment is True: give a function \(images, seed\)"),
        ({"augment": augment}, "augment is 'gan_lessons.augment'"),
        ({"penalty": 10.0}, "penalty is 10.0: give a function"),
        # the mistake that is easiest to make: it makes a penalty, and is none
        (
            {"penalty": losses.r1_penalty},
            r"penalty is 'r1_penalty'.* such as losses\.r1_penalty\(\)",
        ),
        ({"seed": 1.5}, "seed is 1.5: give a whole number from 0"),
        ({"seed": 2**31}, "seed is 2147483648"),  # 32 bits hold no more
    ],
)
def test_what_is_no_part_of_a_game(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        gan.GAN(models.generator(8, 8, 4), models.discriminator(8, 4), **wrong)


def test_functions_that_do_not_tell_what_they_take():
    small(augment=max)  # of a built-in one the signature is unknown


def test_optimizers_by_name_and_one_for_each():
    game = small()
    game.compile("sgd", "rmsprop")
    assert isinstance(game.d_optimizer, keras.optimizers.SGD)
    assert isinstance(game.g_optimizer, keras.optimizers.RMSprop)
    game.compile("adam", "adam")
    assert game.d_optimizer is not game.g_optimizer
    one = keras.optimizers.Adam()
    with pytest.raises(InputError, match="the same optimizer: make one for each"):
        game.compile(one, one)


@pytest.mark.parametrize("name", refusals.UNUSED)
def test_compile_ignores_nothing(name):
    with pytest.raises(InputError, match=f"compile was given {name}: .*GAN\\(loss"):
        small().compile(**{name: "adam"})


def test_there_is_nothing_to_validate():
    for wrong in ({"validation_data": pictures()}, {"validation_split": 0.2}):
        game = small()
        with pytest.raises(InputError, match=r"nothing to validate: .*metrics\.evaluate"):
            game.fit(pictures(16), batch_size=8, verbose=0, **wrong)
        assert int(game.g_optimizer.iterations) == 0  # not after an epoch
    with pytest.raises(InputError, match="nothing to validate"):
        game.evaluate(pictures())


def test_a_game_that_cannot_be_saved_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "game.keras"
    path.write_text("what was there")
    with pytest.raises(InputError, match=r"save game\.ema_generator"):
        small().save(path)
    keep = keras.callbacks.ModelCheckpoint(path)
    with pytest.raises(InputError, match=r"save game\.ema_generator"):
        small().fit(pictures(), callbacks=[keep], verbose=0)
    assert path.read_text() == "what was there"
    game = small()
    game.ema_generator.save(tmp_path / "painter.keras")
    painter = keras.models.load_model(tmp_path / "painter.keras")
    z = np.zeros((1, 8), np.float32)
    np.testing.assert_array_equal(np.array(painter(z)), np.array(game(z)))


def test_a_variant_that_can_be_saved_is(tmp_path):
    class Saved(gan.GAN):
        def get_config(self):
            return {}

    game = Saved(models.generator(8, 8, 4), models.discriminator(8, 4))
    game.save(tmp_path / "game.keras")
    assert (tmp_path / "game.keras").stat().st_size > 10_000


def test_defaults_are_the_documented_ones():
    game = small()
    assert game.ema_decay == 0.999 and game.gan_loss is losses.non_saturating
    assert game.augment is None and game.penalty is None and game.name == "gan" and game.built
    for optimizer in (game.d_optimizer, game.g_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(1e-3)
    assert game.d_optimizer is not game.g_optimizer and not game.jit_compile
    assert game.latent_dim == 8 and not game.ema_generator.trainable_variables
    assert game.trainable_variables and not game.discriminator.inputs[0].shape[0]
    for decay in (-0.1, 1.0):
        with pytest.raises(InputError, match="ema_decay"):
            small(ema_decay=decay)
    own = keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2)
    game.compile(*own)
    assert (game.d_optimizer, game.g_optimizer) == own
    assert all(optimizer.built for optimizer in own)


def test_each_purpose_and_each_update_draws_numbers_of_its_own():
    game = small()
    purposes = (gan.D_LATENT, gan.G_LATENT, gan.D_REAL, gan.D_FAKE, gan.G_FAKE, gan.PENALTY)
    seeds = {tuple(game.draw_seed(p, s).numpy()) for p in (*purposes, gan.LABELS) for s in range(3)}
    assert len(seeds) == 21
    assert tuple(small(seed=9).draw_seed(gan.PENALTY, 0).numpy()) not in seeds
    unseeded = gan.GAN(models.point_generator(), models.point_discriminator()).seed
    assert 0 <= unseeded < 2**31


def test_what_each_draw_is_for():
    used = []

    def spy(images, seed):
        used.append(tuple(seed.numpy()))
        return images

    def penalty(discriminator, real, fake, seed):
        used.append(tuple(seed.numpy()))
        return 0.0

    game = small(augment=spy, penalty=penalty)
    drawn = lambda *purposes, step: [tuple(game.draw_seed(p, step).numpy()) for p in purposes]
    for step in (0, 1):
        used.clear()
        game.discriminator_step(tf.constant(pictures()))
        assert used == drawn(gan.D_REAL, gan.D_FAKE, gan.PENALTY, step=step)
        used.clear()
        game.generator_step(4)
        assert used == drawn(gan.G_FAKE, step=step)
    assert gan._count((tf.zeros((5, 2)), tf.zeros((5, 1)))) == 5


def test_the_model_itself_is_the_averaged_generator():
    game = small(ema_decay=0.9)
    for _ in range(3):
        game.generator_step(8)
    z = game.latents(4, gan.G_LATENT, 0)
    assert z.shape == (4, 8)
    slow, fast = (np.array(m(z, training=False)) for m in (game.ema_generator, game.generator))
    for training in (False, True):
        np.testing.assert_array_equal(np.array(game(z, training=training)), slow)
    assert not np.allclose(slow, fast)
    np.testing.assert_array_equal(game.sample(1, seed=3), game.sample(1, seed=3))


class Flags(keras.layers.Layer):
    """Keeps what each call was told about training, and changes nothing."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def call(self, x, training=None):
        self.seen.append(training)
        return x


def test_every_look_of_the_discriminator_is_in_training_mode():
    flags = Flags()
    d = keras.Sequential(
        [keras.Input((8, 8, 3)), flags, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    game = gan.GAN(models.generator(8, 8, 4, seed=0), d, seed=0)
    game.compile()
    flags.seen.clear()
    game.discriminator_step(tf.constant(pictures()))
    game.generator_step(4)
    assert flags.seen == [True] * 3  # real ones, forgeries, and the painter's forgeries


def test_a_look_in_training_mode_uses_the_batch_and_keeps_nothing():
    g = models.generator(8, 8, 4, seed=0)
    z = tf.random.stateless_normal((8, 8), (1, 2))
    before = copy(g)
    seen = np.array(gan._peek(g, z))
    assert not any(changed(before, g))
    assert not np.allclose(seen, np.array(g(z, training=False)))
    np.testing.assert_allclose(seen, np.array(g(z, training=True)), atol=1e-6)


def test_each_device_takes_its_share_of_the_gradient(monkeypatch):
    """Gradients of several devices are added: each is divided by how many there are."""

    def moved(devices):
        several = types.SimpleNamespace(
            count=lambda: devices,
            draw=lambda function, shape, seed: function(shape, seed),
            mean=lambda **values: values,
        )
        monkeypatch.setattr(gan, "replicas", several)
        found = []
        for player in ("discriminator", "generator"):
            game = small()
            game.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(1.0))
            kernel = getattr(game, player).trainable_variables[0]
            start = kernel.numpy()
            batch = tf.constant(pictures()) if player == "discriminator" else 8
            getattr(game, f"{player}_step")(batch)
            found.append(kernel.numpy() - start)
        return found

    for one, two in zip(moved(1), moved(2), strict=True):
        assert abs(one).max() > 1e-3
        np.testing.assert_allclose(two, one / 2, atol=1e-5)


def test_fit_keeps_the_order_and_a_new_seed_fits_32_bits(monkeypatch):
    class Keep(gan.GAN):
        def train_step(self, real):
            seen.append(real.numpy())
            return {"d_loss": tf.zeros(())}

    seen, images = [], pictures(64)
    monkeypatch.setattr(gan.secrets, "randbits", lambda bits: 2**bits - 1)
    game = Keep(models.generator(8, 8, 4, seed=0), models.discriminator(8, 4, seed=1))
    assert game.seed == 2**31 - 1 and game.draw_seed(gan.PENALTY, 0).shape == (2,)
    game.compile(run_eagerly=True)
    game.fit(images, batch_size=8, verbose=0)
    np.testing.assert_array_equal(np.concatenate(seen), images)
