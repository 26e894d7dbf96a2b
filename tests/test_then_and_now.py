"""The table of both recipes is read off the games."""

from gan_lessons import gan, models, then_and_now
from gan_lessons.article import ArticleGAN


def test_what_it_reads():
    then, now = ArticleGAN(seed=0), gan.GAN(models.generator(), models.discriminator(), seed=0)
    for game in (then, now):
        game.compile()
    rows = {row[0]: row[1:3] for row in then_and_now.table(then, now, 64).rows}
    assert rows["parameters of the painter"] == ["6,264,579", "297,347"]
    assert rows["work of a step"] == ["640 GFLOP", "7 GFLOP"]
    assert rows["batch normalisation"] == ["no layers", "3 layers"]
    assert rows["optimizer"][1] == "Adam, 0.001, `beta_1` 0.5"
    assert rows["what the painter wants"][1] == "non-saturating"
    assert rows["originals in a batch"] == ["20, in order", "64, shuffled, mirrored"]
    assert rows["against learning by heart"][1] == "nothing"  # this game has no augmentation
    assert rows["labels"][0] == "up to 0.05 added"
