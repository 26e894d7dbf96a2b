"""CIFAR-10's download, cut and falsified by a server on this machine, and killed on the way."""

import hashlib
import http.server
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gan_lessons import cifar
from gan_lessons.errors import StorageError

SIZE = 2_000_003
BODY = random.Random(5).randbytes(SIZE)
SHA256 = hashlib.sha256(BODY).hexdigest()
CLIENT = """
import sys
from gan_lessons import cifar
cifar.SIZE, cifar.SHA256 = int(sys.argv[1]), sys.argv[2]
cifar.fetch()
"""


class Answer(http.server.BaseHTTPRequestHandler):
    """Serves the file with ranges: ``/cut/N`` ends at byte N, ``/wrong/N`` has another byte there,
    ``/slow`` takes two seconds."""

    def do_GET(self) -> None:
        """One answer."""
        _, how, *number = self.path.split("/")
        body, asked = bytearray(BODY), self.headers.get("Range")
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.server.begins.append(begin)  # type: ignore[attr-defined]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(SIZE - begin))
        self.end_headers()
        if how == "wrong":
            body[int(number[0])] ^= 1
        end = int(number[0]) if how == "cut" else SIZE
        step = SIZE // 100 if how == "slow" else SIZE
        try:
            for k in range(begin, end, step):
                self.wfile.write(body[k : min(k + step, end)])
                time.sleep(0.02 if how == "slow" else 0)
        except OSError:  # who asked is dead
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    """The server; ``begins`` is the first byte of each part that was asked for."""
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    service.begins = []  # type: ignore[attr-defined]
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()


@contextmanager
def small_archive(folder: Path) -> Iterator[None]:
    """Let the package expect this file instead of CIFAR-10, in a cache of its own."""
    kept = cifar.SIZE, cifar.SHA256, dict(os.environ)
    cifar.SIZE, cifar.SHA256 = SIZE, SHA256
    os.environ["GAN_LESSONS_CACHE"] = str(folder)
    try:
        yield
    finally:
        cifar.SIZE, cifar.SHA256 = kept[:2]
        os.environ.clear()
        os.environ.update(kept[2])


def downloads(folder: Path, kills: int = 3) -> dict:
    """Cut at every tenth, a wrong byte in every tenth, SIGKILL: what stands under the final name.

    ``half_written`` counts anything under the final name that is not the whole right file, and
    whatever else but the part and the lock is left in the cache when the download is through.
    """
    done = Counter()
    final, part = folder / cifar.FILE, folder / f".{cifar.FILE}.part"
    with server() as service, small_archive(folder):
        address = f"http://127.0.0.1:{service.server_port}"

        def ask(path: str) -> str:
            os.environ["GAN_LESSONS_CIFAR10_URL"] = address + path
            try:
                cifar.fetch()
            except StorageError as error:
                return str(error)
            finally:
                done["half_written"] += final.exists() and final.read_bytes() != BODY
            return ""

        def start_anew() -> None:
            done["whole"] += final.exists() and final.read_bytes() == BODY
            left = {p.name for p in folder.glob("*")} - {final.name, f".{cifar.FILE}.lock"}
            done["half_written"] += len(left)
            for path in folder.glob("*"):
                path.unlink()

        for tenth in range(1, 10):  # one download, cut nine times
            done["cuts_refused"] += "broke off" in ask(f"/cut/{tenth * SIZE // 10}")
            done["part_right"] += BODY.startswith(part.read_bytes())
        ask("/good")
        begins = service.begins[1:]  # type: ignore[attr-defined]
        done["went_on_where_cut"] = sum(
            (k * SIZE // 10) - (1 << 14) <= at <= k * SIZE // 10 for k, at in enumerate(begins, 1)
        )
        start_anew()
        for tenth in range(10):
            said = ask(f"/wrong/{tenth * SIZE // 10 + 17}")
            done["wrong_bytes_refused"] += "SHA-256" in said
            done["half_written"] += part.exists()  # a part that is wrong is no start
        ask("/good")
        start_anew()
        for number in range(kills):
            os.environ["GAN_LESSONS_CIFAR10_URL"] = address + "/slow"
            client = subprocess.Popen(
                [sys.executable, "-c", CLIENT, str(SIZE), SHA256],
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            asked = len(service.begins)  # type: ignore[attr-defined]
            while len(service.begins) == asked and client.poll() is None:  # type: ignore[attr-defined]
                time.sleep(0.01)
            time.sleep(0.2 + 0.4 * number)
            client.kill()
            client.wait()
            done["kills"] += 1
            done["part_right_after_kill"] += part.exists() and BODY.startswith(part.read_bytes())
            done["half_written"] += final.exists()
        ask("/good")
        start_anew()
    return {"bytes": SIZE, **done}
