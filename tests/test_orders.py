"""Labels, the expert who checks deliveries, the measure of blur, and training by the clock."""

import os
from pathlib import Path

import numpy as np
import pytest

from gan_lessons import (
    budget,
    classes,
    data,
    naming,
    order_plots,
    ordered,
    plots,
    sharpness,
    tables,
)
from gan_lessons.errors import InputError

SHARED = Path(os.environ.get("GAN_LESSONS_SHARED", Path(__file__).parents[2] / "shared"))
PHOTOGRAPHS = SHARED / "data" / "cifar10-train-jpeg.zip"


def folders(path, names=("cat", "dog"), n=20):
    from PIL import Image

    for k, name in enumerate(names):
        (path / name).mkdir(parents=True)
        for i in range(n):
            pixels = np.full((8, 8, 3), 100 * k + i, np.uint8)
            Image.fromarray(pixels).save(path / name / f"{i:03d}.png")
    return path


def test_labels_belong_to_their_pictures(tmp_path):
    found = classes.load(folders(tmp_path / "pets"), image_size=8)
    assert found.names == ("cat", "dog") and found.images.shape == (36, 8, 8, 3)
    np.testing.assert_array_equal(found.labels, found.images.mean((1, 2, 3)) > -0.4)
    assert 0 < found.labels[:10].sum() < 10  # mixed
    test = classes.load(tmp_path / "pets", "test", image_size=8, limit=2)
    assert sorted(test.labels) == [0, 1]


def test_a_zip_has_classes_too(tmp_path):
    import shutil

    folders(tmp_path / "pets")
    archive = shutil.make_archive(str(tmp_path / "pets"), "zip", tmp_path, "pets")
    a, b = (classes.load(path, image_size=8) for path in (archive, tmp_path / "pets"))
    assert a.names == b.names
    np.testing.assert_array_equal(a.images, b.images)


def test_the_species_of_the_sketches():
    found = classes.load("sketch", "test", limit=64)
    assert found.names == data.SPECIES
    assert np.bincount(found.labels).tolist() == [8] * 8
    images, factors = data.sketch_frogs(1000, 1)
    for k in (0, 5):
        expected = images[factors.species == k][:8]
        got = found.images[found.labels == k]
        assert sorted(x.sum() for x in got) == sorted(x.sum() for x in expected)


@pytest.mark.skipif(
    not PHOTOGRAPHS.exists(),
    reason="needs the development data (GAN_LESSONS_SHARED names its folder)",
)
def test_the_classes_of_real_photographs():
    found = classes.load(PHOTOGRAPHS, limit=40)
    assert found.names == data.cifar.CLASSES
    assert found.images.shape == (40, 32, 32, 3) and np.bincount(found.labels).tolist() == [4] * 10


def test_cifars_own_archive(monkeypatch):
    pixels = np.arange(40, dtype=np.uint8)[:, None, None, None].repeat(32, 1).repeat(32, 2)
    labels = np.arange(40) % 10
    monkeypatch.setattr(classes.cifar, "load", lambda split: (pixels.repeat(3, 3), labels))
    found = classes.load("cifar10", limit=20, image_size=16)
    assert found.images.shape == (20, 16, 16, 3) and np.bincount(found.labels).tolist() == [2] * 10
    shown = np.round((found.images[:, 0, 0, 0] + 1) * 127.5).astype(int)
    np.testing.assert_array_equal(shown % 10, found.labels)
    assert len(classes.load("cifar10", "all").images) == 80
    for options, words in (({"split": "x"}, "no split"), ({"limit": 0}, "limit is 0")):
        with pytest.raises(InputError, match=words):
            classes.load("cifar10", **options)


def test_sources_without_classes(tmp_path):
    folders(tmp_path / "one", names=("cat",))
    np.save(tmp_path / "a.npy", np.zeros((4, 8, 8, 3), np.uint8))
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    for source, words in (
        (tmp_path / "one", "no classes to order from"),
        (tmp_path / "a.npy", "no classes to order from"),
        (tmp_path / "gone", "does not exist"),
        (tmp_path / "bad.zip", "not a whole zip"),
    ):
        with pytest.raises(InputError, match=words):
            classes.load(source)


def test_batches_carry_labels_and_keep_their_order():
    images = np.linspace(-1, 1, 30, dtype=np.float32)[:, None, None, None].repeat(8, 1)
    labels = np.arange(30)
    plain = [b.numpy() for b in data.batches(images, 4, seed=3).take(10)]
    for start in (0, 5):
        stream = data.batches(images, 4, seed=3, start=start, labels=labels).take(10 - start)
        for before, (x, y) in zip(plain[start:], stream, strict=True):
            np.testing.assert_array_equal(x, before)
            np.testing.assert_array_equal(images[y.numpy()], x)
    for bad in (labels[:5], labels - 1, labels / 2):
        with pytest.raises(InputError, match="labels"):
            data.batches(images, 4, labels=bad)


def test_an_expert_learns_from_drawings():
    expert = naming.learn(classes.load("sketch", limit=480))
    assert naming.share(expert.table) > 0.85 and expert.table.sum() == 120
    test = classes.load("sketch", "test", limit=80)
    table = expert.judge(test.images, test.labels)
    assert naming.share(table) > 0.85
    np.testing.assert_array_equal(table.sum(1), np.bincount(test.labels))
    wrong = expert.judge(test.images, (test.labels + 1) % 8)
    assert naming.share(wrong) < 0.15
    with pytest.raises(InputError, match="at least 40"):
        naming.learn(classes.load("sketch", limit=16))


