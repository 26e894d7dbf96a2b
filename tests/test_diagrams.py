"""Diagrams: well-formed SVG in the colours of the page, nothing outside the frame, described."""

import re
import xml.etree.ElementTree as ET

import pytest

from gan_lessons import diagrams, order_diagrams

ALL = [
    diagrams.game_flow,
    diagrams.combined_model,
    order_diagrams.game_on_order,
    order_diagrams.copyist,
]


@pytest.mark.parametrize("make", ALL)
def test_it_is_an_svg_that_is_described_and_stays_in_its_frame(make):
    drawing = make()
    width, height = drawing.size
    root = ET.fromstring(drawing._repr_html_())
    assert root.get("role") == "img" and root.get("aria-label", "").startswith(drawing.title)
    assert len(drawing.description.split()) > 30
    assert root.get("fill") == "currentColor"
    for element in root.iter():
        for name, limit in (("x", width), ("x1", width), ("x2", width), ("y", height),
                            ("y1", height), ("y2", height)):  # fmt: skip
            if element.get(name):
                assert 0 <= float(element.get(name)) <= limit, element.attrib
        if element.tag.endswith("rect"):
            assert float(element.get("x")) + float(element.get("width")) <= width
            assert float(element.get("y")) + float(element.get("height")) <= height


@pytest.mark.parametrize("make", ALL)
def test_no_colour_that_vanishes_in_the_dark_or_in_the_light(make):
    used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', make()._repr_html_()))
    assert {"currentColor"} < used <= {"currentColor", "none", diagrams.REAL, diagrams.FAKE}


def test_the_combined_model_locks_the_dealer_and_the_forgeries_only():
    body = diagrams.combined_model().body
    frames = re.findall(r"<rect [^>]*stroke-dasharray[^>]*/><text[^>]*>([^<]+)", body)
    assert frames == ["forgeries", "dealer D"]  # of the first step, of the second step
