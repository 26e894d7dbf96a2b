"""The shipped weights are what their cards say."""

import json

import numpy as np
import pytest

from gan_lessons import latent, pretrained, runs
from gan_lessons.errors import InputError, StorageError
from gan_lessons.recipes import Settings


@pytest.mark.parametrize("name", pretrained.names())
def test_loads_and_paints(name):
    pair = pretrained.load(name)
    z = latent.vectors(64, pair.card["network"]["latent_dim"], seed=0)
    pictures = latent.generate(pair.generator, z)
    assert pictures.shape == (64, 32, 32, 3)
    assert abs(pictures).max() <= 1
    assert pictures.std(0).mean() > 0.15  # not one picture again and again
    logits = np.asarray(pair.discriminator(pictures))
    assert logits.shape == (64, 1) and np.isfinite(logits).all()


@pytest.mark.parametrize("name", pretrained.names())
def test_cards_are_complete(name):
    card = pretrained.card(name)
    for field in ("data", "command", "licence", "known_failures", "network", "training", "sha256"):
        assert card[field], field
    metrics = card["metrics"]
    assert metrics["kernel"]["error"] > 0 and "floor" in metrics["kernel"]
    assert metrics["samples"] >= 500
    assert "data" not in card["training"]  # the path of some machine
    assert not any("/" in str(value) for value in card["training"].values())


def test_what_is_shipped_is_small():
    total = sum(pretrained.card(name)["bytes"] for name in pretrained.names())
    assert "frogs" in pretrained.names() and total <= 6_000_000


@pytest.mark.parametrize("name", ["newts", "features"])
def test_unknown_name(name):
    assert "features" not in pretrained.names()  # a classifier, not a pair
    with pytest.raises(InputError, match="frogs"):
        pretrained.load(name)


def test_changed_weights_are_refused(tmp_path, monkeypatch):
    card = pretrained.card("frogs")
    weights = bytearray((pretrained._folder() / "frogs.safetensors").read_bytes())
    weights[-1] ^= 1
    (tmp_path / "frogs.safetensors").write_bytes(weights)
    (tmp_path / "frogs.card.json").write_text(json.dumps(card))
    monkeypatch.setattr(pretrained, "_folder", lambda: tmp_path)
    with pytest.raises(StorageError, match="SHA-256 differs"):
        pretrained.load("frogs")
    (tmp_path / "frogs.safetensors").unlink()
    with pytest.raises(StorageError, match="cannot be read"):
        pretrained.load("frogs")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    images = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 3)).astype(np.float32)
    settings = Settings(data="/some/folder", image_size=8, latent_dim=4, width=4, batch_size=8)
    made = runs.Run.create(tmp_path_factory.mktemp("run") / "r", settings)
    made.train(images, 2, progress=False, report=str)
    return made


def test_a_packed_run_loads_and_paints_as_it_did(run, tmp_path, monkeypatch):
    data, about = pretrained.pack(run)
    assert "/some/folder" not in json.dumps(about) and about["training"]["steps"] == 2
    assert about["training"]["minutes"] >= 0
    (tmp_path / "mine.safetensors").write_bytes(data)
    (tmp_path / "mine.card.json").write_text(json.dumps(about))
    monkeypatch.setattr(pretrained, "_folder", lambda: tmp_path)
    pair, z = pretrained.load("mine"), latent.vectors(8, 4, seed=0)
    kept = latent.generate(run.gan().ema_generator, z)
    np.testing.assert_allclose(latent.generate(pair.generator, z), kept, atol=5e-3)  # float16
    judged = np.asarray(run.gan().discriminator(kept))
    np.testing.assert_allclose(np.asarray(pair.discriminator(kept)), judged, atol=5e-3)


def test_what_cannot_be_packed(run, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(run, "settings", run.settings.replace(recipe="article"))
        with pytest.raises(InputError, match="course recipe"):
            pretrained.pack(run)
    large = run.gan()
    large.discriminator.set_weights([1e6 * w + 1e5 for w in large.discriminator.get_weights()])
    monkeypatch.setattr(run, "gan", lambda step=None: large)
    with pytest.raises(InputError, match="float16"):
        pretrained.pack(run)
