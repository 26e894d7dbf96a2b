"""Hidden layers in bfloat16: what changes, what does not, and what is refused."""

import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_lessons import (
    article,
    cli,
    conditional,
    data,
    doctor,
    export,
    feature_network,
    gan,
    losses,
    models,
    ordered,
    pretrained,
    runs,
    vae,
)
from gan_lessons.errors import InputError
from gan_lessons.recipes import Settings

SMALL = Settings(image_size=8, width=8, latent_dim=4, batch_size=8, precision="bfloat16")


@pytest.fixture
def policy():
    """Sets Keras's policy and gives it back afterwards."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.fixture(scope="module")
def real():
    return data.sketch_frogs(32, image_size=8)[0]


def computes_in(network):
    return [layer.compute_dtype for layer in network.layers if layer.weights]


def test_hidden_layers_compute_in_bfloat16_and_everything_kept_is_float32():
    game = SMALL.build()
    for network in (game.generator, game.discriminator):
        *hidden, last = computes_in(network)
        assert set(hidden) == {"bfloat16"} and last == "float32"
        assert {variable.dtype for variable in network.variables} == {"float32"}
    assert set(computes_in(game.ema_generator)) == {"float32"}


def test_the_averaged_generator_paints_as_one_that_never_heard_of_bfloat16(real):
    game = SMALL.build()
    game.fit(data.batches(real, 8), steps_per_epoch=3, verbose=0)
    plain = SMALL.replace(precision="float32").build()
    plain.ema_generator.set_weights(game.ema_generator.get_weights())
    np.testing.assert_array_equal(game.sample(5, 0), plain.sample(5, 0))
    z = np.random.default_rng(0).standard_normal((5, 4), np.float32)
    plain.generator.set_weights(game.generator.get_weights())
    coarse, fine = game.generator(z).numpy(), plain.generator(z).numpy()
    assert coarse.dtype == np.float32 and not np.array_equal(coarse, fine)
    np.testing.assert_allclose(coarse, fine, atol=0.02)


def test_the_first_rounds_are_nearly_those_of_float32(real):
    logs = {}
    for precision in ("float32", "bfloat16"):
        game = SMALL.replace(precision=precision).build()
        before = [v.numpy() for v in game.trainable_variables]
        step = tf.function(game.train_step)
        logs[precision] = [{k: float(v) for k, v in step(real[:8]).items()} for _ in range(3)]
        after = [v.numpy() for v in game.trainable_variables]
        assert all(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    for one, two in zip(*logs.values(), strict=True):
        assert one != two
        for name, value in one.items():
            assert two[name] == pytest.approx(value, abs=0.02), name


@pytest.mark.parametrize("recipe", ["course", "article"])
def test_keras_keeps_its_policy_whether_a_game_is_built_or_not(policy, recipe):
    policy("mixed_bfloat16")
    if recipe == "article":
        with pytest.raises(InputError, match="article's networks compute in float32"):
            SMALL.replace(recipe=recipe, image_size=32, latent_dim=32).build()
    else:
        plain = SMALL.replace(precision="float32").build()  # its own, whatever Keras is told
        assert set(computes_in(plain.generator)) == {"float32"}
    assert keras.config.dtype_policy().name == "mixed_bfloat16"


def test_a_run_goes_on_to_the_same_bits_and_never_with_another_precision(tmp_path, real):
    whole, parts = (runs.Run.create(tmp_path / name, SMALL) for name in ("whole", "parts"))
    straight = whole.train(real, 4, progress=False, report=str)
    parts.train(real, 2, progress=False, report=str)
    again = parts.train(real, 4, progress=False, report=str)
    for one, two in zip(straight.variables, again.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
    with pytest.raises(InputError, match="precision 'bfloat16', not 'float32'"):
        runs.Run.create(tmp_path / "parts", SMALL.replace(precision="float32"))


def test_a_run_made_before_there_was_a_choice_goes_on(tmp_path, real):
    settings = SMALL.replace(precision="float32")
    runs.Run.create(tmp_path / "old", settings).train(real, 1, progress=False, report=str)
    old = dataclasses.asdict(settings)
    del old["precision"]
    (tmp_path / "old" / "settings.json").write_text(json.dumps(old))
    run = runs.Run.create(tmp_path / "old", settings)
    run.train(real, 2, progress=False, report=str)
    assert run.step == 2


def test_the_command_line_keeps_it(tmp_path, real, capsys):
    np.save(tmp_path / "real.npy", real)
    folder = str(tmp_path / "run")
    train = ["train", "--run", folder, "--data", str(tmp_path / "real.npy"), "--quiet"]
    train += ["--image-size", "8", "--width", "8", "--batch-size", "8", "--precision", "bfloat16"]
    assert cli.main([*train, "--steps", "1"]) == 0
    assert runs.Run(folder).settings.precision == "bfloat16"
    assert cli.main([*train[:6], "--quiet", "--steps", "2"]) == 0  # left out, it is as it was
    assert runs.Run(folder).settings.precision == "bfloat16"
    assert cli.main([*train[:-1], "float16"]) == 2
    assert "invalid choice: 'float16'" in capsys.readouterr().err


def test_precisions_that_there_are_not(policy):
    with pytest.raises(InputError, match="no precision 'float16': choose float32 or bfloat16"):
        Settings(precision="float16")
    with pytest.raises(InputError, match="precision is 16: give a word"):
        Settings(precision=16)
    policy("mixed_float16")
    pair = models.generator(4, 8, 8), models.discriminator(8, 8)
    with pytest.raises(
        InputError, match="of the generator computes in float16, in which gradients vanish"
    ):
        gan.GAN(*pair)


@pytest.mark.parametrize(
    "penalty",
    [None, losses.gradient_penalty(), losses.r1_penalty(0.1)],
    ids=["no penalty", "gradient penalty", "R1"],
)
def test_every_game_can_be_played_under_keras_own_policy(policy, real, penalty):
    policy("mixed_bfloat16")
    pair = conditional.generator(2, 4, 8, 8, seed=0), conditional.discriminator(2, 8, 8, seed=1)
    game = conditional.ConditionalGAN(*pair, penalty=penalty, seed=0)
    game.compile()
    labels = np.arange(32) % 2
    game.fit(data.batches(real, 8, labels=labels), steps_per_epoch=2, verbose=0)
    assert game.sample(3, 0, label=1).dtype == np.float32
    assert pair[1]([real[:2], np.eye(2, dtype=np.float32)]).dtype == tf.float32


def test_the_copyist_too(policy, real):
    policy("mixed_bfloat16")
    copyist = vae.VAE(vae.encoder(4, 8, 8, seed=0), models.generator(4, 8, 8, seed=1), seed=0)
    copyist.compile()
    copyist.fit(data.batches(real, 8), steps_per_epoch=2, verbose=0)
    assert copyist.encoder(real[:2]).dtype == tf.float32


def test_spectral_normalisation_does_not_round_the_kernels(policy, real):
    policy("mixed_bfloat16")
    judge = models.discriminator(8, 8, spectral_norm=True, seed=0)
    judge(real[:4], training=True)
    kernel = judge.layers[1].layer.kernel.numpy()
    rounded = tf.cast(tf.cast(kernel, tf.bfloat16), tf.float32).numpy()
    assert not np.array_equal(kernel, rounded)
    assert np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]))[1][0] == pytest.approx(1, abs=0.3)


def test_a_page_gets_the_same_networks(real):
    game, plain = SMALL.build(), SMALL.replace(precision="float32").build()
    for name in ("generator", "discriminator"):
        network = getattr(plain, name)
        network.set_weights(getattr(game, name).get_weights())
        assert export.export(getattr(game, name)).digest == export.export(network).digest


@pytest.mark.parametrize(
    ("product", "share", "said"),
    [(0.1, None, "no instructions for it"), (2, 0.8, "--precision bfloat16"), (2, 1, "not worth")],
)
def test_doctor_says_whether_it_is_worth_it(monkeypatch, product, share, said):
    speed = {"float32": 100.0, "bfloat16": 100.0 * product}
    monkeypatch.setattr(
        doctor, "matmul_gflops", lambda size=0, repeats=0, dtype="float32": speed[dtype]
    )
    monkeypatch.setattr(doctor, "seconds_a_step", lambda steps, precision: 0.1 * share)
    assert said in doctor._bfloat16(0.1, 2)


def test_a_generator_of_any_making_is_averaged(policy):
    """With an operation that is no layer, a model inside a model, a wrapper: all of it float32."""
    policy("mixed_bfloat16")
    z = keras.Input((4,))
    wrapped = keras.layers.SpectralNormalization(keras.layers.Dense(192))
    inner = keras.Sequential([keras.Input((4,)), wrapped, keras.layers.Reshape((8, 8, 3))])
    picture = keras.layers.Activation("tanh", dtype="float32")(inner(z)) * 0.5
    generator = keras.Model(z, picture)
    game = gan.GAN(generator, models.discriminator(8, 8))
    assert wrapped.layer.compute_dtype == "bfloat16"
    *_, copy = (layer for layer in game.ema_generator.layers if isinstance(layer, keras.Model))
    assert {copy.layers[0].compute_dtype, copy.layers[0].layer.compute_dtype} == {"float32"}
    latents = np.random.default_rng(0).standard_normal((5, 4), np.float32)
    exact = np.tanh(latents @ wrapped.layer.kernel.numpy() + wrapped.layer.bias.numpy()) / 2
    np.testing.assert_allclose(game(latents).numpy(), exact.reshape(5, 8, 8, 3), atol=1e-5)


def test_a_painter_left_with_one_order_can_still_play():
    g = conditional.for_order(conditional.generator(2, 4, 8, 8), np.eye(2)[0])
    assert gan.GAN(g, models.discriminator(8, 8)).sample(2, 0).shape == (2, 8, 8, 3)


def test_a_network_that_does_not_end_in_float32(policy):
    policy("mixed_bfloat16")
    coarse = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    with pytest.raises(InputError, match=r"discriminator ends in bfloat16.*its last layer dtype="):
        gan.GAN(models.generator(4, 8, 8), coarse)
    policy("mixed_float16")
    with pytest.raises(InputError, match="of the encoder computes in float16"):
        vae.VAE(vae.encoder(4, 8, 8), models.generator(4, 8, 8))


def test_what_judges_and_what_is_shipped_do_not_follow_the_policy(policy):
    policy("mixed_bfloat16")
    networks = [
        feature_network.build(batch_norm=False), pretrained.load("sketch").generator,
        ordered.load().copyist.encoder, article.generator(), article.discriminator(),
        models.point_generator(), models.point_discriminator(),
    ]  # fmt: skip
    assert {dtype for network in networks for dtype in computes_in(network)} == {"float32"}
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
