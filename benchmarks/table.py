"""Write ``benchmarks/README.md`` from the result files: one page, every number from a file.

usage: python benchmarks/table.py [--check]

``--check`` writes nothing and fails when the page is not what the files say.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MEASURED = HERE.parent / "gan_lessons" / "measured"
PAGE = HERE / "README.md"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def scaled(distance: dict[str, float]) -> str:
    """A distance times 1000 with its error."""
    return f"{1000 * distance['value']:.1f} ± {1000 * distance['error']:.1f}"


def quality(row: dict[str, Any]) -> list[str]:
    """The columns that say how good a set is."""
    shares = [f"{row[name]:.2f}" for name in ("precision", "recall", "coverage", "diversity")]
    return [scaled(row["kernel"]), scaled(row["colour"]), *shares, f"{row['nearest']:.2f}"]


def judged(row: dict[str, Any]) -> list[str]:
    """The same, and the verdict."""
    return [*quality(row), f"{row['verdict']:.3f}"]


QUALITY = ["kernel × 1000", "colour × 1000", "precision", "recall", "coverage", "diversity"]
QUALITY += ["nearest"]


def time_to_quality(found: dict[str, Any]) -> str:
    """Both recipes against minutes."""
    rows = [
        [name, f"{row['minutes']:.1f}", f"{row['step']:,}", *quality(row)]
        for name, rows in found["contestants"].items()
        for row in rows
    ]
    pairs = list(zip(*found["contestants"].values(), strict=False))
    ours, theirs = pairs[-1]
    ratio = theirs["kernel"]["value"] / ours["kernel"]["value"]
    best = min(found["contestants"]["article"], key=lambda row: row["kernel"]["value"])
    at_best = best["kernel"]["value"] / ours["kernel"]["value"]
    return (
        f"{found['data']}; {found['machine']}; {found['clock']}. {found['samples']:,} "
        "forgeries. The course's networks are as wide as the shipped pair here, 48.\n\n"
        + table(["recipe", "minutes", "steps", *QUALITY], rows)
        + f"\n\nAt {ours['minutes']:.0f} minutes the article's kernel distance is **{ratio:.0f}** "
        f"times the course's; recall {theirs['recall']:.2f} against {ours['recall']:.2f}, coverage "
        f"{theirs['coverage']:.2f} against {ours['coverage']:.2f}. The article's best, at minute "
        f"{best['minutes']:.0f}, is {at_best:.1f} times the course's at the end."
    )


def default(found: dict[str, Any]) -> str:
    """The recipe as it is, beside the others on the same clock."""
    ours = found["contestants"]["default"]
    race = _contestants("time_to_quality")
    times = {
        name: _near(race[name], 30)["kernel"]["value"] / _near(ours, 30)["kernel"]["value"]
        for name in race
    }
    return (
        "The package's default, width 32 and batches of 32, alone on the same clock; "
        f"{found['machine']}.\n\n"
        + _minutes(ours)
        + f"\n\nAt 30 minutes the article's kernel distance is **{times['article']:.0f}** times "
        f"this one's, that of width 48 with batches of 64 {times['course']:.2f} times."
    )


def narrow(found: dict[str, Any]) -> str:
    """The recipe with its width of today and batches of 64."""
    return (
        f"Width 32, but batches of 64 as in the race, alone on the same clock; {found['machine']}."
        "\n\n" + _minutes(found["contestants"]["narrow"])
    )


def compact(found: dict[str, Any]) -> str:
    """The recipe that the course began with, beside the course's at ten minutes."""
    early = found["contestants"]["compact"]
    ours = _near(_contestants("time_to_quality")["course"], 10)
    today = _contestants("default")["default"]
    default_at_ten = _near(today, 10)
    at_four, end = _near(early, 4)["kernel"]["value"], early[-1]
    overtaken = next(row for row in today if row["kernel"]["value"] <= end["kernel"]["value"])
    return (
        "The same networks, 48 wide, and the same game with the learning rate of the DCGAN paper, "
        f"2e-4, alone on the same clock; {found['machine']}.\n\n"
        + _minutes(early)
        + "\n\nAt 10 minutes the race's course is at 1/"
        f"**{at_four / ours['kernel']['value']:.1f}** of this one's kernel distance at 4, and the "
        f"default at 1/**{at_four / default_at_ten['kernel']['value']:.1f}**. This one has "
        f"{1000 * end['kernel']['value']:.1f} after {end['minutes']:.0f} minutes; the default "
        f"takes {overtaken['minutes']:.0f} to be as good."
    )


