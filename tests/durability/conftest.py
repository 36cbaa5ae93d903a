"""Companies at work, each in a database of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.durability.store import Store, sqlite
from tests.postgres import database


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The database of this test."""
    return request.param


@pytest.fixture
def opened(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, worker_id: str
) -> Iterator[Callable[[str], Store]]:
    """Give the function that makes an empty database of this kind, with a data folder, by a name of its own."""
    with contextlib.ExitStack() as open_ones:

        def make(name: str) -> Store:
            folder = tmp_path / name
            folder.mkdir()
            if kind == "sqlite":
                return sqlite(folder)
            server = request.getfixturevalue("postgres_server")
            url = open_ones.enter_context(database(server, f"tracker_{name}_{worker_id}"))
            return Store(url, folder)

        yield make
