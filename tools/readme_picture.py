"""Make the picture that README begins with: four fixed latent vectors, painted ever better.

It is read from the recording of the shipped frogs: each row is one vector, each column one moment.

usage: python tools/readme_picture.py [--out FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from gan_lessons import data, plots, pretrained

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "book" / "images" / "noise-to-frogs.png"
MOMENTS = (0, 100, 200, 400, 800, 1600, 3000, 5000, 7500, 10_000)
ROWS = (0, 2, 5, 9)  # of the sixteen, those in which a stranger sees a frog soonest
ENLARGED = 2


def picture() -> np.ndarray:
    """The sheet, uint8 ``(H, W, 3)``: a row for each vector, a column for each moment."""
    frames = pretrained.recording("frogs").frames()
    nearest = [int(np.abs(frames.steps - moment).argmin()) for moment in MOMENTS]
    chosen = frames.images[nearest][:, list(ROWS)]  # (moments, rows, H, W, 3)
    side_by_side = np.concatenate(chosen.swapaxes(0, 1))  # row by row
    sheet = plots.tile(data.from_uint8(side_by_side), columns=len(MOMENTS))
    return sheet.repeat(ENLARGED, 0).repeat(ENLARGED, 1)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture()).save(out, optimize=True)
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