def _minutes(rows: list[dict[str, Any]]) -> str:
    """What was found of one contestant, minute by minute."""
    return table(
        ["minutes", "steps", *QUALITY],
        [[f"{row['minutes']:.1f}", f"{row['step']:,}", *quality(row)] for row in rows],
    )


def _contestants(name: str) -> dict[str, list[dict[str, Any]]]:
    """Who ran in a measured race, and what was found of each."""
    return json.loads((MEASURED / f"{name}.json").read_text("utf-8"))["contestants"]


def _near(rows: list[dict[str, Any]], minutes: float) -> dict[str, Any]:
    """The row whose clock shows nearest to ``minutes``."""
    return min(rows, key=lambda row: abs(row["minutes"] - minutes))


def frogs(found: dict[str, Any]) -> str:
    """The shipped weights on held-out frogs."""
    floor = 1000 * found["kernel"]["floor"]
    return (
        f"Step {found['step']:,}, {found['samples']:,} forgeries against {found['reference']} "
        f"held-out frogs. The floor of the kernel distance, real against real, is {floor:.1f}.\n\n"
        + table(QUALITY, [quality(found)])
    )


def step(found: dict[str, Any]) -> str:
    """Speed of a step."""
    rows = []
    for width, one in found["widths"].items():
        work, peak = one["flop"]["together"] / 1e9, one["peak_gflops"]
        for name, row in one["seconds"].items():
            who, precision = name.split(", ")
            mine = who == "ours"
            share = one["achieved_of_float32_peak"][precision] if mine else {}
            ratio = one.get("ours_of_pytorch", {}).get(precision, {}) if mine else {}
            rows.append(
                [width, one["batch_size"], f"{work:.1f}", f"{peak['float32']['median']}", name,
                 *(f"{row[which]:.4f}" for which in ("median", "best")),
                 *(f"{share[which]:.0%}" if share else "" for which in ("median", "best")),
                 f"{ratio['median']:.2f}" if ratio else ""]
            )  # fmt: skip
    one = found["widths"]["48"]
    head = ["width", "batch", "GFLOP a step", "peak (GFLOP/s)", "", "seconds, median", "best",
            "of the float32 peak", "best", "of PyTorch's time"]  # fmt: skip
    return (
        f"{found['machine']}; load {found['load']}; TensorFlow {found['tensorflow']}"
        + (f", PyTorch {one['torch']}" if "torch" in one else "")
        + ". The peak is a product of 2048 × 2048 matrices in float32, in the same run; in "
        f"bfloat16 it is {one['peak_gflops']['bfloat16']['median']} GFLOP/s. The "
        "first rows are the recipe's, the others the shipped pair's.\n\n" + table(head, rows)
    )


def cost(found: dict[str, Any]) -> str:
    """Seconds and memory as the work grows."""
    parts = [f"{found['machine']}. Changed one at a time from batch 64, 32 pixels, width 48."]
    for name, key in (("batch", "batch_size"), ("size", "image_size"), ("width", "width")):
        rows = [
            [row[key], f"{row['seconds']:.3f}", row["peak_mib"], f"{row['parameters']:,}"]
            for row in found.get(name, [])
        ]
        if rows:
            parts.append(table([name, "seconds a step", "peak memory (MiB)", "parameters"], rows))
    if "memory" in found:
        first, last = found["memory"][0], found["memory"][-1]
        most = max(row["mib"] for row in found["memory"])
        parts.append(
            f"Memory of a small game along {last['step']:,} steps: {first['mib']:.0f} MiB after "
            f"{first['step']}, {last['mib']:.0f} at the end, {most:.0f} at most."
        )
    return "\n\n".join([*parts, "![seconds and memory against the work](cost/cost.svg)"])


