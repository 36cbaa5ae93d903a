"""The charters: what was agreed beside each purpose. Ideas have a purpose only."""

from __future__ import annotations

from tracker.demo.charters import bill, dark, door, home, money, reach

CHARTERS = (
    reach.CHARTERS | bill.CHARTERS | door.CHARTERS | home.CHARTERS | money.CHARTERS | dark.CHARTERS
)
