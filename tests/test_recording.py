"""A recording keeps what there is to see of a run."""

from pathlib import Path

import numpy as np
import pytest

from gan_lessons import page, recording, runs
from gan_lessons.errors import StorageError
from gan_lessons.recipes import Settings


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    settings = Settings(data="test", image_size=16, latent_dim=4, width=4, batch_size=4)
    made = runs.Run.create(tmp_path_factory.mktemp("runs") / "run", settings)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
    made.train(images, 12, progress=False, report=lambda _: None)
    return made


def test_it_holds_frames_history_and_scores(run):
    scores = {"step": np.array([6, 12]), "kernel": np.array([0.5, 0.25])}
    kept = recording.unpack(recording.pack(run, scores), Path("test"))
    frames, there = run.frames(), kept.frames()
    np.testing.assert_array_equal(there.steps, frames.steps)
    assert there.images.shape == frames.images.shape
    assert abs(there.images.astype(int) - frames.images).mean() < 4  # JPEG, of 255
    for name, values in run.history().items():
        np.testing.assert_allclose(kept.history()[name], values, atol=2e-3)
    assert kept.distance == {6: 0.5, 12: 0.25}
    assert "timeline" in page.timeline(kept, distance=kept.distance).body


@pytest.mark.parametrize("cut", [0, 10, 500, -1])
def test_damaged_bytes_are_refused(run, cut):
    whole = recording.pack(run, {"step": np.array([12]), "kernel": np.array([0.1])})
    with pytest.raises(StorageError, match="cannot be read"):
        recording.unpack(whole[:cut], Path("test"))
