"""A board of 60 cards: kept, drawn anew, and asked for changes, each against what the server could do at most."""

from __future__ import annotations

from functools import partial

from tests.bench.client import Shot, Target, ask, shoot, sized
from tests.bench.company import MANAGER
from tests.bench.figures import Report
from tests.bench.rounds import Pace, compare
from tests.bench.service import Service

ADDRESS = "/boards/sixty"
CARDS = 60


def measure(service: Service, pace: Pace, report: Report) -> None:
    """Report warm, cold and poll of the board of 60 cards."""
    plain = (("Accept-Encoding", "identity"), ("Cookie", service.cookie(MANAGER)))
    board = Target(service.port, ADDRESS, plain)
    _, headers, body, _ = ask(board)
    cards = body.count(b"data-card=")
    if cards != CARDS:
        raise RuntimeError(f"The board shows {cards} cards, not {CARDS}.")
    service.post("/_b/page", body)
    conditions = (*plain, ("If-None-Match", headers["etag"]), ("HX-Request", "true"))
    targets = {
        "page": sized(Target(service.port, "/_b/page", plain), 200),
        "empty": sized(Target(service.port, "/_b/empty", plain), 304),
        "poll": sized(Target(service.port, f"{ADDRESS}/cells", conditions), 304),
    }

    def at_board(seconds: int, *, cold: bool) -> Shot:
        service.post("/_b/cold" if cold else "/_b/warm")
        target = sized(board, 200)
        shot = shoot(target, seconds)
        service.post("/_b/warm")
        return shot

    shooters = {
        "page": partial(shoot, targets["page"]),
        "warm": partial(at_board, cold=False),
        "empty": partial(shoot, targets["empty"]),
        "poll": partial(shoot, targets["poll"]),
        "cold": partial(at_board, cold=True),
    }
    ratios = {
        "board warm / yardstick": ("warm", "page"),
        "board cold / yardstick": ("cold", "page"),
        "poll / empty": ("poll", "empty"),
    }
    report.note(page=len(body), cards=cards, database=service.database)
    compare(shooters, ratios, pace, report, database=service.database)
