"""The article's recipe and the course's side by side, read off the two games themselves."""

from __future__ import annotations

from gan_lessons import anatomy, article, flops
from gan_lessons.gan import GAN
from gan_lessons.recipes import DEFAULTS, Settings
from gan_lessons.tables import Table


def table(then: GAN, now: GAN, batch_size: int = Settings.batch_size) -> Table:
    """What was done then, what is done now, and why: a line for each choice.

    Args:
        then: the article's game, ``Settings(recipe="article", ...).build()``.
        now: the course's game, ``Settings(...).build()``.
        batch_size: originals in a batch of the course's.

    Returns:
        Columns "what", "then", "now" and, under each row, "why" with the chapter that tells it.
    """
    sizes = (int(DEFAULTS["article"]["batch_size"]), batch_size)
    pairs = tuple(zip((then, now), sizes, strict=True))
    adam = now.d_optimizer.get_config()
    noise = getattr(then, "label_noise", 0.0)
    order = "shuffled, mirrored" if Settings().mirror else "shuffled"
    rows = [
        (
            "parameters of the painter",
            *(f"{game.generator.count_params():,}" for game, _ in pairs),
            "how often each is used matters more than how many there are (chapter 2)",
        ),
        (
            "work of a step",
            *(f"{flops.training_step(game, n).total / 1e9:.0f} GFLOP" for game, n in pairs),
            "heavy layers where the picture is small (chapter 2)",
        ),
        (
            "batch normalisation",
            *(f"{_normalised(game) or 'no'} layers" for game, _ in pairs),
            "each layer gets numbers of a known size (chapter 2)",
        ),
        (
            "pictures", "0 to 1, painted with tanh", "−1 to 1",
            "no original reached the lower half of tanh (chapter 2)",
        ),
        (
            "what the dealer answers", "probability of forged", "logit of real",
            "a logit does not run out of digits (chapter 3)",
        ),
        (
            "what the painter wants", "misleading targets", now.gan_loss.name.replace("_", "-"),
            "the same thing, with its name (chapter 4)",
        ),
        (
            "who learns", "a switch, `trainable`", "weights named to a tape",
            "no hidden moment at which it is read (chapter 4)",
        ),
        (
            "optimizer",
            f"RMSprop, {article.D_LEARNING_RATE:.4f} and {article.G_LEARNING_RATE:.4f}",
            f"Adam, {adam['learning_rate']:.3f}, `beta_1` {adam['beta_1']}",
            "the usual 0.9 would ruin the game (chapter 5)",
        ),
        (
            "labels", f"up to {noise} added", "0 and 1",
            "the noise changed nothing that we could see (chapter 5)",
        ),
        (
            "against learning by heart", "dropout",
            "augmentation" if now.augment is not None else "nothing",
            "it makes the dealer forget single originals (chapter 5)",
        ),
        (
            "whose pictures are shown", "the last painter's",
            "the averaged painter's" if now.ema_decay else "the last painter's",
            "the average does not swing (chapter 5)",
        ),
        (
            "originals in a batch", f"{sizes[0]}, in order", f"{sizes[1]}, {order}",
            "no batch comes twice",
        ),
        (
            "judged by", "one picture and one's eyes", "distances, with error and floor",
            "eyes are kind to what they have made (chapter 7)",
        ),
    ]  # fmt: skip
    return Table(("what", "then", "now", "why"), rows, last_under=True)


def _normalised(game: GAN) -> int:
    """How many layers of batch normalisation both networks have."""
    networks = (game.generator, game.discriminator)
    return sum(row.kind == "BatchNormalization" for net in networks for row in anatomy.layers(net))