def ablation(found: list[dict[str, Any]]) -> str:
    """Which choice helps."""
    rows = [
        [
            row["variant"],
            row["seed"],
            f"{row['rounds']:,}",
            f"{row['cpu_seconds'] / row['rounds']:.2f}",
            *judged(row),
        ]
        for row in sorted(found, key=lambda row: (row["seed"], row["kernel"]["value"]))
    ]
    work = " or ".join(f"{n:g}" for n in sorted({row["tflop"] for row in found}))
    return (
        f"Real frogs, {found[0]['samples']} forgeries; each variant plays as many rounds as {work} "
        "TFLOP allow, and is the course's recipe, 48 wide with batches of 64 (“rates 1e-3”), but "
        "for what it is called. A verdict is better when smaller.\n\n"
        + table(["variant", "seed", "rounds", "CPU s/round", *QUALITY, "verdict"], rows)
        + "\n\nThe finalists, mean (least to most) over their seeds:\n\n"
        + table(["variant", "seeds", "kernel × 1000", "recall", "verdict"], _finalists(found))
    )


def _finalists(found: list[dict[str, Any]]) -> list[list[Any]]:
    """Variants that were played with several seeds, best first."""

    def spread(values: list[float], digits: int) -> str:
        mean, low, high = sum(values) / len(values), min(values), max(values)
        return f"{mean:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"

    tried: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        tried.setdefault(row["variant"], []).append(row)
    several = {name: rows for name, rows in tried.items() if len(rows) > 1}
    return [
        [
            name,
            len(rows),
            spread([1000 * row["kernel"]["value"] for row in rows], 0),
            spread([row["recall"] for row in rows], 2),
            spread([row["verdict"] for row in rows], 2),
        ]
        for name, rows in sorted(
            several.items(), key=lambda item: sum(r["kernel"]["value"] for r in item[1])
        )
    ]


def sliders(found: dict[str, Any]) -> str:
    """From a moved slider to a painted picture."""
    rows = [
        [r["page"], r["kernels"], r["painted_ms"], r["work_ms"], f"{r['bytes'] / 1e6:.2f}"]
        for r in found["results"]
    ]
    head = ["page", "arithmetic", "move to picture (ms, median)", "of it ours (ms)", "MB"]
    return (
        f"{found['machine']}; Chromium {found['chromium']}, headless; {found['moves']} moves. "
        f"JavaScript differs from Keras by at most {found['results'][0]['difference']:g}.\n\n"
        + table(head, rows)
    )


def playground(found: dict[str, Any]) -> str:
    """Steps a second in the page."""
    rates = found["steps_per_second"].items()
    task = found["longest_task_ms"]
    return (
        f"{found['machine']}; Chromium {found['chromium']}, headless; {found['what']}.\n\n"
        + table(
            ["arithmetic", "steps a second, best", "median"],
            [[k, r["best"], r["median"]] for k, r in rates],
        )
        + f"\n\nLongest task of the main thread while two runs train with every view on: "
        f"{task['wall']} ms on the clock, {task['processor']} ms of processor time."
    )


def fuzz(found: dict[str, Any]) -> str:
    """What became of hostile input."""
    rows = [
        [kind, n, *(found["outcomes"].get(f"{kind}: {end}", 0) for end in ("refused", "used")),
         found["most_mib"].get(kind, "")]
        for kind, n in found["cases"].items()
    ]  # fmt: skip
    failed = ", ".join(found["failed"]) or "none"
    return (
        f"{found['machine']}. {sum(found['cases'].values()):,} cases in {found['seconds']} s, seed "
        f"{found['seed']}: each is refused with one sentence or used. Failed: **{failed}**.\n\n"
        + table(["kind", "cases", "refused", "used", "most memory of a case (MiB)"], rows)
    )


def faults(found: dict[str, Any]) -> str:
    """What a failing machine costs."""
    done = found["faults"]
    killed, ends, cut = done["killed"], done["memory"]["ended_with"], done["download"]
    rows = [
        ["SIGKILL", f"{killed['kills']}, {killed['in_a_write']} of them inside a write",
         killed["checkpoints_lost"], f"{killed['identical']} of {killed['runs']}"],
    ]  # fmt: skip
    for name, tried, runs in (
        ("full disk", "disks", "disks"), ("read-only", "tried", "resumed"),
        ("memory", "tried", "resumed"), ("two processes", "refused", "refused"),
        ("clock", "resumed", "resumed"),
    ):  # fmt: skip
        row = done[name]
        if "left_out" not in row:
            lost = row.get("checkpoints_lost", 0)
            rows.append([name, row[tried], lost, f"{row['identical']} of {row[runs]}"])
    how = ", ".join(f"{number} by {end}" for end, number in ends.items())
    again, uncounted = killed["rounds_played_again"], killed["seconds_uncounted"]
    return (
        f"{found['machine']}; {found['what']}. Each try is a process of its own; every "
        "run that ends is compared byte for byte with one that was left alone.\n\n"
        + table(["fault", "times", "checkpoints lost", "identical in the end"], rows)
        + f"\n\nRounds since the last checkpoint are played again ({again} in all), with the same "
        f"result; {uncounted} times of {killed['kills']} the kill fell between a checkpoint and "
        "the note of the seconds spent, which then counts too few. Without memory the process "
        f"ended {how}. The download was cut {cut['cuts_refused']} times, went on where it was cut "
        f"{cut['went_on_where_cut']} times, was refused for one wrong byte "
        f"{cut['wrong_bytes_refused']} times of 10 and killed {cut['kills']} times; half-written "
        f"files: {cut['half_written']}.\n\nMemory was limited from a process's start on, never "
        "in the middle of one. The clock is Python's alone: with every clock of the process set "
        "back, TensorFlow's waits too, two runs hung at their end, all checkpoints written."
    )


