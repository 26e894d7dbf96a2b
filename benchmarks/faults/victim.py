"""``gan-lessons train``, with a fault that strikes at a chosen moment; ``measure.py`` starts it.

    FAULT='{"write": 3, "phase": "half written"}' python victim.py train --run DIR ...

What the fault needs is hung on from outside: the package itself knows nothing of it. The process
says on standard output what it does, one word and a number a line.
"""

import ctypes
import json
import os
import resource
import signal
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from gan_lessons import checkpoints, cli, recorder

FAULT = json.loads(os.environ.get("FAULT", "{}"))
DAC_OVERRIDE = 1 << 1  # the right to pass by the modes of files, which root has
CAPABILITIES = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the calls; this thread


def say(*words: object) -> None:
    """A line that is out before anything else happens."""
    print(*words, flush=True)


def die(file: str, phase: str) -> None:
    """SIGKILL, as a power cut or the kernel's out-of-memory killer would."""
    say("dying", phase, file)
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_a_write(number: int, phase: str) -> None:
    """Die in the ``number``-th file that is written, ``phase`` of it."""
    replace, left = os.replace, [number]

    def replace_or_die(source: str, target: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            name = os.path.basename(target)
            if phase == "half written":
                os.truncate(source, os.path.getsize(source) // 2)
            if phase == "after the rename":
                replace(source, target)
            die(name, phase)
        replace(source, target)

    os.replace = replace_or_die


def obey_modes() -> list[int]:
    """Be refused where a folder's mode says so, though root (Linux); the rights there were."""
    libc = ctypes.CDLL(None, use_errno=True)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then their upper halves
    if libc.capget(CAPABILITIES, rights):
        raise OSError(ctypes.get_errno(), "capget")
    set_rights([rights[0] & ~DAC_OVERRIDE, *rights[1:]])
    return list(rights)


def set_rights(rights: list[int]) -> None:
    """Have these rights, of those permitted."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(CAPABILITIES, (ctypes.c_uint32 * 6)(*rights)):
        raise OSError(ctypes.get_errno(), "capset")


def allow_no_more_memory(more: int) -> None:
    """Let this process have ``more`` bytes of address space beyond what it has."""
    with open("/proc/self/statm") as file:
        have = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (have + more, resource.RLIM_INFINITY))


def narrate() -> None:
    """Say when a round was played and when a checkpoint is safe; strike where a round is named."""
    save, end = checkpoints.save_checkpoint, recorder.Recorder.on_train_batch_end

    def save_and_say(folder, step, arrays):
        path = save(folder, step, arrays)
        say("saved", step)
        return path

    def end_and_say(self, batch, logs=None):
        end(self, batch, logs)
        say("played", self.step)

    checkpoints.save_checkpoint = save_and_say
    recorder.Recorder.on_train_batch_end = end_and_say


def main() -> int:
    """Train, and meet the fault."""
    narrate()
    if "write" in FAULT:
        die_in_a_write(FAULT["write"], FAULT["phase"])
    if FAULT.get("obey_modes"):
        obey_modes()
    if "more" in FAULT:
        allow_no_more_memory(FAULT["more"])
    if "clock" in FAULT:  # Python's alone: TensorFlow's own waits look at the kernel's
        now = time.time()
        time.time = lambda: now - FAULT["clock"] * time.perf_counter()
    say("ready", 0)
    return cli.main()


if __name__ == "__main__":
    raise SystemExit(main())
