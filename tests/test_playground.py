"""The playground: its JavaScript under Node, and its gradients against TensorFlow's."""

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_lessons import page
from gan_lessons.errors import InputError, StorageError

ROOT = Path(__file__).parents[1]
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(
    not NODE, reason="needs node 18 or newer: https://nodejs.org or `apt-get install nodejs`"
)


@needs_node
def test_the_mathematics_in_javascript():
    done = subprocess.run(
        [NODE, "--test", "tests/js/playground.test.mjs", "tests/js/share.test.mjs"],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@needs_node
@pytest.mark.parametrize("activation", ["leaky", "tanh"])
@pytest.mark.parametrize("loss", ["non_saturating", "saturating", "least_squares", "hinge", "wasserstein"])  # fmt: skip # noqa: E501
@pytest.mark.parametrize("penalty", [None, "gp", "r1"])
def test_gradients_equal_tensorflows(activation, loss, penalty, tmp_path):
    import tensorflow as tf

    from gan_lessons import losses

    if penalty and loss not in ("non_saturating", "wasserstein"):
        pytest.skip("a penalty adds to any loss alike: two are enough")
    rng = np.random.default_rng(3)
    draw = lambda *shape: rng.normal(size=shape).astype(np.float32)

    def network(*sizes):
        return [(draw(a, b) / np.sqrt(a), 0.1 * draw(b)) for a, b in itertools.pairwise(sizes)]

    g, d = network(3, 9, 8, 2), network(2, 10, 7, 1)
    batch = {"real": draw(16, 2), "noise": draw(16, 3), "u": rng.random(16)}
    case = {
        "G": [[w.tolist(), b.tolist()] for w, b in g],
        "D": [[w.tolist(), b.tolist()] for w, b in d],
        "settings": {"loss": loss, "activation": activation, "batch": 16, "noiseDim": 3,
                     "gp": 10 if penalty == "gp" else 0, "r1": 2 if penalty == "r1" else 0},
        **{k: v.tolist() for k, v in batch.items()},
    }  # fmt: skip
    (tmp_path / "case.json").write_text(json.dumps(case))
    done = subprocess.run(
        [NODE, "tests/js/gradients.mjs", tmp_path / "case.json"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ours = json.loads(done.stdout)

    double = lambda net: [[tf.Variable(part.astype(np.float64)) for part in layer] for layer in net]
    g, d = double(g), double(d)
    real, noise, u = (tf.constant(v, tf.float64) for v in batch.values())

    def run(net, x):
        for i, (w, b) in enumerate(net):
            x = x @ w + b
            if i < len(net) - 1:
                x = tf.tanh(x) if activation == "tanh" else tf.where(x > 0, x, 0.2 * x)
        return x

    def squared_slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = run(d, x)
        return tf.reduce_sum(tape.gradient(y, x) ** 2, 1)

    game = losses.ALL[loss]
    with tf.GradientTape(persistent=True) as tape:
        fake = run(g, noise)
        d_loss = game.discriminator(run(d, real), run(d, tf.stop_gradient(fake)))
        if penalty == "gp":
            mixed = u[:, None] * real + (1 - u[:, None]) * tf.stop_gradient(fake)
            d_loss += 10 * tf.reduce_mean((tf.sqrt(squared_slope(mixed) + 1e-12) - 1) ** 2)
        if penalty == "r1":
            d_loss += tf.reduce_mean(squared_slope(real))
        g_loss = game.generator(run(d, fake))
    for name, loss_value, net in (("D", d_loss, d), ("G", g_loss, g)):
        assert ours["loss" + name] == pytest.approx(float(loss_value), rel=1e-9)
        for layer, theirs in zip(ours[name], net, strict=True):
            for mine, variable in zip(layer, theirs, strict=True):
                expected = tape.gradient(loss_value, variable)
                expected = 0 * variable if expected is None else expected
                np.testing.assert_allclose(mine, expected, rtol=1e-7, atol=1e-10)


def test_the_fragment_stands_alone(tmp_path):
    fragment = page.playground(data="moons", seed=3)
    text = fragment._repr_html_()
    assert len(text.encode()) < 200_000
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "<noscript>" in text and 'role="img"' in text
    assert text.count("</script>") == 1
    path = fragment.save(tmp_path / "play.html", title="A <b> & c")
    assert "<title>A &lt;b&gt; &amp; c</title>" in path.read_text()
    with pytest.raises(StorageError):
        fragment.save(tmp_path / "none" / "play.html")


def test_two_fragments_share_no_id():
    import re

    a, b = (set(re.findall(r' id="([^"]+)"', page.playground().body)) for _ in range(2))
    assert a and not a & b


def test_bad_settings_are_refused():
    with pytest.raises(InputError, match="learning_rate"):
        page.playground(learning_rate=3)
    with pytest.raises(InputError, match="one word"):
        page.playground(name="a b")


def test_no_tensorflow_is_needed():
    code = "import sys; from gan_lessons import page; page.playground(); assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules"  # noqa: E501
    subprocess.run([sys.executable, "-c", code], check=True)
