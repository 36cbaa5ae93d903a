"""Long lists a page at a time, and addresses that keep what was asked so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import Flask, request

Row = TypeVar("Row")
BEYOND = 2**31  # the first number that a column of whole numbers does not hold
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list: page ``page`` (from 1) of ``per_page`` rows each, ``total`` in all."""

    items: Sequence[Row]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return pages_of(self.total, self.per_page)

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1; 0 when none is."""
        return (self.page - 1) * self.per_page + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The place of the last row shown; 0 when none is."""
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def has_prev(self) -> bool:
        """Whether a page stands before this one."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows this one."""
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        """The page before; the last one when this lies beyond it."""
        return min(self.page - 1, self.pages)

    @property
    def next_num(self) -> int:
        """The page after."""
        return self.page + 1


def pages_of(total: int, per_page: int) -> int:
    """Return how many pages `total` rows fill; at least one."""
    return max(1, -(-total // per_page))


def asked_page() -> int:
    """Return the page that the address asks for: 1 when it says nothing or nonsense."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def asked_number(name: str, otherwise: int | None = None) -> int | None:
    """Return the number that the address asks for under `name`: an id, a count, a version; `otherwise` for nothing or nonsense.

    What no database would take for an id is nonsense too.
    """
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number < BEYOND else otherwise


def offset(page: int, per_page: int) -> int:
    """Return how many rows come before ``page``."""
    return (page - 1) * per_page


def kept_questions(*without: str) -> list[tuple[str, str]]:
    """Return the (name, value) pairs of the address, leaving out those named, "page" and blanks."""
    left_out = {*without, "page"}
    return [(k, v) for k, v in request.args.items(multi=True) if k not in left_out and v != ""]


def here(**changes: object) -> str:
    """Return the present address with some of its questions answered anew; None takes one away."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in changes and v != ""]
    kept += [(name, str(value)) for name, value in changes.items() if value is not None]
    return _address(kept)


def here_only(*names: str) -> str:
    """Return the present address with only the questions named: the list without its filters."""
    return _address([(k, v) for k, v in request.args.items(multi=True) if k in names and v != ""])


def _address(questions: list[tuple[str, str]]) -> str:
    path = request.script_root + request.path
    return f"{path}?{urlencode(questions)}" if questions else path


def init_app(app: Flask) -> None:
    """Give templates the addresses."""
    app.jinja_env.globals.update(here=here, here_only=here_only, kept_questions=kept_questions)
