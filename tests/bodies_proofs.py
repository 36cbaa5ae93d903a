"""The bodies of `bodies.py`, for what people prove themselves by. The member has an app, codes and a passkey; others have none."""

from __future__ import annotations

from typing import Any

from pyotp.hotp import HOTP

from tests.bodies import ANYBODY, EVERYBODY, Send, says
from tests.cast import PASSWORD, START
from tracker.proofs.codes import STEP

HAS_NONE = frozenset({409})


def _first_code(w: Any) -> dict[str, Any]:
    step = int(START.timestamp() + 3600) // STEP
    return {"sealed": w.offer.sealed, "code": HOTP(w.offer.secret).at(step)}


PROOFS: dict[str, Send] = {
    # On the way in: nobody is, so all of these lead to the door or ask for a device.
    "proofs.code": Send(ANYBODY, says(code="123456")),
    "proofs.first": Send(ANYBODY, says(code="123456", sealed="")),
    "proofs.first_passkey": Send(ANYBODY, says(made_answer="{}", name="Phone")),
    "proofs.first_passkey_question": Send(ANYBODY, status=409),
    "proofs.passkey": Send(ANYBODY, says(proof_token="{}", next=""), status=422),
    "proofs.passkey_question": Send(ANYBODY, status=200),
    # Once more
    "proofs.again": Send(EVERYBODY, says(proof_secret=PASSWORD, next="/")),
    "proofs.again_question": Send(EVERYBODY, status=200),
    # One's own
    "proofs.app": Send("lead", _first_code, status=200, refused=frozenset({422})),
    "proofs.app_removal": Send("member", refused=HAS_NONE),
    "proofs.new_passkey": Send(EVERYBODY, says(made_answer="{}", name="Phone"), status=422),
    "proofs.new_passkey_question": Send(EVERYBODY, status=200),
    "proofs.recovery_codes": Send("member", status=200, refused=HAS_NONE),
    "proofs.remove_own_passkey": Send("member"),
    "proofs.rename_passkey": Send("member", lambda w: {"name": "Desk", "version": w.passkey.version}),
    # What administrators do
    "proofs.required": Send("admin", says(second_factor=["executive"], version=2)),
    "proofs.reset_factors": Send("admin", says(words="The phone is lost.")),
}  # fmt: skip
# They ask for what no form alone can bring: a first step that was taken, or the answer of a device.
TO_THE_DOOR = frozenset({"proofs.code", "proofs.first", "proofs.first_passkey"})
ASK_A_DEVICE = frozenset({
    "proofs.first_passkey_question", "proofs.passkey", "proofs.passkey_question", "proofs.again_question", "proofs.new_passkey",
    "proofs.new_passkey_question",
})  # fmt: skip
NO_ROWS = TO_THE_DOOR | ASK_A_DEVICE | {"proofs.again"}