def mutation(found: dict[str, Any]) -> str:
    """Whether the tests notice a fault."""
    rows, alive = [], []
    for module, row in found["modules"].items():
        outcomes = list(row["outcomes"].values())
        killed = len(outcomes) - outcomes.count("survived")
        rows.append([f"`{module}`", row["faults"], len(outcomes), f"{killed / len(outcomes):.0%}"])
        for name, outcome in row["outcomes"].items():
            if outcome == "survived":
                note = row["notes"].get(name, "not looked at")
                alive.append([f"`{module}`", f"`{name.replace('|', '¦')}`", note])
    return (
        f"{found['machine']}; Python {found['python']}. One small fault at a time in a module "
        "(a comparison, a sign, a number, a returned value …), and whether one of its tests fails. "
        "Faults are tried in a random order; where some were not tried, the rest is a sample.\n\n"
        + table(["module", "faults", "tried", "noticed"], rows)
        + "\n\nWhat no test noticed:\n\n"
        + table(["module", "fault (line:column before -> after)", "why it stays"], alive)
    )


def coverage(found: dict[str, Any]) -> str:
    """Which lines of the package the tests reach."""
    rows = [
        [f"`{name}`", row["lines"], f"{row['reached'] / row['lines']:.0%}", _runs(row["missing"])]
        for name, row in found["below"].items()
    ]
    head = ["module", "lines", "reached", "not reached"]
    return (
        f"{found['machine']}; Python {found['python']}. `{found['command']}`: "
        f"**{found['reached'] / found['lines']:.1%}** of {found['lines']:,} lines. What the tests "
        "start in processes of their own (notebooks, the built book) is not counted. Modules below "
        f"{found['enough']} %:\n\n" + table(head, rows)
    )


