"""What this machine has, and what a training run will take on it."""

from __future__ import annotations

import os
import platform
import time
from importlib import metadata
from pathlib import Path
from typing import Any

SHOWN = ("tensorflow", "keras", "numpy", "matplotlib", "ipywidgets", "jupyter-book")


def examine(steps: int = 8) -> str:
    """Measure this machine for about half a minute.

    Args:
        steps: training steps to time, after two that warm up.

    Returns:
        Lines to print: versions, oneDNN, cores, speed, data found, time of a run.
    """
    lines = [
        f"Python       {platform.python_version()} on {platform.system()} {platform.machine()}"
    ]
    for name in SHOWN:
        try:
            lines.append(f"{name:<12} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name:<12} not installed")
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    lines += [
        f"oneDNN       TF_ENABLE_ONEDNN_OPTS={os.environ.get('TF_ENABLE_ONEDNN_OPTS', 'not set')}"
        " (1 is often faster; it is read when TensorFlow is imported)",
        f"cores        {_cores()}, GPUs {len(gpus)}",
        f"speed        {matmul_gflops():.0f} GFLOP/s in float32 (product of 2048 x 2048 matrices)",
        *_data(),
    ]
    seconds = seconds_a_step(steps)
    lines += [
        f"one step     {seconds:.3f} s (course recipe, 32 pixels, batch 64)",
        f"a run        10,000 steps take about {seconds * 10_000 / 60:.0f} minutes here",
        f"bfloat16     {_bfloat16(seconds, steps)}",
    ]
    return "\n".join(lines)


def _bfloat16(seconds: float, steps: int) -> str:
    """Whether numbers of 16 bits would make a step quicker than ``seconds``."""
    # a machine that has to imitate them is found out by a small product, before it takes minutes
    if matmul_gflops(512, 3, "bfloat16") < 0.8 * matmul_gflops(512, 3):
        return "slower than float32 here: it seems to have no instructions for it"
    share = seconds_a_step(steps, precision="bfloat16") / seconds
    if share > 0.95:
        return f"a step takes {share:.2f} of the time: not worth it here"
    return f"a step takes {share:.2f} of the time: `gan-lessons train --precision bfloat16` uses it"


def matmul_gflops(size: int = 2048, repeats: int = 6, dtype: str = "float32") -> float:
    """The best of several matrix products, in 1e9 floating-point operations a second."""
    import tensorflow as tf

    a = tf.cast(tf.random.stateless_normal((size, size), (0, 0)), dtype)
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        float(tf.reduce_sum((a @ a)[0]))
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def seconds_a_step(steps: int = 8, **changes: Any) -> float:
    """The median time of a training step of the course recipe, in seconds.

    Args:
        steps: how many to time, after two that warm up.
        changes: to the default ``Settings``, such as ``width=48``.
    """
    import numpy as np
    import tensorflow as tf

    from gan_lessons.recipes import Settings

    settings = Settings(**changes)
    game = settings.build()
    size = settings.image_size
    real = tf.random.stateless_uniform((settings.batch_size, size, size, 3), (0, 0), -1, 1)
    step = tf.function(game.train_step)
    times = []
    for _ in range(steps + 2):
        start = time.perf_counter()
        float(step(real)["g_loss"])
        times.append(time.perf_counter() - start)
    return float(np.median(times[2:]))


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _data() -> list[str]:
    from gan_lessons import cifar, data

    archive = cifar.cached()
    found = f"in {archive}" if archive else "not here yet; the first use downloads 163 MB"
    lines = [
        "data         sketch: drawn by the package, always there",
        f"             cifar10: {found}",
    ]
    if (chosen := data.source()) not in ("sketch", "cifar10"):
        there = "found" if os.path.exists(os.path.expanduser(chosen)) else "NOT FOUND"
        lines.append(f"             {chosen}: {there}")
    named = "GAN_LESSONS_DATA" if os.environ.get("GAN_LESSONS_DATA") else "the default"
    some = data.source_class()
    return [
        *lines,
        f"             the book uses {chosen} ({named}){f', class {some}' if some else ''}",
    ]
