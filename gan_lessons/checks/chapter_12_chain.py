"""A check for chapter 12: a chain of toy manifests, each of which holds the one before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_lessons import provenance
from gan_lessons.checks.guard import call, describe
from gan_lessons.checks.outcome import Wrong, check
from gan_lessons.checks.values import array

_KEYS = {name: f"the {name}'s secret key".encode() for name in ("camera", "program", "archive")}
_STRANGER = b"a key that nobody knows"


def _sign(picture: np.ndarray, by: str, before: Any = None, key: bytes | None = None) -> Any:
    claims = {"by": by, "did": "handled it", "before": before}
    return provenance.sign(picture, claims, key or _KEYS[by])


def _chain(pictures: list[np.ndarray], *signers: str, **forged: bytes) -> Any:
    """A manifest of the last signer; ``forged`` gives the key with which a name was signed."""
    manifest = None
    for picture, by in zip(pictures, signers, strict=False):
        manifest = _sign(picture, by, manifest, forged.get(by))
    return manifest


@check("12.6", "A chain of manifests")
def check_verify_chain(verify_chain: Any) -> str:
    """``verify_chain(picture, manifest, keys)``: whose word counts, the newest first."""
    random = np.random.default_rng(6)
    taken, saved, kept = random.uniform(-1, 1, (3, 4, 4, 3)).astype(np.float32)
    path, people = [taken, saved, kept], ("camera", "program", "archive")
    whole = ["archive", "program", "camera"]

    def found(picture: np.ndarray, manifest: Any) -> list[str]:
        value = call(verify_chain, picture, manifest, dict(_KEYS))
        if value is None and answered:
            raise Wrong(
                "nobody is None",
                "For nobody your answer is None.",
                "What is a list of names if there are none?",
                "An empty list: `[]`.",
            )
        answered.append(True)
        return _names(value)

    answered: list[bool] = []  # whether it has found names at all
    same = found(kept, _chain([kept] * 3, *people))
    if same == whole[::-1]:
        raise Wrong(
            "order", "These are the right names, the oldest first.",
            "Which manifest do you hold in your hands, and which lies inside it?",
            "Begin with the manifest that is given; the newest stands first.",
        )  # fmt: skip
    if same in (["archive"], ["camera"]):
        raise Wrong(
            "one manifest only", f"Three have signed, all rightly, and yours names {same[0]} only.",
            "Where is the manifest before this one?",
            "In `manifest[\"claims\"][\"before\"]`; go on until that is None.",
        )  # fmt: skip
    _expect(same, whole, "a chain that is whole", (
        "whole chain", "Print what each manifest says under `by`.",
        "A loop: check this manifest, note its signer, go on to the one before.",
    ))  # fmt: skip
    _expect(found(kept, _chain(path, *people)), whole, "a picture that was changed at each step", (
        "picture asked of every link",
        "Have you got the picture that the camera signed?",
        "Compare the picture with the newest manifest only; of the older ones, only the "
        "signature can be checked.",
    ))  # fmt: skip
    _expect(found(taken, _chain(path, *people)), [], "another picture than the one signed last", (
        "picture not compared",
        "The signatures are right. But of which picture do they speak?",
        "Compare `provenance.fingerprint(picture)` with what the newest manifest says.",
    ))  # fmt: skip
    forged = found(kept, _chain(path, *people, program=_STRANGER))
    if "camera" in forged and "program" not in forged:
        raise Wrong(
            "goes on after a break",
            "The program's signature is forged, and yours goes on to the camera behind it.",
            "Who says that the camera's manifest belongs to this picture?",
            "A chain holds up to its first broken link: stop there.",
        )
    if not forged:
        raise Wrong(
            "all or nothing",
            "The program's signature is forged, and yours believes nobody, not even the archive.",
            "Is anything wrong with the archive's own manifest?",
            "Stop at the broken link, and return the names before it.",
        )
    if forged == ["archive", "program"]:
        raise Wrong(
            "broken link included",
            "The program's signature is forged, and yours names the program.",
            "When do you note a name: before you check its signature, or after?",
            "Check first, and note the name only if the signature fits.",
        )
    _expect(forged, ["archive"], "a link with a forged signature", (
        "signatures not checked",
        "Who may write \"by: program\" into a manifest?",
        "Check each manifest with `provenance.signed` and the key of the one it names.",
    ))  # fmt: skip
    borrowed = found(kept, _chain(path, *people, program=_KEYS["archive"]))
    _expect(borrowed, ["archive"], "a link that the archive signed in the program's name", (
        "another's key",
        "Whose key has to fit a manifest that says \"by: program\"?",
        "One key only: `keys[by]`. That some key fits proves that somebody else signed.",
    ))  # fmt: skip
    strange = _chain(path, "camera", "nobody", "archive", nobody=_STRANGER)
    _expect(found(kept, strange), ["archive"], "a signer whom nobody knows", (
        "stranger believed",
        "Whose key would you check this signature with?",
        "Without a key there is no check: stop at a name that is not in `keys`.",
    ))  # fmt: skip
    _expect(found(kept, None), [], "a picture without a manifest", (
        "no manifest",
        "What should come back if there is nothing to verify?",
        "An empty list.",
    ))  # fmt: skip
    return "It believes the newest first, and nobody behind the first broken link."


def _names(value: Any) -> list[str]:
    if value is None:
        array(value)
    names: list[Any] = list(value) if isinstance(value, list | tuple) else [None]
    if not all(isinstance(name, str) for name in names):
        raise Wrong(
            "type",
            f"A list of names should come back, and it is {describe(value)}.",
            "What do you collect: names, manifests, or sentences?",
            'Begin with an empty list, and append `claims["by"]` for each link that holds.',
        )
    return names


def _expect(found: list[str], right: list[str], case: str, wrong: tuple[str, str, str]) -> None:
    if found != right:
        kind, *hints = wrong
        said = ", ".join(found[:5]) + " …" * (len(found) > 5) or "nobody"
        raise Wrong(
            kind,
            f"For {case} the answer is {', '.join(right) or 'nobody'}, and yours is {said}.",
            *hints,
        )
