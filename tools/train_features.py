"""Train the feature network on CIFAR-10's ten classes and ship it with its card.

usage: python tools/train_features.py --data FOLDER_OR_ZIP [--epochs 14] [--work DIR]

The data hold one folder a class. Of each class, sorted by name, the last tenth is held out: the
accuracy on the card is measured on it, with the float16 weights as shipped. Stopped and started
again, training goes on after the last whole epoch.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import time
import zipfile
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from safetensors.numpy import save

from gan_lessons import checkpoints
from gan_lessons import feature_network as net

WEIGHTS = Path(__file__).resolve().parent.parent / "gan_lessons" / "weights"
BATCH, PEAK, DECAY, SMOOTHING, SEED = 128, 0.2, 5e-4, 0.1, 0


def read(path: Path) -> dict[str, list[np.ndarray]]:
    """uint8 pictures by class, sorted by name."""
    found: dict[str, list[tuple[str, bytes]]] = {name: [] for name in net.CLASSES}
    if path.is_file():
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if (label := Path(name).parent.name) in found and not name.endswith("/"):
                    found[label].append((name, archive.read(name)))
    else:
        for file in path.rglob("*.*"):
            if (label := file.parent.name) in found:
                found[label].append((str(file), file.read_bytes()))
    return {
        label: [np.asarray(Image.open(io.BytesIO(b)).convert("RGB")) for _, b in sorted(files)]
        for label, files in found.items()
    }


def split(classes: dict[str, list[np.ndarray]]) -> list[np.ndarray]:
    """train images, train labels, test images, test labels."""
    parts: list[list] = [[], [], [], []]
    for label, images in enumerate(classes.values()):
        cut = len(images) - len(images) // 10
        for k, some in ((0, images[:cut]), (2, images[cut:])):
            parts[k] += some
            parts[k + 1] += [label] * len(some)
    return [np.array(part) for part in parts]


def scaled(images: tf.Tensor) -> tf.Tensor:
    """uint8 to [-1, 1]."""
    return tf.cast(images, tf.float32) / 127.5 - 1


def augmented(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Mirror and shift by up to 4 pixels, each picture differently."""
    n = tf.shape(images)[0]
    x = tf.where(tf.random.uniform((n, 1, 1, 1)) < 0.5, images[:, :, ::-1], images)
    x = tf.pad(scaled(x), [[0, 0], [4, 4], [4, 4], [0, 0]], "REFLECT")
    top, left = (tf.random.uniform((n,), 0, 9, tf.int32) for _ in range(2))
    rows = tf.range(32)[None] + top[:, None]
    columns = tf.range(32)[None] + left[:, None]
    x = tf.gather(tf.gather(x, rows, batch_dims=1), columns, axis=2, batch_dims=1)
    return x, tf.one_hot(labels, 10)


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up to the peak in a fifth of the steps, then down to zero."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """The learning rate of this step."""
        done = tf.cast(step, tf.float32) / self.steps
        return PEAK * tf.minimum(done / 0.2 + 0.02, (1 - done) / 0.8)

    def get_config(self) -> dict:
        """What Keras saves."""
        return {"steps": self.steps}


def main() -> None:
    """Train, fold, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--work", type=Path, default=Path("runs/features"))
    options = parser.parse_args()
    keras.utils.set_random_seed(SEED)
    x, y, test_x, test_y = split(read(options.data))
    print(f"{len(x)} pictures to train on, {len(test_x)} held out", flush=True)

    trained = net.build(batch_norm=True, seed=SEED)
    classifier = keras.Model(trained.input, trained.outputs[-1])
    per_epoch = len(x) // BATCH
    classifier.compile(
        keras.optimizers.SGD(
            OneCycle(per_epoch * options.epochs), momentum=0.9, nesterov=True, weight_decay=DECAY
        ),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING),
        metrics=["accuracy"],
        jit_compile=False,
    )
    dataset = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .shuffle(len(x), seed=SEED)
        .batch(BATCH, drop_remainder=True)
        .map(augmented)
        .prefetch(2)
    )
    start = time.time()
    classifier.fit(
        dataset,
        epochs=options.epochs,
        verbose=2,
        callbacks=[keras.callbacks.BackupAndRestore(options.work)],
        validation_data=(np.asarray(scaled(test_x)), np.eye(10)[test_y]),
        validation_batch_size=500,
    )

    arrays = {name: a.astype(np.float16) for name, a in net.fold(trained).items()}
    data = save(arrays)
    predicted = net.assemble(arrays).predict(np.asarray(scaled(test_x)), verbose=0)[-1].argmax(1)
    accuracy = float((predicted == test_y).mean())
    card = {
        "name": "features",
        "data": "CIFAR-10 training pictures (Krizhevsky, 2009) as JPEG, of each class the first "
        f"nine tenths by name ({len(x)}); the last tenth ({len(test_x)}) held out",
        "test_accuracy": round(accuracy, 4),
        "parameters": sum(a.size for a in arrays.values()),
        "recipe": f"SGD with Nesterov momentum 0.9, one cycle to {PEAK}, weight decay {DECAY}, "
        f"label smoothing {SMOOTHING}, batch {BATCH}, {options.epochs} epochs, mirrored and "
        "shifted by up to 4 pixels; batch normalisation folded, float16",
        "seed": SEED,
        "minutes": round((time.time() - start) / 60, 1),
        "command": "python tools/train_features.py --data CIFAR10_AS_FOLDERS "
        f"--epochs {options.epochs}",
        "licence": "MIT (weights)",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    WEIGHTS.mkdir(exist_ok=True)
    checkpoints.write_atomically(WEIGHTS / "features.safetensors", data)
    text = json.dumps(card, indent=2) + "\n"
    checkpoints.write_atomically(WEIGHTS / "features.card.json", text.encode())
    print(text)


if __name__ == "__main__":
    main()
