"""The columns of an answer of PostgreSQL, described when somebody looks at them.

The driver describes every column of every answer: its name, its type, its size. SQLAlchemy asks only whether there are any,
for it remembers what a statement brings from the first time that it was asked. Of a row with thirty columns that is a good
part of what reading it costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any


class Columns(Sequence[Any]):
    """The description of a cursor, made when it is first read."""

    def __init__(self, count: int, describe: Callable[[], Sequence[Any]]) -> None:
        self._count = count
        self._describe = describe
        self._made: Sequence[Any] | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        return self._all()[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def _all(self) -> Sequence[Any]:
        if self._made is None:
            self._made = self._describe()
        return self._made


def described_late(driver: Any) -> type[Any]:
    """Return psycopg's cursor, except that its columns are described when somebody looks at them."""

    class DescribedLate(driver.Cursor):
        @property
        def description(self) -> Any:
            answer = self.pgresult
            if answer is None or not answer.nfields:
                return super().description
            its = SimpleNamespace(
                pgresult=answer, adapters=self.adapters, _encoding=self._encoding
            )  # the cursor may have gone on to another answer
            count = answer.nfields
            return Columns(count, lambda: [driver.Column(its, n) for n in range(count)])

    return DescribedLate