def _runs(lines: list[int]) -> str:
    """Line numbers, with neighbours drawn together: 3, 5–8."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], line]
        else:
            runs.append([line])
    return ", ".join("–".join(map(str, run)) for run in runs)


def book(found: dict[str, Any]) -> str:
    """What two judges say of the built pages."""
    phone, desk = (found["lighthouse"][form] for form in ("mobile", "desktop"))
    others = ("accessibility", "best-practices", "seo")
    rows = [
        [
            name, on["performance"], desk[name]["performance"],
            min(side[name][kind] for side in (phone, desk) for kind in others),
            *(f"{side[name][time] / 1000:.1f}" for side in (phone, desk)
              for time in ("first_paint_ms", "largest_paint_ms")),
            on["blocked_ms"], desk[name]["blocked_ms"],
        ]
        for name, on in sorted(phone.items(), key=lambda item: (item[0] != "intro", item[0]))
    ]  # fmt: skip
    head = ["page", "performance, mobile", "desktop", "least of the other three", "first paint (s)",
            "largest", "first, desktop", "largest", "blocked (ms)", "desktop"]  # fmt: skip
    said = [[r["kind"], r["message"], r["files"], r["why"]] for r in found["html"]["said"]]
    open_ = sum(r["kind"] == "error" and not r["why"] for r in found["html"]["said"])
    versions = found["versions"]
    return (
        f"{found['machine']}; load {found['load']}; Chromium {versions['chromium']}, headless; "
        f"Lighthouse {versions['lighthouse']}, simulated slow 4G and a processor a quarter as fast "
        "for mobile; served from loopback, compressed, under the policy that README names; built "
        f"by {found['built']}. The other three categories are accessibility, best practices and "
        "SEO. A busy machine shows in the blocked time, which counts the clock on the wall.\n\n"
        + table(head, rows)
        + f"\n\nThe Nu Html Checker {versions['vnu']} on {found['html']['files']} files: "
        f"**{open_}** errors that are ours. What it says and stays:\n\n"
        + table(["kind", "message", "files", "why it stays"], said)
    )


def memorisation(found: dict[str, Any]) -> str:
    """Whether the shipped forger copies."""
    names = {"forgeries": "forgeries", "held_out": "held-out frogs", "planted_copies": "planted"}
    parts = [
        f"{found['forgeries']} forgeries of the shipped frogs, each with the nearest of "
        f"{found['training']:,} training frogs and their mirror images. Held-out frogs are real "
        "and were never trained on; planted pictures are training frogs with a little noise."
    ]
    for space in ("pixels", "features"):
        below = found[space]["below_all_but_1_percent_of_held_out"]
        rows = [
            [label, *(found[space][name][q] for q in ("least", "tenth", "median")), below[name]]
            for name, label in names.items()
        ]
        head = [f"in {space}", "least", "tenth", "median", "nearer than 99 % of held-out"]
        parts.append(table(head, rows))
    parts.append(
        "Looked at: a forgery and its nearest frog share colours, light and at most a posture; "
        "none is the same frog on the same ground. In pixels the neighbours are dull, low-contrast "
        "photographs, the same few again and again.\n\n"
        "![forgeries above their nearest training frogs](memorisation/nearest.png)"
    )
    return "\n\n".join(parts)


def blind(found: dict[str, Any]) -> str:
    """What an observer saw who did not know which were forged."""
    result = json.loads((HERE / "memorisation" / "result.json").read_text("utf-8"))
    forged, accused = set(result["blind"]["forged"]), set(found["judged_forged"])
    right = {n for n in range(128) if (n in forged) == (n in accused)}
    shares = [
        f"{len(right & set(found[how]))} of {len(found[how])} when {how}"
        for how in ("sure", "unsure")
    ]
    return (
        f"64 forgeries and 64 held-out frogs, mixed. The observer: {found['observer']}. It was "
        f"right **{len(right)} times of 128** ({', '.join(shares)}): {len(forged - accused)} of 64 "
        f"forgeries passed as real, {len(accused - forged)} of 64 real frogs were called forged. "
        f"What told them apart: {found['said']}\n\n![the mixed sheet](memorisation/blind.png)"
    )


SECTIONS = (
    ("Time to quality", MEASURED / "time_to_quality.json", time_to_quality),
    ("The default", MEASURED / "default.json", default),
    ("The default with batches of 64", MEASURED / "narrow.json", narrow),
    ("What the course began with", MEASURED / "compact.json", compact),
    ("The shipped frogs", HERE / "frogs" / "evaluate.json", frogs),
    ("Does it copy?", HERE / "memorisation" / "result.json", memorisation),
    ("Can they be told from real ones?", HERE / "memorisation" / "blind.json", blind),
    ("A step against the limit", HERE / "step" / "result.json", step),
    ("Cost as the work grows", HERE / "cost" / "result.json", cost),
    ("Which choice helps", HERE / "ablation" / "result.json", ablation),
    ("Sliders in the page", HERE / "sliders" / "result.json", sliders),
    ("Playground in the page", HERE / "playground" / "result.json", playground),
    ("The built pages", HERE / "book" / "result.json", book),
    ("Hostile input", HERE / "fuzz" / "result.json", fuzz),
    ("Which lines the tests reach", HERE / "coverage" / "result.json", coverage),
    ("Do the tests notice a fault?", HERE / "mutation" / "result.json", mutation),
    ("Faults of the machine", HERE / "faults" / "result.json", faults),
)

HEAD = """# What was measured

Written by `python benchmarks/table.py` from the result files; each folder's `measure.py` says how
its numbers came about and makes them again. Machines are shared and noisy: trust ratios within
one table, not seconds across tables. What did not help is in [`step/LOG.md`](step/LOG.md).
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, path, section in SECTIONS:
        if path.exists():
            parts.append(f"## {title}\n\n{section(json.loads(path.read_text('utf-8')))}\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page, or check it."""
    if "--check" in sys.argv:
        if page() != PAGE.read_text("utf-8"):
            sys.exit(f"{PAGE} is not what the result files say: run python benchmarks/table.py.")
    else:
        PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
