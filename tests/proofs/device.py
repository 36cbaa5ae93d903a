"""A device that makes passkeys and signs with them, in a few lines: what a browser would send of it."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, MADE = 1, 4, 64


class Device:
    """One passkey. `count` is what it says of its signatures; 0 for good if it `counts` none."""

    def __init__(self, origin: str = "http://localhost", *, counts: bool = True) -> None:
        self.origin, self.counts, self.count = origin, counts, 0
        self.id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = ""

    @property
    def name(self) -> str:
        """What the server knows it by."""
        return bytes_to_base64url(self.id)

    def make(self, question: dict[str, Any], **how: Any) -> str:
        """Answer what was asked in order to make a passkey."""
        self.handle = question["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        told = self._told(how.get("rp_id", question["rp"]["id"]), PRESENT | VERIFIED | MADE)
        data = told + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", question["challenge"], how.get("origin"))
        return self._said(client, {"attestationObject": bytes_to_base64url(attested)})

    def sign(self, question: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **how: Any) -> str:
        """Answer what was asked in order to sign."""
        self.count += 1 if self.counts else 0
        data = self._told(how.get("rp_id", question["rpId"]), flags)
        client = self._client("webauthn.get", question["challenge"], how.get("origin"))
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._said(
            client,
            {
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": how.get("handle", self.handle),
            },
        )

    def _told(self, rp_id: str, flags: int) -> bytes:
        return (
            hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        )

    def _client(self, kind: str, challenge: str, origin: str | None) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": origin or self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _said(self, client: bytes, response: dict[str, Any]) -> str:
        response["clientDataJSON"] = bytes_to_base64url(client)
        told = {"id": self.name, "rawId": self.name, "type": "public-key", "response": response}
        return json.dumps(told | {"clientExtensionResults": {}})
