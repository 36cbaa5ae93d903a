"""Reports on *New home, new start*."""

from __future__ import annotations

from tracker.demo.shapes import AT_RISK, OFF_TRACK, ON_TRACK
from tracker.demo.shapes import UpdatePlan as U

UPDATES = {
    "moving-house": (
        U(
            389,
            ON_TRACK,
            "Five units drew their part of a move. Laid side by side they do not touch.",
            "Walk the way with fourteen movers.",
        ),
        U(
            345,
            ON_TRACK,
            "Fourteen moves walked. The worst hour is the one in which two addresses are yours.",
            "One form for both addresses.",
        ),
        U(
            300,
            AT_RISK,
            "The form is ready on paper. The billing system knows one address per person.",
            "Orrery looks for a way.",
            "A person cannot have two addresses for a night.",
            "Orrery and systems and data in one room.",
        ),
        U(
            252,
            ON_TRACK,
            "A way was found: two accounts that know of each other.",
            "Pilot in the Port Ellery shop.",
        ),
        U(
            207,
            OFF_TRACK,
            "60 of 200 movers were billed twice for the night of the move.",
            "Repay all 60 by hand, with a call.",
            "The two accounts know of each other too late.",
            "A week of Orrery's engineer, on site.",
        ),
        U(
            163,
            AT_RISK,
            "Back in design. The overlap comes from the hour at which readings arrive.",
            "Test with the readings of one whole month.",
            "We lost two months and some goodwill.",
            "Patience, and the month's readings.",
        ),
        U(
            120,
            ON_TRACK,
            "One month replayed: 3,400 moves, no overlap.",
            "Ask Leila for the second pilot.",
        ),
        U(
            83,
            ON_TRACK,
            "Second pilot: 70 moves, 70 right. Sefa's team put up a tally with a bell.",
            "One more helpline team.",
        ),
        U(
            55,
            ON_TRACK,
            "160 moves. Contacts per move: 1.4, it was 4.3.",
            "The app, in the same words.",
        ),
        U(
            26,
            AT_RISK,
            "The app's form is ready and waits for a place in the release.",
            "Jiaqi weighs it against the login change.",
            "Half the movers would use the app and cannot.",
            "A place in the next release.",
        ),
        U(
            2,
            AT_RISK,
            "No place in this release; promised for the next. Shops go on.",
            "Write the case for the roll-out with shops and telephone only.",
            "The pilot is right and too small to prove it.",
            "Leila to say whether we may roll out without the app.",
        ),
    ),
    "not-my-debt": (
        U(
            170,
            AT_RISK,
            "Letters stop the same day. The agency's list is four weeks behind ours.",
            "A daily list for the agency.",
            "People are still visited for others' debts.",
            "A change to the agency's contract.",
        ),
        U(
            136,
            AT_RISK,
            "The contract is open on the table. The agency wants a fee per change.",
            "Ingrid reads what they may ask.",
            "Each week costs about twenty wrong visits.",
            "Amara to decide on the fee.",
        ),
        U(98, ON_TRACK, "No fee. Daily list from Monday.", "Count wrong visits each week."),
        U(
            61,
            AT_RISK,
            "Wrong visits: three last week, from twenty. The three come from post that "
            "was returned and never opened.",
            "Open the returned post.",
            "1,600 returned letters lie in boxes.",
            "Four people for two days.",
        ),
    ),
    "heat-pump-quote": (
        U(
            13,
            ON_TRACK,
            "Laid 72 quotes beside 72 final prices. Twelve reasons; three of them "
            "make nine tenths of the difference.",
            "Bring the cellar survey before the quote.",
        ),
    ),
    "no-paper-shops": (
        U(
            365,
            ON_TRACK,
            "Eighteen shops. The tablet stands between two chairs, not on the "
            "counter, and that was the trick.",
            "Six shops a month.",
        ),
        U(
            303,
            AT_RISK,
            "Twenty-six shops. The network in the old town drops at noon.",
            "A second line for four shops.",
            "At noon people are sent home with homework again.",
            "A line from systems and data for four shops.",
        ),
        U(243, ON_TRACK, "Second lines are in. Thirty-three shops.", "The last seven."),
        U(180, ON_TRACK, "Forty of forty.", "Ask Pieter to start the proof."),
        U(
            109,
            ON_TRACK,
            "Visitors who return with the same wish: 11 in a hundred, from 34.",
            "Two more quarters.",
        ),
        U(76, ON_TRACK, "10 in a hundred. Two shops do no better than before.", "Visit the two."),
        U(44, ON_TRACK, "The two shops had put the tablet back on the counter.", "Chairs."),
        U(
            15,
            ON_TRACK,
            "Chairs are back. 8 in a hundred over all shops.",
            "Ask customers, not only the counter.",
        ),
    ),
}
