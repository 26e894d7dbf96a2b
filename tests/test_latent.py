"""Latent vectors and ways between them."""

import numpy as np
import pytest

from gan_lessons import latent, models
from gan_lessons.errors import InputError


def test_vectors_are_normal_seeded_and_prefixes():
    z = latent.vectors(4000, 16, seed=0)
    assert z.shape == (4000, 16) and z.dtype == np.float32
    assert abs(z.mean()) < 0.02 and abs(z.std() - 1) < 0.02
    np.testing.assert_array_equal(z[:7], latent.vectors(7, 16, seed=0))
    assert not np.array_equal(latent.vectors(2, 3), latent.vectors(2, 3))
    for n in (0, -1, 1.5, True):
        with pytest.raises(InputError, match="at least 1"):
            latent.vectors(n, 4)
    for seed in (-1, 1.5, "a"):
        with pytest.raises(InputError, match=f"seed is {seed!r}"):
            latent.vectors(1, 4, seed=seed)
    with pytest.raises(InputError, match="latent_dim is 0"):
        latent.vectors(1, 0)


def test_slerp_keeps_the_length_and_lerp_does_not():
    a, b = latent.vectors(2, 64, seed=1)
    b = b / np.linalg.norm(b) * np.linalg.norm(a)
    for way in (latent.lerp, latent.slerp):
        path = way(a, b, 9)
        assert path.shape == (9, 64)
        np.testing.assert_allclose(path[[0, -1]], [a, b], atol=1e-5)
    length = np.linalg.norm(a)
    np.testing.assert_allclose(np.linalg.norm(latent.slerp(a, b, 9), axis=1), length, rtol=1e-5)
    assert np.linalg.norm(latent.lerp(a, b, 9)[4]) < 0.9 * length
    # equal angles
    path = latent.slerp(a, b, 5) / length
    cosines = (path[1:] * path[:-1]).sum(1)
    np.testing.assert_allclose(cosines, cosines[0], atol=1e-5)


def test_slerp_of_parallel_vectors_is_straight():
    a = np.array([1.0, 2.0], np.float32)
    np.testing.assert_allclose(latent.slerp(a, 2 * a, 3), latent.lerp(a, 2 * a, 3))
    with pytest.raises(InputError, match="no direction"):
        latent.slerp(a, 0 * a, 3)
    with pytest.raises(InputError, match=r"steps is 1: .* at least 2"):
        latent.lerp(a, a, 1)
    for way in (latent.lerp, latent.slerp):
        with pytest.raises(InputError, match=r"shapes \(2,\) and \(3,\)"):
            way(a, np.ones(3), 3)


def test_generate_does_not_depend_on_the_batches():
    g = models.generator(8, 8, 4, seed=0)
    z = latent.vectors(10, 8, seed=0)
    np.testing.assert_allclose(
        latent.generate(g, z, batch_size=3), latent.generate(g, z), atol=1e-6
    )
    for wrong in (z[:, :5], z[:0]):
        with pytest.raises(InputError, match="takes"):
            latent.generate(g, wrong)
    with pytest.raises(InputError, match="NaN"):
        latent.generate(g, np.full((1, 8), np.nan))
