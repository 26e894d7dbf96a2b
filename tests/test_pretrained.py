"""The shipped weights are what their cards say."""

import json

import numpy as np
import pytest

from gan_lessons import latent, pretrained
from gan_lessons.errors import InputError, StorageError


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
