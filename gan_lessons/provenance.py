"""A toy of a signed manifest: what it proves about a picture, and what it does not.

It is a toy. Content Credentials (C2PA) sign with a private key whose public half stands in a
certificate, so that anybody can check and nobody but the owner can sign. Here signing and checking
use one shared secret (an HMAC, from the standard library), so whoever can check can also forge.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from gan_lessons.errors import InputError
from gan_lessons.pixels import to_uint8


def fingerprint(picture: np.ndarray) -> str:
    """SHA-256 of the shape and of the picture's bytes: ``(H, W, 3)`` in [-1, 1], as 8 bits."""
    pixels = to_uint8(picture)
    return hashlib.sha256(f"{pixels.shape}".encode() + pixels.tobytes()).hexdigest()


def _signature(statement: Mapping[str, Any], key: bytes) -> str:
    said = json.dumps(statement, sort_keys=True, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    return hmac.new(key, said, hashlib.sha256).hexdigest()


def sign(picture: np.ndarray, claims: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Make a manifest: claims, the picture's fingerprint, and a signature over both.

    Args:
        picture: ``(H, W, 3)`` in [-1, 1].
        claims: whatever the signer says, true or not; names and values that JSON can hold.
        key: the secret, at least 16 bytes.

    Raises:
        InputError: for a shorter key.
    """
    if len(key) < 16:
        raise InputError(f"The key has {len(key)} bytes: give at least 16.")
    statement = {"claims": dict(claims), "picture": fingerprint(picture)}
    return {**statement, "signature": _signature(statement, key)}


def signed(manifest: Mapping[str, Any], key: bytes) -> bool:
    """Whether a manifest was signed with this key, whatever picture it speaks of.

    Args:
        manifest: from ``sign``.
        key: the signer's secret.
    """
    statement = {name: manifest.get(name) for name in ("claims", "picture")}
    given = str(manifest.get("signature", ""))
    known = _signature(statement, key)
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), known.encode())


def verify(picture: np.ndarray, manifest: Mapping[str, Any] | None, key: bytes) -> str:
    """What can be said of a picture that arrives with this manifest.

    Args:
        picture: ``(H, W, 3)`` in [-1, 1].
        manifest: from ``sign``, or None if there is none.
        key: the signer's secret.

    Returns:
        ``"nothing to verify"``, ``"the manifest was not signed with this key"``, ``"not the
        picture that was signed"`` or ``"signed, and unchanged since"``.
    """
    if manifest is None:
        return "nothing to verify"
    if not signed(manifest, key):
        return "the manifest was not signed with this key"
    if manifest.get("picture") != fingerprint(picture):
        return "not the picture that was signed"
    return "signed, and unchanged since"
