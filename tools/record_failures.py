"""Play the games of chapter 8 and save what there is to see: ``measured/failures.safetensors``.

usage: python tools/record_failures.py [NAME ...]   (all of them, a few minutes; or some anew)
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from safetensors.numpy import load, save

from gan_lessons import checkpoints, failures, patients, recording


def main() -> None:
    """Play, pack, write."""
    games = {name: (name, 0) for name in failures.DELTAS} | patients.PATIENTS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(games))
    names = parser.parse_args().names or list(games)
    path = failures.FILE
    kept = load(path.read_bytes()) if path.exists() else {}
    for name in names:
        failure, seed = games[name]
        begin = time.monotonic()
        run = failures.play(failure, seed=seed)
        kept[name] = np.frombuffer(recording.pack(run, run.scores), np.uint8)
        checkpoints.write_atomically(path, save({n: kept[n] for n in games if n in kept}))
        found = ", ".join(
            f"{k} {run.scores[k][-1]:.3f}" for k in ("kernel", "diversity", "squares")
        )
        print(f"{name}: {time.monotonic() - begin:.0f} s, {len(kept[name]):,} bytes; {found}")
    print(f"{path.stat().st_size:,} bytes in all")


if __name__ == "__main__":
    main()
