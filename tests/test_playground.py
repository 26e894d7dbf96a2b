"""The playground: its JavaScript under Node, and its gradients against TensorFlow's."""

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_lessons import page, page_playground
from gan_lessons.errors import InputError, StorageError

ROOT = Path(__file__).parents[1]
WEB = ROOT / "gan_lessons" / "web"


def test_the_mathematics_in_javascript(node):
    done = subprocess.run(
        [node, "--test", *sorted(map(str, (ROOT / "tests" / "js").glob("*.test.mjs")))],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


#: a penalty adds to any loss alike: it is enough to try two
CASES = [
    (loss, penalty)
    for loss in ("non_saturating", "saturating", "least_squares", "hinge", "wasserstein")
    for penalty in (None, "gp", "r1")
    if not penalty or loss in ("non_saturating", "wasserstein")
]


@pytest.mark.parametrize("activation", ["leaky", "tanh"])
@pytest.mark.parametrize(("loss", "penalty"), CASES)
def test_gradients_equal_tensorflows(activation, loss, penalty, node, tmp_path):
    import tensorflow as tf

    from gan_lessons import losses

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
        [node, "tests/js/gradients.mjs", tmp_path / "case.json"],
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
    assert "<title>A &lt;b&gt; &amp; c</title>" in path.read_text("utf-8")
    with pytest.raises(StorageError):
        fragment.save(tmp_path / "none" / "play.html")


def test_two_fragments_share_no_id():
    import re

    a, b = (set(re.findall(r' id="([^"]+)"', page.playground().body)) for _ in range(2))
    assert a and not a & b


def test_python_and_the_page_allow_the_same(node):
    code = """import { load, CORE } from "./tests/js/load.mjs";
      console.log(JSON.stringify(load([...CORE, "share"]).ALLOWED))"""
    done = subprocess.run(
        [node, "--input-type=module", "-e", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    ours = {key: list(values) for key, values in page_playground.ALLOWED.items()}
    assert json.loads(done.stdout) == ours


@pytest.mark.parametrize(
    "config", ["jsconfig.json", "playground/jsconfig.json", "playground/jsconfig.worker.json"]
)
def test_types(config):
    """tsc is no Python package; where it is missing, this says so."""
    tsc = shutil.which("tsc")
    if not tsc:
        pytest.skip("needs tsc: `npm install -g typescript` or `apt-get install node-typescript`")
    done = subprocess.run([tsc, "-p", WEB / config], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_script_is_checked_for_types():
    """None of the files under web/ is left out of the three lists."""
    checked = set()
    for config in WEB.rglob("jsconfig*.json"):
        listed = json.loads(config.read_text("utf-8"))["files"]
        checked |= {(config.parent / name).resolve() for name in listed}
    assert checked == {*WEB.rglob("*.js"), *WEB.rglob("*.d.ts")}


def test_scripts_are_short_and_begin_with_what_they_are():
    for path in WEB.rglob("*.js"):
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].startswith("// ") and len(lines) <= 260, path
        assert max(map(len, lines)) <= 140, path


def test_bad_settings_are_refused():
    with pytest.raises(InputError, match="learning_rate"):
        page.playground(learning_rate=3)
    with pytest.raises(InputError, match=r"loss is 'nonsense': choose from non_saturating"):
        page.playground(loss="nonsense")
    with pytest.raises(InputError, match=r"seed is -1: give a whole number"):
        page.playground(seed=-1)
    with pytest.raises(InputError, match="one word"):
        page.playground(name="a b")


def test_no_tensorflow_is_needed():
    code = "import sys; from gan_lessons import page; page.playground(); assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules"  # noqa: E501
    subprocess.run([sys.executable, "-c", code], check=True)
