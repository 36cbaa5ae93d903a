"""How long a password has to be: shorter for whoever never comes in by it alone (NIST SP 800-63B-4 section 3.1.1.2)."""

from __future__ import annotations

from collections.abc import Callable

from tracker.organisation.passwords import SHORTEST, SHORTEST_OF_TWO
from tracker.organisation.people import Person
from tracker.wording import ngettext

# Each tells whether something beside the password is asked of a person at every sign-in.
asked_beside: list[Callable[[Person], bool]] = []


def shortest_for(person: Person) -> int:
    """Return how many characters a new password of `person` needs.

    Who loses the second factor later with a password this short is asked for another one at the next sign-in
    (`Entry.short`), so nobody has to know how long the hashed one was.
    """
    return SHORTEST_OF_TWO if any(asks(person) for asks in asked_beside) else SHORTEST


def hint(shortest: int) -> str:
    """Return what the field says before anything is typed."""
    return ngettext(
        "At least %(num)s character. A few words that do not belong together are best.",
        "At least %(num)s characters. A few words that do not belong together are best.",
        shortest,
    )
