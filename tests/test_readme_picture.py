"""The picture that README begins with is what the recording shows."""

import re
import runpy
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
TOOL = runpy.run_path(str(ROOT / "tools" / "readme_picture.py"))


def test_it_is_what_the_recording_shows():
    kept = np.asarray(Image.open(TOOL["OUT"]).convert("RGB"), np.int16)
    made = TOOL["picture"]()
    assert kept.shape == made.shape
    assert np.abs(kept - made).max() <= 4  # JPEG decoders differ a little


def test_the_caption_names_the_moments():
    readme = (ROOT / "README.md").read_text("utf-8")
    words = ", ".join(f"{moment:,}" for moment in TOOL["MOMENTS"][:-1])
    assert f"after {words} and {TOOL['MOMENTS'][-1]:,} rounds" in readme
    (shown,) = re.findall(r"!\[[^\]]{40,}\]\((.+?)\)", readme)
    assert (ROOT / shown).samefile(TOOL["OUT"])


def test_it_is_light_enough_for_a_first_page():
    assert TOOL["OUT"].stat().st_size < 200_000
