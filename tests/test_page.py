"""The parts of a page, seen from Python: sizes, refusals, escaping, directions."""

import errno
import itertools
import os
import re

import keras
import numpy as np
import pytest

from gan_lessons import (
    directions,
    fragment,
    gan,
    latent,
    models,
    page,
    page_timeline,
    pretrained,
    runs,
)
from gan_lessons.errors import InputError, StorageError
from gan_lessons.recipes import Settings


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


def test_the_shipped_generator_fits_in_its_room():
    """1.6 MB at most, whatever is written above it."""
    for name in pretrained.names():
        words = {"title": "A title " * 10, "note": "Some words of explanation. " * 40}
        fragment = page.latent_sliders(pretrained.load(name).generator, **words)
        assert len(fragment._repr_html_().encode()) <= 1_600_000


def test_fragments_name_no_other_host(generator, run):
    for piece in (page.latent_sliders(generator), page.timeline(run)):
        text = piece.body.replace("http://www.w3.org/2000/svg", "")  # a name, not an address
        assert "://" not in text
        assert "fetch(" not in text and 'type="module"' not in text


def test_one_network_stands_on_a_page_once(generator):
    sliders = page.latent_sliders(generator)
    assert (sliders + sliders).body.count('<script type="text/plain" data-gl-weights=') == 1
    both = sliders + page.latent_sliders(models.generator(6, 16, 4, seed=2))
    assert both.body.count('<script type="text/plain" data-gl-weights=') == 2
    judged = page.latent_sliders(generator, models.discriminator(16, 4, seed=1))
    assert (sliders + judged).body.count('<script type="text/plain" data-gl-weights=') == 2


def test_a_style_that_two_widgets_share_stands_in_the_head_once(generator, tmp_path):
    both = page.latent_sliders(generator) + page.latent_sliders(generator) + page.playground()
    body, style = fragment.styles(both.body)
    assert "<style>" not in body and body.count("<section") == 2
    for text in re.findall("<style>(.*?)</style>", both.body, re.DOTALL):
        assert style.count(text) == 1
    saved = both.save(tmp_path / "both.html").read_text("utf-8")
    assert saved.count("<style>") == 1 and saved.index("</style>") < saved.index("<body>")


def test_words_cannot_become_program(generator):
    evil = '</script><script>alert(1)</script>"><img onerror=x>'
    text = page.latent_sliders(generator, title=evil, note=evil, what=evil).body
    assert "<script>alert" not in text and "<img onerror" not in text


def test_wrong_networks_are_refused(generator):
    game = gan.GAN(generator, models.discriminator(16, 4, seed=1))
    with pytest.raises(InputError, match=r"'gan' .* give its ema_generator"):
        page.latent_sliders(game)
    with pytest.raises(InputError, match="latent vector in and a picture"):
        page.latent_sliders(models.point_generator(seed=1))
    with pytest.raises(InputError, match="discriminator"):
        page.latent_sliders(generator, models.discriminator(32, 4, seed=1))
    x = keras.Input((4,))
    other = keras.Model(x, keras.layers.UnitNormalization(name="odd_one")(x))
    with pytest.raises(InputError, match="odd_one"):
        page.latent_sliders(other)


def test_sliders_take_directions_of_your_own(generator):
    dim = generator.input_shape[-1]
    vectors = np.eye(dim, dtype=np.float32)[:2]
    mine = [
        directions.Direction(v, low, high, float("nan"))
        for v, low, high in zip(vectors, ("day", "small"), ("night", "large"), strict=True)
    ]
    body = page.latent_sliders(generator, along=mine).body
    assert "1 \\u00b7 day \\u2013 night" in body and "small" in body
    for wrong in ([], [directions.Direction(np.ones(dim + 1, np.float32), "a", "b", 0.0)]):
        with pytest.raises(InputError, match="give at least one"):
            page.latent_sliders(generator, along=wrong)


def test_a_page_is_saved_and_a_bad_place_is_refused(generator, tmp_path):
    path = page.latent_sliders(generator).save(tmp_path / "page.html", "Frogs & friends")
    assert "<title>Frogs &amp; friends</title>" in path.read_text("utf-8")
    for nowhere in (tmp_path / "none" / "page.html", tmp_path):
        with pytest.raises(StorageError, match="could not be written"):
            page.latent_sliders(generator).save(nowhere)


def test_a_page_that_finds_no_room_leaves_the_one_before(tmp_path, monkeypatch):
    path = fragment.Fragment("old").save(tmp_path / "page.html")
    before = path.read_bytes()

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="the disk is full"):
        fragment.Fragment("new").save(path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert "new" in fragment.Fragment("new").save("page.html").read_text("utf-8")


def test_directions_are_perpendicular_and_reproducible(generator):
    found = directions.principal(generator, 4, samples=100)
    basis = np.stack([d.vector for d in found])
    np.testing.assert_allclose(basis @ basis.T, np.eye(4), atol=1e-5)
    again = directions.principal(generator, 4, samples=100)
    np.testing.assert_array_equal(basis, np.stack([d.vector for d in again]))
    assert all(a.share >= b.share for a, b in itertools.pairwise(found))


def test_the_first_direction_changes_more_than_a_random_one(generator):
    first = directions.principal(generator, 2, samples=200)[0].vector
    z = latent.vectors(50, 6, 3)

    def change(d):
        moved = latent.generate(generator, z + d) - latent.generate(generator, z - d)
        return np.square(moved).mean()

    others = latent.vectors(8, 6, 4)
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    assert change(first) > np.mean([change(d) for d in others])


def test_directions_that_cannot_be_are_refused(generator):
    with pytest.raises(InputError, match="directions"):
        directions.principal(generator, 7)
    x = keras.Input((4,))
    flat = keras.layers.Dense(48, kernel_initializer="zeros")(x)
    with pytest.raises(InputError, match="the same"):
        directions.principal(keras.Model(x, keras.layers.Reshape((4, 4, 3))(flat)), 2, samples=10)


def test_a_run_becomes_a_timeline_and_a_page(run, tmp_path):
    fragment = page.timeline(run, distance={0: 100.0, 12: 50.0})
    assert len(fragment.body.encode()) < 1_500_000
    assert "Distance to real pictures" in fragment.body
    assert page_timeline.parts(run, {0: 100.0, 50: 1.0}).last == 50  # one axis for all charts
    whole = page.of_run(run)
    assert whole.body.count('data-gl="sliders" aria-label') == 1
    assert whole.body.count('data-gl="timeline" aria-label') == 1
