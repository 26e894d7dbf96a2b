"""Figures say in words what they show, and refuse what they cannot draw."""

import colorsys

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from gan_lessons import plots
from gan_lessons.errors import InputError


def test_every_figure_carries_its_words_into_the_page():
    figures = [
        plots.pictures(np.zeros((3, 8, 8, 3)), title="grey"),
        plots.points({"real": np.zeros((4, 2))}, title="dots"),
        plots.curves({"a": [1.0, 2.0, 4.0]}, ylabel="loss (nats)", smooth=2),
        plots.bars({"with": (1.0, 0.1), "without": (2.0, 0.2)}, xlabel="distance"),
        plots.measured([1, 2], [9.0, 3.0], [0.5, 0.5], xlabel="step", ylabel="distance"),
    ]
    for figure in figures:
        alt = plots.alt_text(figure)
        assert len(alt.split()) >= 5
        page = plots.show(figure)._repr_html_()
        assert f'alt="{alt}"' in page and "data:image/png;base64," in page


def test_words_cannot_break_out_of_the_picture():
    figure = plots.points({"real": np.zeros((4, 2))}, alt='"><script>alert(1)</script>')
    assert "<script>" not in plots.show(figure)._repr_html_()


def test_measurements_are_drawn_with_their_errors_and_the_level():
    figure = plots.measured(
        [100, 200], [9.0, 3.0], [0.5, 0.25], xlabel="step", ylabel="distance", level=(1.0, "floor")
    )
    axis = figure.axes[0]
    bars = axis.containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose([bars[0][:, 1], bars[1][:, 1]], [[8.5, 9.5], [2.75, 3.25]])
    assert axis.get_legend().get_texts()[0].get_text() == "floor"
    assert axis.get_ylim()[0] == 0


def test_a_running_mean_is_the_mean():
    axis = plots.curves({"a": [1.0, 3.0, 5.0, 7.0]}, smooth=2).axes[0]
    np.testing.assert_allclose(axis.lines[1].get_ydata(), [2, 4, 6])


@pytest.mark.parametrize("shape", [(0, 8, 8, 3), (2, 8, 8), (2, 8, 8, 1)])
def test_shapes_that_are_no_pictures_are_refused(shape):
    with pytest.raises(InputError, match="give \\(n, H, W, 3\\)"):
        plots.tile(np.zeros(shape))


def test_a_grid_is_a_png_whatever_it_is_called(tmp_path):
    with pytest.raises(InputError, match=r"does not end in \.png"):
        plots.save_grid(np.zeros((4, 8, 8, 3)), tmp_path / "x.jpg")
    assert not list(tmp_path.iterdir())
    plots.save_grid(np.zeros((4, 8, 8, 3)), tmp_path / "x.PNG")


def test_the_ground_is_blue_where_it_is_real_and_the_players_have_colours_of_their_own():
    low, middle, high = (plots.GROUND(v) for v in (0.0, 0.5, 1.0))
    assert low[0] > low[2] and high[2] > high[0] and min(middle[:3]) > 0.9
    figure = plots.curves({"dealer (d_loss)": [1, 2], "painter (g_loss)": [2, 1]})
    colours = {line.get_color() for line in figure.axes[0].lines}
    assert colours == {plots.DEALER, plots.PAINTER}
    assert not colours & {plots.REAL, plots.FAKE}


def test_lines_that_are_nobodys_are_neither_blue_nor_orange():
    names = [f"number {i}" for i in range(4)]
    figure = plots.curves({"real": [1, 2]} | {name: [2, 1] for name in names}, smooth=2)
    colours = {line.get_label(): line.get_color() for line in figure.axes[0].lines}
    assert colours["real"] == plots.REAL
    hues = [colorsys.rgb_to_hsv(*to_rgb(colours[name])) for name in names]
    taken = [colorsys.rgb_to_hsv(*to_rgb(c))[0] for c in (plots.REAL, plots.FAKE)]
    for hue, _, light in hues:  # too dark to have a colour, or far round the circle
        assert light < 0.2 or all(min(abs(hue - t), 1 - abs(hue - t)) > 0.1 for t in taken)
    assert len({colours[name] for name in names}) == 4
    pale = figure.axes[0].lines[2]  # the raw values behind a running mean
    assert pale.get_alpha() < 1 and pale.get_color() == colours["number 0"]
