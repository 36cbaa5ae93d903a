"""Charters of *New home, new start*."""

from __future__ import annotations

from tracker.demo.shapes import CharterPlan as C
from tracker.demo.shapes import RevisionPlan

CHARTERS = {
    "moving-house": C(
        "I tell one person, once, and on the first night both houses know where I live.",
        "Moves from one of our addresses to another, in shops, on the telephone, in the app.",
        "Moving away from us, or to us. Businesses.",
        "Contacts per move, from 4.3 to 1.5. Nights billed twice: none.",
        "Twenty months. 175,000.",
        "Five units own a piece of this and none the whole.",
        RevisionPlan(
            124,
            "Readings first, then accounts: what we learnt from sixty double bills",
            measures="Contacts per move, from 4.3 to 1.5. Nights billed twice: none, shown on one "
            "whole month before anyone is moved.",
        ),
    ),
    "not-my-debt": C(
        "My door is mine. What somebody owed before me does not knock on it.",
        "Debt letters, collectors, and the day on which somebody tells us that they moved in.",
        "Debts between people who share a flat.",
        "Letters to the wrong person, from 1,150 a year to 50. Visits to the wrong door: none.",
        "A year. 39,000.",
        "Returned post that nobody opens knows more than our systems do.",
    ),
    "heat-pump-quote": C(
        "The price I hear in the shop is the price I pay, or I may walk away with my deposit.",
        "Heat pumps sold in our shops.",
        "Boilers.",
        "Last price against first, from 38 to 5 in a hundred above.",
        "A year. 52,000.",
        "Fitters will add what they fear, unless they see the cellar first.",
    ),
    "no-paper-shops": C(
        "I came for a person, and when I leave it is done.",
        "The ten commonest wishes, in all forty shops.",
        "Repairs and complaints, which need more than a counter.",
        "Visitors who leave with homework, from 46 to 10 in a hundred. Visitors who come back "
        "with the same wish: from 34 to 10.",
        "Fifteen months and half a year of proof. 97,000.",
        "A tablet on the counter is a wall. It must stand between two chairs.",
    ),
}
