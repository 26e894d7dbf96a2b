"""The diagrams of chapter 10, as inline SVG: the game on order, and the copyist beside it."""

from __future__ import annotations

from gan_lessons.diagrams import FAKE, REAL, Diagram, _arrow, _box, _note


def game_on_order() -> Diagram:
    """Who is told what was ordered: both players."""
    body = (
        _box(6, 16, 118, 44, ("an original",), REAL)
        + _box(180, 16, 118, 60, ("order slip y", "“toad”"))
        + _box(354, 16, 122, 60, ("noise z", "at random"))
        + _box(270, 128, 206, 60, ("the painter", "generator G(z, y)"), FAKE)
        + _box(298, 226, 150, 44, ("a forgery",), FAKE)
        + _box(66, 236, 180, 60, ("the dealer", "discriminator D(x, y)"))
        + _box(56, 334, 200, 60, ("verdict", "real, and a toad?"))
        + _arrow(415, 76, 415, 128)
        + _arrow(262, 76, 320, 128)
        + _arrow(220, 76, 180, 236)
        + _arrow(65, 60, 105, 236, REAL)
        + _arrow(373, 188, 373, 226, FAKE)
        + _arrow(298, 252, 246, 260, FAKE)
        + _arrow(156, 296, 156, 334)
        + _note(306, 102, "one copy", "start")
        + _note(207, 168, "one copy", "start")
    )
    return Diagram(
        "The game on order",
        "The order slip says what is wanted. One copy goes to the painter, the generator, who "
        "makes a forgery from it and from random numbers. The other copy goes to the dealer, the "
        "discriminator, together with a forgery or an original of that kind; he says how likely "
        "it is that the picture is real and what the slip says.",
        body,
        (482, 404),
    )


def copyist() -> Diagram:
    """A variational autoencoder: describe, blur the description, paint, compare."""
    body = (
        _box(6, 40, 118, 44, ("an original x",), REAL)
        + _box(180, 32, 122, 60, ("the writer", "encoder"))
        + _box(354, 22, 122, 80, ("postcard", "means and", "spreads"))
        + _box(354, 150, 122, 60, ("z", "drawn from it"))
        + _box(180, 150, 122, 60, ("the copyist", "decoder"), FAKE)
        + _box(6, 158, 118, 44, ("a copy",), FAKE)
        + _arrow(124, 62, 180, 62, REAL)
        + _arrow(302, 62, 354, 62)
        + _arrow(415, 102, 415, 150)
        + _arrow(354, 180, 302, 180)
        + _arrow(180, 180, 124, 180, FAKE)
        + '<line x1="65" y1="84" x2="65" y2="158" stroke="currentColor" stroke-width="2" '
        'stroke-dasharray="6 5"/>'
        + _note(76, 118, "squared difference,", "start")
        + _note(76, 136, "to be small", "start")
        + _note(476, 234, "and each cloud near the standard normal one", "end")
    )
    return Diagram(
        "The copyist, a variational autoencoder",
        "An original goes to the writer, the encoder, who writes a postcard: a cloud of latent "
        "vectors, with means and deviations. One vector z is drawn from the cloud and goes to the "
        "copyist, the decoder, who paints a copy. The squared difference between copy and "
        "original is to be small, and each cloud is to be near the standard normal one.",
        body,
        (482, 244),
    )
