"""What a run is made of: its settings, and the recipe that turns them into a game.

Each choice stands here once, with its reason.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from typing import Any

from gan_lessons.counts import whole
from gan_lessons.errors import InputError

if typing.TYPE_CHECKING:
    from gan_lessons.gan import GAN


@dataclass(frozen=True)
class Settings:
    """All that decides how a run goes, apart from how long it is.

    Attributes:
        recipe: ``"course"`` (ours) or ``"article"``.
        data: a source that ``load_images`` understands.
        class_name: one class of it, or None for all.
        image_size: pixels, a power of two from 8 to 1,024.
        latent_dim: length of the latent vectors.
        width: channels of the networks' stage next to the picture; see ``models``.
        batch_size: real pictures, and as many forged ones, in each round.
        mirror: show every real picture in both directions. Frogs look left as often as right.
        precision: ``"float32"``, or ``"bfloat16"``: hidden layers compute with numbers of 16
            bits, weights and pictures keep 32. Quicker where the processor has instructions for
            it, as ``gan-lessons doctor`` finds out.
        seed: decides all that is random.
        data_sha256: what the pictures were, so that a run never goes on with others.
    """

    recipe: str = "course"
    data: str = "sketch"
    class_name: str | None = None
    image_size: int = 32
    latent_dim: int = 64  # 16 and 128 were no better: benchmarks/ablation
    width: int = 32  # 48 takes half as long again to frogs as good: benchmarks/time_to_quality
    batch_size: int = 32  # 64 is behind for a lesson, ahead after 30 minutes: time_to_quality
    mirror: bool = True
    precision: str = "float32"
    seed: int = 0
    data_sha256: str | None = None

    def __post_init__(self) -> None:
        for name, kind in KINDS.items():
            value = getattr(self, name)
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
                raise InputError(f"{name} is {value!r}: give {WORDS[kind]}.")
        if self.recipe not in RECIPES:
            raise InputError(f"There is no recipe {self.recipe!r}: choose {' or '.join(RECIPES)}.")
        if self.precision not in POLICIES:
            raise InputError(
                f"There is no precision {self.precision!r}: choose {' or '.join(POLICIES)}."
            )
        size = self.image_size
        if size < 8 or size & (size - 1) or size > MOST["image_size"]:
            raise InputError(
                f"The image size is {size}: choose a power of two from 8 to "
                f"{MOST['image_size']:,}, such as 32."
            )
        for name in ("latent_dim", "width", "batch_size"):
            whole(name, getattr(self, name), 1, MOST[name])
        whole("seed", self.seed, 0, 2**31 // 1000 - 1)  # each layer takes its own from it

    def replace(self, **changes: object) -> Settings:
        """The same settings but for ``changes``."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def build(self) -> GAN:
        """The compiled game of this recipe, untrained."""
        from gan_lessons import mixed_precision

        with mixed_precision.policy(self.precision):
            return RECIPES[self.recipe](self)


def course(settings: Settings) -> GAN:
    """Our recipe: a compact DCGAN that a laptop trains in the time of a lesson.

    The numbers are kernel distances x 1000 to held-out frogs after equal arithmetic, one seed, from
    ``benchmarks/ablation``. There this recipe came, 48 wide and with batches of 64, to 233 to 366
    with three seeds; 32 wide to 119 to 173; and with batches of 32, too, to 67 to 77. In the first
    of these shapes it came to 426 without batch normalisation in the generator, 454 with spectral
    normalisation in the discriminator, 376 with one pass of the generator a round instead of two.
    """
    from gan_lessons import augment, gan, losses, models

    s = settings
    game = gan.GAN(
        models.generator(s.latent_dim, s.image_size, s.width, seed=2 * s.seed),
        models.discriminator(s.image_size, s.width, seed=2 * s.seed + 1),
        loss=losses.non_saturating,  # hinge 317; least squares 223 to 315, but 32 wide 803
        augment=augment.translate_and_colour,  # 727 without: D learns 5,000 frogs by heart
        ema_decay=0.999,  # 356 without, and what is shown would swing with the last rounds
        seed=s.seed,
    )
    game.compile()  # Adam at 1e-3 for both, beta_1 0.5; 680 at 2e-4, unsteady at 2e-3
    return game


def article(settings: Settings) -> GAN:
    """The article's recipe, with its freeze done rightly."""
    from gan_lessons.article import LATENT_DIM, ArticleGAN

    if (settings.image_size, settings.latent_dim) != (32, LATENT_DIM):
        raise InputError(
            f"The article's networks make 32-pixel pictures from {LATENT_DIM} numbers, not "
            f"{settings.image_size}-pixel ones from {settings.latent_dim}: leave both options out."
        )
    if settings.precision != "float32":
        raise InputError(
            f"The article's networks compute in float32, not in {settings.precision}: leave "
            "precision out, or choose the recipe course."
        )
    game = ArticleGAN(seed=settings.seed)
    game.compile()
    return game


KINDS: dict[str, Any] = {
    "recipe": str,
    "data": str,
    "class_name": str | None,
    "image_size": int,
    "latent_dim": int,
    "width": int,
    "batch_size": int,
    "mirror": bool,
    "precision": str,
    "seed": int,
    "data_sha256": str | None,
}
WORDS: dict[Any, str] = {
    str: "a word (a str)",
    str | None: "a word (a str) or None",
    int: "a whole number (an int)",
    bool: "True or False",
}

#: Far above what trains on anything; a file with more is broken or means harm.
MOST = {"image_size": 1024, "latent_dim": 4096, "width": 1024, "batch_size": 4096}

#: precision -> Keras's policy; with the range of float32, bfloat16 needs no scaling of the loss.
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}

RECIPES = {"course": course, "article": article}

#: What a recipe changes in the defaults of ``Settings``.
DEFAULTS: dict[str, dict[str, int | bool]] = {
    "course": {},
    "article": {"latent_dim": 32, "batch_size": 20, "mirror": False},
}