def test_a_confusion_table_by_hand():
    table = naming.count(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2)
    assert table.tolist() == [[1, 1], [0, 2]] and naming.share(table) == 0.75
    figure = order_plots.confusion({"x": table}, ("a", "b"))
    assert "75 % on the diagonal, least for a (50 %)" in plots.alt_text(figure)
    with pytest.raises(InputError, match="2 classes"):
        order_plots.confusion({"x": np.eye(3)}, ("a", "b"))


def test_a_table_in_html_and_in_text():
    import xml.etree.ElementTree as ET

    table = tables.Table(("a < b", "c"), {"one": (1, "x & y"), "three": (22, "")})
    assert repr(table).splitlines() == ["       a < b  c", "one    1      x & y", "three  22"]
    cells = [e.text for e in ET.fromstring(table._repr_html_()).iter() if e.tag in ("td", "th")]
    assert cells == [None, "a < b", "c", "one", "1", "x & y", "three", "22", None]
    with pytest.raises(InputError, match="1 cells for 2 columns"):
        tables.Table(("a", "b"), {"x": (1,)})


def wave(period, size=32, n=2):
    row = np.sin(2 * np.pi * np.arange(size) / period)
    return np.broadcast_to(row[None, None, :, None], (n, size, size, 3)).astype(np.float32) * 0.5


def test_fine_detail_of_waves_noise_and_blur():
    assert sharpness.fine_detail(wave(16)).max() < 0.001
    assert sharpness.fine_detail(wave(8 / 3)).min() > 0.99
    assert sharpness.fine_detail(np.zeros((1, 8, 8, 3), np.float32)).tolist() == [0]
    noise = np.random.default_rng(0).uniform(-1, 1, (200, 32, 32, 3)).astype(np.float32)
    f = np.fft.fftfreq(32, 1 / 32)
    expected = (np.hypot(f[:, None], f) > 8).mean()  # white noise: every wave has the same energy
    assert sharpness.fine_detail(noise).mean() == pytest.approx(expected, abs=0.01)
    frogs = data.load_images("sketch", limit=32)
    blurred = (frogs + np.roll(frogs, 1, 1) + np.roll(frogs, 1, 2) + np.roll(frogs, 1, (1, 2))) / 4
    sharp, soft = (sharpness.fine_detail(x).mean() for x in (frogs, blurred))
    assert soft < 0.6 * sharp and 0 < sharp < expected
    faded = sharpness.fine_detail(0.5 * frogs)  # a share does not mind pale colours
    np.testing.assert_allclose(faded, sharpness.fine_detail(frogs), rtol=1e-4)


def test_the_spectrum_finds_a_wave_and_its_energy():
    waves, energy = sharpness.spectrum(wave(8))
    assert waves[energy.argmax()] == 4
    assert energy.sum() == pytest.approx(0.125, rel=0.05)  # of a sine of amplitude 1/2
    figure = order_plots.spectra({"real": wave(8), "forged": wave(16)}, title="Two waves")
    assert "shorter than 4 pixels" in plots.alt_text(figure)
    with pytest.raises(InputError, match="square"):
        sharpness.spectrum(np.zeros((1, 8, 16, 3), np.float32))
    with pytest.raises(InputError, match="above 2"):
        sharpness.fine_detail(wave(8), 2)


@pytest.mark.parametrize("kind", [ordered.forger, ordered.copyist])
def test_training_by_the_clock(kind):
    frogs = classes.load("sketch", limit=64)
    stream = data.batches(frogs.images, 8, labels=frogs.labels)
    spent = budget.fit_for(kind(frogs.names, width=4), stream, 0.3, every=5)
    assert 0.3 <= spent.cpu_seconds < 30
    assert spent.rounds % 5 == 0 and spent.rounds >= 10
    assert all(len(v) == spent.rounds // 5 for v in spent.history.values())
    with pytest.raises(InputError, match="above 0"):
        budget.fit_for(kind(frogs.names, width=4), stream, 0)


def test_the_shipped_pair_delivers_what_its_cards_say():
    pair = ordered.load()
    expert = naming.learn(classes.load("sketch", limit=480))
    labels = np.repeat(np.arange(8), 12)
    for name, model in (("forger", pair.forger), ("copyist", pair.copyist)):
        card = pair.cards[name]
        packed, digest = ordered.pack(model)
        assert (len(packed), digest) == (card["bytes"], card["sha256"])
        for field in ("data", "command", "licence", "known_failures", "training"):
            assert card[field], field
        made = model.sample(96, seed=5, label=labels)
        assert naming.share(expert.judge(made, labels)) > 0.6, name
    times = [card["training"]["cpu_seconds"] for card in pair.cards.values()]
    assert max(times) / min(times) < 1.05
    # the shipped dealer heeds the order: his logit for the true species is the higher one
    test = classes.load("sketch", "test", limit=80)
    eye = np.eye(8, dtype=np.float32)
    right, wrong = (
        np.asarray(pair.forger.discriminator([test.images, eye[(test.labels + k) % 8]]))
        for k in (0, 3)
    )
    assert (right > wrong).mean() > 0.6
