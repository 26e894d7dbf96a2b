"""The widgets for a live kernel, without a browser: what they hold and how they answer."""

import ast
from pathlib import Path

import keras
import numpy as np
import pytest

from gan_lessons import data, directions, gan, models, runs, widgets, widgets_draw
from gan_lessons.errors import InputError
from gan_lessons.recipes import Settings

#: what ipywidgets 7.7.1 has, of which Colab's notebooks are made, and what is used of it
OLD_AND_NEW = {"Button", "FloatSlider", "HBox", "HTML", "IntSlider", "Play", "VBox", "jslink"}


@pytest.fixture(scope="module")
def generator():
    return models.generator(6, 16, 4, seed=1)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    settings = Settings(data="test", image_size=16, latent_dim=4, width=4, batch_size=4)
    run = runs.Run.create(tmp_path_factory.mktemp("runs") / "one", settings)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
    run.train(images, 12, progress=False, report=lambda _: None)
    return run


def test_nothing_newer_than_ipywidgets_7_is_used():
    import ipywidgets

    used = set()
    for path in Path(widgets.__file__).parent.glob("widgets*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used |= {node.attr} if node.value.id == "ipywidgets" else set()
    assert used == OLD_AND_NEW
    assert all(hasattr(ipywidgets, name) for name in used)


def test_sliders_move_the_latent_vector_and_undo(generator):
    box = widgets.latent_sliders(generator, models.discriminator(16, 4, seed=1), count=3)
    before = box.latent.copy()
    slider = box.children[1].children[0]
    slider.value = 2.0
    first = directions.principal(generator, 3)[0].vector
    assert box.latent @ first == pytest.approx(2.0, abs=1e-4)
    box.children[0].children[2].children[1].click()
    np.testing.assert_allclose(box.latent, before, atol=1e-6)
    assert "data:image/png" in box.children[0].children[0].value
    with pytest.raises(InputError, match="paints no pictures"):
        widgets.latent_sliders(models.point_generator(seed=1))


def test_the_timeline_moves_all_together(run):
    box = widgets.timeline(run, distance={0: 90.0, 12: 40.0})
    left, charts = box.children
    frame, when, _ = left.children
    assert f"Step {run.frames().steps[-1]}" in when.value and "distance 40.00" in charts.value
    last = frame.value
    box.slider.value = 0
    assert "Step 0" in when.value and "distance 90.00" in charts.value and frame.value != last
    assert charts.value.count("<svg") == 3
    empty = runs.Run.create(run.folder.parent / "empty", run.settings)
    with pytest.raises(InputError):
        widgets.timeline(empty)


def play(dashboard, rounds=6, rate=1e-3):
    game = gan.GAN(models.generator(4, 8, 4, seed=1), models.discriminator(8, 4, seed=2), seed=3)
    game.compile(keras.optimizers.Adam(rate), keras.optimizers.Adam(rate))
    images = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 3)).astype(np.float32)
    game.fit(data.batches(images, 4), steps_per_epoch=rounds, verbose=0, callbacks=[dashboard])
    return game


def test_the_dashboard_follows_a_training():
    dashboard = widgets.training_dashboard(seconds=0, n=4)
    play(dashboard)
    assert dashboard.words.value == "<b>Round 6</b>"
    assert "4 forgeries after 6 rounds" in dashboard.view.value
    assert "painter" in dashboard.chart.value and dashboard.chart.value.count("polyline") == 2
    assert [row[0] for row in dashboard.rows] == [1, 2, 3, 4, 5, 6]


def test_the_dashboard_keeps_few_rows():
    dashboard = widgets.training_dashboard(seconds=1e9)
    dashboard.set_model(play(dashboard, 1))
    for step in range(2, 5000):
        dashboard.model.g_optimizer.iterations.assign(step)
        dashboard.on_train_batch_end(step, {"d_loss": 1.0, "g_loss": float(step)})
    steps = [row[0] for row in dashboard.rows]
    assert 150 < len(steps) <= 400 and steps[-1] > 4900
    assert np.ptp(np.diff(steps)) <= 2 * dashboard.every


def test_the_dashboard_stops_at_nan():
    dashboard = widgets.training_dashboard(seconds=0)
    game = play(dashboard, 1)
    game.discriminator.trainable_weights[0].assign(
        np.full(game.discriminator.trainable_weights[0].shape, np.nan)
    )
    images = np.zeros((16, 8, 8, 3), np.float32)
    game.fit(data.batches(images, 4), steps_per_epoch=50, verbose=0, callbacks=[dashboard])
    assert "no longer a number (NaN)" in dashboard.words.value
    assert dashboard.step < 5


def test_the_dashboard_shows_points_as_points():
    game = gan.GAN(models.point_generator(2, seed=1), models.point_discriminator(seed=2), seed=3)
    game.compile()
    dashboard = widgets.training_dashboard(seconds=0, n=50)
    game.fit(data.batches(data.ring(64), 16), steps_per_epoch=2, verbose=0, callbacks=[dashboard])
    assert dashboard.view.value.count("<circle") == 50


def test_the_dashboard_refuses_nonsense():
    with pytest.raises(InputError, match="n is 0"):
        widgets.training_dashboard(n=0)


def test_a_chart_says_what_it_shows_and_bears_gaps():
    text = widgets_draw.chart("Loss <b>", [0, 10, 20], {"a": [1.0, None, 3.0]}, now=0)
    assert "Loss &lt;b&gt;" in text and "a 1.00" in text
    assert "a unknown" in widgets_draw.chart("x", [0, 10], {"a": [1.0, float("nan")]})
    assert "a 0.042 (at step 1,000)" in widgets_draw.chart("x", [1000], {"a": [0.0421]}, now=10)
    assert "a unknown" in widgets_draw.chart("x", [], {"a": []})
    away = widgets_draw.chart("x", [0, 10, 20], {"a": [1.0, float("inf"), 2.0]})
    assert "inf" not in away and len(away.split('points="')[1].split('"')[0].split()) == 2
