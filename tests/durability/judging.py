"""What stands in a database, held against the ledger of what was sent and answered."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence

from tests.durability.effects import Seen
from tests.durability.forms import Sent
from tests.durability.store import Store
from tests.durability.whole import faults
from tests.durability.writers import Crew

SENDERS = {
    **dict.fromkeys(("create", "bring", "import", "bulk"), "manager"),
    **dict.fromkeys(("held", "resumed", "stepped_back", "opened"), "executive"),
    "asked": "lead",
    **dict.fromkeys(("edit", "raise"), "lead"),
    "promise": "head",
}


def judged(store: Store, since: int, ledger: Sequence[Sent]) -> tuple[list[str], Counter[str]]:
    """Return what is wrong, and what became ("whole", "nothing") of the forms that were never answered.

    `since` is how many events there were before the first form of the ledger.
    """
    with store.looking():
        seen = Seen(since)
        wrong = [*faults(), *seen.promises(ledger)]
        became: Counter[str] = Counter()
        for form in ledger:
            found = seen.of(form)
            if found not in ("whole", "nothing"):
                wrong.append(found)
            elif form.acknowledged and found != "whole":
                wrong.append(f"{form.kind} {form.word} was acknowledged and is lost")
            elif form.status is not None and not form.acknowledged and found == "whole":
                wrong.append(f"{form.kind} {form.word} was refused ({form.status}) and is there")
            elif form.status is None:
                became[found] += 1
        return wrong, became


def resend(crew: Crew, forms: Sequence[Sent]) -> None:
    """Send once more, with its key, what was not taken; as people do who do not know what became of it."""
    for form in forms:
        with contextlib.closing(crew.browser(SENDERS[form.kind])) as browser:
            browser.send(form)
