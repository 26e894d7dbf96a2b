"""What the page computes equals what Keras computes, and what it cannot compute is refused."""

import json
import subprocess
from pathlib import Path

import keras
import numpy as np
import pytest

from gan_lessons import article, latent, models, pretrained
from gan_lessons.errors import InputError
from gan_lessons.export import export

ROOT = Path(__file__).parents[1]
WEB = ROOT / "gan_lessons" / "web"


def run_js(node, model, inputs, folder):
    job = folder / "job.json"
    inputs = np.asarray(inputs, np.float64)
    job.write_text(
        json.dumps(
            {
                "model": export(model).as_dict(),
                "inputs": inputs.reshape(len(inputs), -1).tolist(),
            }
        )
    )
    done = subprocess.run(
        [node, ROOT / "tests" / "js" / "run_engine.js", WEB, job], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    shape = (len(inputs), *model.output_shape[1:])
    return {name: np.reshape(part["outputs"], shape) for name, part in answer.items()} | {
        "used": answer["wasm"]["used"]
    }


def shaken(model, seed=0):
    """The model with weights as after training: every one of them matters."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        values = np.asarray(weight)
        if "moving_variance" in weight.path or "gamma" in weight.path:
            weight.assign(random.uniform(0.5, 1.5, values.shape))
        else:
            weight.assign(values + 0.05 * random.standard_normal(values.shape))
    return model


def chain(inputs, *parts):
    x = first = keras.Input(inputs)
    for part in parts:
        x = part(x)
    return keras.Model(first, x)


CASES = {
    "generator": lambda: models.generator(seed=1),
    "generator 64": lambda: models.generator(5, 64, 6, seed=1),
    "generator 8": lambda: models.generator(3, 8, 5, seed=1),
    "discriminator": lambda: models.discriminator(seed=1),
    "discriminator with dropout": lambda: models.discriminator(16, 7, dropout=0.3, seed=1),
    "points": lambda: models.point_generator(seed=1),
    "article's discriminator": lambda: article.discriminator(seed=1),
    "odd windows": lambda: chain(
        (9, 7, 2),
        keras.layers.Conv2D(5, 3, 2, "same", activation="relu"),
        keras.layers.Conv2DTranspose(3, 5, 3, "valid"),
        keras.layers.BatchNormalization(),
        keras.layers.Conv2DTranspose(3, 3, 2, "same", activation="sigmoid"),
        keras.layers.BatchNormalization(scale=False),
        keras.layers.Conv2DTranspose(2, 2, 3, "same"),
        keras.layers.Conv2D(2, 7, padding="same"),
    ),
    "spectral normalisation": lambda: chain(
        (8, 8, 3),
        keras.layers.SpectralNormalization(keras.layers.Conv2D(4, 4, 2, "same")),
        keras.layers.Flatten(),
        keras.layers.SpectralNormalization(keras.layers.Dense(1)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_page_equals_keras(name, node, tmp_path):
    model = shaken(CASES[name]())
    count = 100 if name in ("generator", "discriminator") else 8
    inputs = np.random.default_rng(1).standard_normal((count, *model.input_shape[1:]), np.float32)
    if len(inputs.shape) == 4:
        inputs = np.tanh(inputs)
    expected = np.asarray(model(inputs, training=False))
    scale = max(1.0, np.abs(expected).max())
    answer = run_js(node, model, inputs, tmp_path)
    assert answer["used"] == "wasm"
    for kernels in ("wasm", "plain"):
        assert np.abs(answer[kernels] - expected).max() < 2e-3 * scale


@pytest.mark.parametrize("name", pretrained.names())
def test_the_page_equals_keras_for_the_shipped_pairs(name, node, tmp_path):
    pair = pretrained.load(name)
    z = latent.vectors(100, pair.generator.input_shape[1], seed=5)
    pictures = latent.generate(pair.generator, z)
    for model, inputs in ((pair.generator, z), (pair.discriminator, pictures)):
        expected = np.asarray(model(inputs, training=False))
        answer = run_js(node, model, inputs, tmp_path)
        for kernels in ("wasm", "plain"):
            assert np.abs(answer[kernels] - expected).max() < 2e-3, (model.name, kernels)


def test_rounding_the_weights_is_the_only_difference(node, tmp_path):
    model = chain(
        (16,),
        keras.layers.Dense(4 * 4 * 24),
        keras.layers.Reshape((4, 4, 24)),
        keras.layers.LeakyReLU(negative_slope=0.2),
        keras.layers.Conv2DTranspose(12, 4, 2, "same"),
        keras.layers.LeakyReLU(negative_slope=0.2),
        keras.layers.Conv2DTranspose(3, 4, 2, "same", activation="tanh"),
    )
    shaken(model)
    for weight in model.weights:
        weight.assign(np.asarray(weight).astype(np.float16).astype(np.float32))
    z = np.random.default_rng(2).standard_normal((20, 16), np.float32)
    answer = run_js(node, model, z, tmp_path)
    expected = np.asarray(model(z, training=False))
    assert np.abs(answer["wasm"] - expected).max() < 1e-5
    assert np.abs(answer["plain"] - expected).max() < 1e-5


def test_onnx_is_a_third_witness(node, tmp_path):
    runtime = pytest.importorskip(
        "onnxruntime", reason="needs `pip install onnx onnxruntime tf2onnx`"
    )
    for name in ("onnx", "tf2onnx"):
        pytest.importorskip(name, reason="needs `pip install onnx onnxruntime tf2onnx`")
    model = shaken(models.generator(seed=3))
    model(np.zeros((1, 64), np.float32))  # export wants a model that was called
    model.export(tmp_path / "g.onnx", format="onnx", verbose=False)
    session = runtime.InferenceSession(tmp_path / "g.onnx")
    z = latent.vectors(100, 64, seed=3)
    expected = session.run(None, {session.get_inputs()[0].name: z})[0]
    assert np.abs(run_js(node, model, z, tmp_path)["wasm"] - expected).max() < 2e-3


def test_a_layer_that_the_page_cannot_run_is_named():
    model = chain((8, 8, 3), keras.layers.MaxPooling2D(name="my_pooling"))
    with pytest.raises(InputError, match=r"my_pooling.*MaxPooling2D"):
        export(model)
    with pytest.raises(InputError, match=r"'swish_one'.*|.*swish_one"):
        export(chain((4,), keras.layers.Dense(2, activation="swish", name="swish_one")))
    with pytest.raises(InputError, match="wide"):
        export(chain((8, 8, 3), keras.layers.Conv2D(2, (3, 5), name="wide")))


def test_branches_are_refused():
    first = keras.Input((4,))
    a = keras.layers.Dense(4)(first)
    model = keras.Model(first, keras.layers.Add(name="sum")([a, first]))
    with pytest.raises(InputError, match="sum"):
        export(model)


def test_a_skip_is_refused():
    first = keras.Input((4,))
    a = keras.layers.Dense(4, name="forgotten")(first)
    b = keras.layers.Dense(4, name="other")(first)
    model = keras.Model(first, [a, b])
    with pytest.raises(InputError):
        export(model)


def test_a_layer_that_stands_in_two_places_is_refused():
    """``model.layers`` names it once: the page would leave its second place out."""
    bend = keras.layers.LeakyReLU(name="bend")
    dense = keras.layers.Dense
    with pytest.raises(InputError, match=r"'bend' stands in .* more than once"):
        export(chain((4,), dense(4), bend, dense(4), bend))
    assert len(export(chain((4,), dense(4), bend)).layers) == 2  # in two models it may


@pytest.mark.parametrize("last", [keras.ops.tanh, keras.ops.relu, lambda x: 0.5 * x])
def test_what_is_computed_outside_any_layer_is_refused(last):
    with pytest.raises(InputError, match="outside any layer"):
        export(chain((4,), keras.layers.Dense(4), last))


def test_a_sequential_model_is_a_chain():
    parts = keras.Input((4,)), keras.layers.Dense(3), keras.layers.ReLU()
    assert [op["op"] for op in export(keras.Sequential(parts)).layers] == ["dense", "activation"]


def test_weights_beyond_half_floats_are_refused():
    model = chain((4,), keras.layers.Dense(2))
    model.layers[-1].kernel.assign(np.full((4, 2), 1e6))
    with pytest.raises(InputError, match="16 bits"):
        export(model)


def test_the_same_model_has_the_same_digest():
    assert export(models.generator(seed=1)).digest == export(models.generator(seed=1)).digest
    assert export(models.generator(seed=1)).digest != export(models.generator(seed=2)).digest
