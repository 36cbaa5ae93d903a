"""Reports on *When money is short*."""

from __future__ import annotations

from tracker.demo.shapes import AT_RISK, ON_TRACK
from tracker.demo.shapes import UpdatePlan as U

UPDATES = {
    "sunday-topup": (
        U(
            281,
            ON_TRACK,
            "Stood in three corner shops on a Sunday. The terminal says 'accepted', "
            "the meter says nothing.",
            "Somebody on duty at weekends, from now.",
        ),
        U(
            239,
            ON_TRACK,
            "Weekend duty rings back within twenty minutes. It is not a solution, it "
            "is a kindness.",
            "Find where the message sleeps.",
        ),
        U(
            194,
            AT_RISK,
            "The message sleeps in a night job that skips Sundays since anyone can remember.",
            "Run it on Sundays.",
            "Nobody dares to touch the job.",
            "An owner for the night job.",
        ),
        U(
            157,
            ON_TRACK,
            "The job has an owner and runs on Sundays.",
            "Ten on trust, in eight shops.",
        ),
        U(
            128,
            ON_TRACK,
            "First weekend: 41 failures, 38 had light within five minutes.",
            "The three.",
        ),
        U(
            99,
            ON_TRACK,
            "The three were old meters that cannot be reached.",
            "List where these hang.",
        ),
        U(
            68,
            AT_RISK,
            "1,300 old meters cannot take ten on trust. Kitewright has no slots for them.",
            "Ask for fifty slots a week.",
            "Those who need it most have the old meters.",
            "Kitewright to give fifty slots a week.",
        ),
        U(
            26,
            AT_RISK,
            "Twenty slots a week. At that pace it takes more than a year.",
            "Put families with small children first.",
            "Twenty slots, not fifty.",
            "Yuhua to speak with Kitewright's board.",
        ),
    ),
    "plan-in-one-call": (
        U(
            628,
            ON_TRACK,
            "Sat beside agents. They know within a minute what a family can pay and "
            "are not allowed to write it down.",
            "Limits on a card.",
        ),
        U(580, ON_TRACK, "Card ready: three lines and no exceptions to remember.", "Two teams."),
        U(
            512,
            AT_RISK,
            "Plans agreed at once: 88 in a hundred. The text arrives after two days.",
            "Send it during the call.",
            "Without the text people ring again to be sure.",
            "A direct line to the message service.",
        ),
        U(
            449,
            ON_TRACK,
            "The text arrives before goodbye. Plans kept: 81 in a hundred.",
            "All teams.",
        ),
        U(352, ON_TRACK, "All teams but the evening desk.", "Teach the evening desk."),
        U(
            262,
            ON_TRACK,
            "Evening desk too. Debt written off is down by an eighth.",
            "Ask Amara to start the proof.",
        ),
        U(146, ON_TRACK, "Through the price change: plans kept 78 in a hundred.", "Hold it."),
        U(
            54,
            ON_TRACK,
            "79 in a hundred. A bus driver wrote. He paid the last part standing at the depot.",
            "Two more quarters.",
        ),
    ),
    "tell-us-once": (
        U(
            440,
            ON_TRACK,
            "Ninety families. Nobody was angry about money, all were angry about letters.",
            "One person per family.",
        ),
        U(
            387,
            ON_TRACK,
            "Four colleagues asked to do this work. We gave them a room with a door.",
            "Start with them.",
        ),
        U(
            331,
            ON_TRACK,
            "42 families. One certificate each, one contact and a half.",
            "Find every place from which a letter can leave.",
        ),
        U(
            276,
            AT_RISK,
            "A letter to a dead man left from the reminder run. The daughter was kind.",
            "Stop the run for these accounts.",
            "The reminder run does not know the mark.",
            "The mark in the billing system this month.",
        ),
        U(223, ON_TRACK, "Orrery put the mark in. No letter since.", "Look after the four."),
        U(
            168,
            ON_TRACK,
            "One of the four needed a rest and took it. A fifth has joined.",
            "Write down how they do it.",
        ),
        U(
            103,
            ON_TRACK,
            "It fits on two pages. The first line is: do not say 'I understand'.",
            "Ask for the roll-out.",
        ),
        U(64, ON_TRACK, "Twelve shops have a person and a room.", "The rest of the shops."),
        U(
            36,
            ON_TRACK,
            "Thirty shops. The evening desk hands over to the morning, by name.",
            "Train Tessaly's supervisors.",
        ),
        U(
            14,
            ON_TRACK,
            "Noor's supervisors spent a day with the four and were quiet on the way home.",
            "Last ten shops.",
        ),
    ),
    "debt-letters": (
        U(
            231,
            ON_TRACK,
            "Twelve homes, nine drawers. Nobody had read past the red line.",
            "Letters without red.",
        ),
        U(
            190,
            ON_TRACK,
            "Version with the way out first: seven of ten rang the same day, in the test.",
            "Plain envelopes.",
        ),
        U(
            143,
            AT_RISK,
            "Envelopes are easy. The legal notice must look as it looks.",
            "Ask whether it must be in each letter.",
            "The notice fills page one.",
            "Solveig to ask the regulator.",
        ),
        U(
            78,
            AT_RISK,
            "The regulator is rewriting the notice and does not say by when.",
            "Ask Amara whether to wait.",
            "We might print everything twice.",
            "A decision: wait or print.",
        ),
    ),
}
