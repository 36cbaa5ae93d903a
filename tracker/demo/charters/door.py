"""Charters of *Someone at my door*."""

from __future__ import annotations

from tracker.demo.shapes import CharterPlan as C
from tracker.demo.shapes import RevisionPlan

CHARTERS = {
    "two-hours": C(
        "I know when, I know who, and I can go on with my day until then.",
        "All visits that a customer must be at home for, ours and Kitewright's.",
        "Power cuts, where nobody can promise an hour.",
        "Visits within the window, from 41 to 92 in a hundred. Complaints with 'waited': from "
        "4,700 to 1,500 a year.",
        "Two years. 240,000, half of it for planning.",
        "A window that is missed hurts more than a day that was.",
        RevisionPlan(
            210,
            "Name and picture only for engineers who wish it",
            outside="Power cuts, where nobody can promise an hour. Pictures of anyone who would "
            "rather not.",
        ),
    ),
    "missed-visit": C(
        "You did not come, you say so, and the money is there before I am angry.",
        "Visits missed by us or by Kitewright.",
        "Visits missed by the customer.",
        "Credits without a form: all. Visits missed: halved within a year.",
        "Fifteen months. 31,000 and what we owe.",
        "What is paid will be hidden, unless the van's clock decides.",
    ),
    "one-visit-swap": C(
        "One morning, one person, a new meter, and a bill that knows it.",
        "Exchanges by Kitewright in Skelby and on the islands, up to the first right bill.",
        "New connections.",
        "Exchanges in one visit, from 72 to 92 in a hundred. New meters that bill rightly within a "
        "week: all.",
        "Sixteen months. 158,000.",
        "Signal, stock, cupboard and gateway: four doors, and each of them can be locked.",
        RevisionPlan(
            27,
            "The islands wait until the gateway is mended",
            inside="Exchanges by Kitewright in Skelby, up to the first right bill. The islands "
            "follow when no message is lost any more.",
        ),
    ),
    "know-my-house": C(
        "I say it once, and everyone who comes has read it before they ring the bell.",
        "What households choose to tell us: stairs, dogs, machines, who to call.",
        "Diagnoses. Anything that was not said by the household itself.",
        "Visits in which the note was read aloud: all. Near misses: none.",
        "A year. 71,000.",
        "The most private words of all will lie on the most travelled device.",
    ),
    "locked-cupboard": C(
        "My meter is read, and I did not have to find the caretaker.",
        "Meters in shared cellars of landlords with ten houses or more.",
        "Single houses.",
        "Meters not read for a year, from 8,400 to 2,000.",
        "Ten months. 36,000, keys and thirty small radios.",
        "A key list is a thing that thieves would like to have.",
    ),
    "roof-drone": C(
        "A yes or a no in a week, with the reason, and nobody on my roof.",
        "Surveys for heat pumps in Hathersea.",
        "Solar panels.",
        "Visits per survey, from 2.6 to 1. Refusals that surprise: fewer than one in ten.",
        "Eight months. 62,000.",
        "The roof may not be what decides.",
    ),
}
