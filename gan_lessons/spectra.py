"""How much fine and coarse pattern there is in a heap of pictures, and the patterns' periods.

Layers that enlarge pictures repeat themselves every 2 pixels, every 4, and so on. That leaves
peaks in the average spectrum: Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts"
(2016); Frank et al., "Leveraging frequency analysis for deep fake image recognition" (2020).
"""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from gan_lessons.errors import InputError
from gan_lessons.models import SLOPE
from gan_lessons.pixels import check_images, check_size


def log_spectrum(images: np.ndarray) -> np.ndarray:
    """The mean log10 power of each frequency, of the grey pictures.

    The edges are faded out (Hann window), so that they do not look like a pattern themselves.

    Args:
        images: float32 ``(n, S, S, 3)`` in [-1, 1].

    Returns:
        ``(S, S)``; frequency 0 is at ``[S // 2, S // 2]``, and k places from it lie k waves across
        the picture. Units: log10 of squared pixel values.
    """
    images = check_images(images)
    size = images.shape[1]
    if images.shape[2] != size:
        raise InputError(f"The pictures are {images.shape[1:3]}: give square ones.")
    grey = images.mean(-1, dtype=np.float64)  # (n, S, S, 3) -> (n, S, S)
    grey -= grey.mean((1, 2), keepdims=True)
    fade = np.hanning(size)
    power = abs(np.fft.fft2(grey * fade[:, None] * fade)) ** 2
    return np.fft.fftshift(np.log10(power + 1e-8).mean(0))


def without_waves(images: np.ndarray, low: float, high: float) -> np.ndarray:
    """The pictures without the patterns of one fineness: a ring is cut out of their spectra.

    Args:
        images: float32 ``(n, S, S, 3)`` in [-1, 1].
        low, high: from how many waves across the picture, to (not including) how many; above 0, so
            that the brightness stays. The chessboard of single pixels lies at ``S / sqrt(2)``.

    Returns:
        float32 of the same shape, clipped to [-1, 1].
    """
    images = check_images(images)
    if not 0 < low < high:
        raise InputError(f"The ring goes from {low!r} to {high!r}: give 0 < low < high.")
    waves = images.shape[1] * np.fft.fftfreq(images.shape[1])
    distance = np.hypot(waves[:, None], waves)
    kept = ((distance < low) | (distance >= high))[..., None]  # (S, S, 1)
    spectrum = np.fft.fft2(images, axes=(1, 2)) * kept
    return np.clip(np.fft.ifft2(spectrum, axes=(1, 2)).real, -1, 1).astype(np.float32)


def resize_generator(
    latent_dim: int = 32, image_size: int = 32, width: int = 24, *, seed: int = 0
) -> keras.Model:
    """A painter who enlarges by repeating pixels and then convolves, instead of doing both at once.

    After Odena, Dumoulin and Olah (2016): resize-convolution. Otherwise as ``models.generator``.

    Args:
        latent_dim, image_size, width, seed: as for ``models.generator``.

    Returns:
        A model from latents ``(B, latent_dim)`` to pictures ``(B, size, size, 3)`` in [-1, 1].
    """
    check_size(image_size)
    stages = image_size.bit_length() - 3  # doublings from 4 pixels
    channels = [width * min(4, 2 ** (stages - 1 - i)) for i in range(stages)]

    def start(layer: int) -> keras.initializers.Initializer:
        return keras.initializers.RandomNormal(stddev=0.02, seed=seed * 1000 + layer)

    z = keras.Input((latent_dim,), name="latent")
    x = layers.Dense(4 * 4 * channels[0], use_bias=False, kernel_initializer=start(0))(z)
    x = layers.Reshape((4, 4, channels[0]))(x)
    for i, c in enumerate(channels):
        if i:  # (B, s, s, 2c) -> (B, 2s, 2s, 2c) -> (B, 2s, 2s, c)
            x = layers.UpSampling2D(2, interpolation="nearest")(x)
            x = layers.Conv2D(c, 3, padding="same", use_bias=False, kernel_initializer=start(i))(x)
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
        x = layers.LeakyReLU(negative_slope=SLOPE)(x)
    x = layers.UpSampling2D(2, interpolation="nearest")(x)
    picture = layers.Conv2D(
        3, 3, padding="same", activation="tanh", kernel_initializer=start(stages),
        dtype="float32", name="picture",
    )(x)  # fmt: skip
    return keras.Model(z, picture, name="resize_generator")
