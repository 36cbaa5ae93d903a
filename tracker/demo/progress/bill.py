"""Reports on *A bill I can follow*."""

from __future__ import annotations

from tracker.demo.shapes import AT_RISK, OFF_TRACK, ON_TRACK
from tracker.demo.shapes import UpdatePlan as U

UPDATES = {
    "estimates": (
        U(
            463,
            ON_TRACK,
            "Found fourteen codes for 'estimated'. The bill prints none of them.",
            "Choose two that a person would say aloud.",
        ),
        U(
            417,
            AT_RISK,
            "Two codes chosen. The printer needs the new line in a fixed place.",
            "Proofs with Pagemill.",
            "Third round of proofs, still cut off on folded bills.",
            "Pagemill to send a person, not a file.",
        ),
        U(
            377,
            ON_TRACK,
            "Oona came, folded the bill in front of us and moved the line two centimetres.",
            "Pilot in Hathersea.",
        ),
        U(
            318,
            ON_TRACK,
            "Wording A makes people angry, wording B makes them photograph the meter.",
            "Let it run for a second bill.",
        ),
        U(
            262,
            ON_TRACK,
            "Second bill: a third fewer calls, 1,900 photographs, nine of cats.",
            "Train the desk on photographs.",
        ),
        U(
            205,
            AT_RISK,
            "Photographs pile up: 400 a day are typed in by hand.",
            "Farid tries to read the digits by machine.",
            "Typing takes two people all day.",
            "Two helpers for four weeks.",
        ),
        U(
            166,
            ON_TRACK,
            "The machine reads nine in ten; a person sees the tenth.",
            "Ask Amara for the roll-out.",
        ),
        U(121, ON_TRACK, "Hathersea and Skelby live.", "Dunmoor with the next billing run."),
        U(
            80,
            ON_TRACK,
            "Dunmoor live. Estimated bills fell from one in five to one in eight, "
            "which nobody had planned.",
            "The islands, where the post is slow.",
        ),
        U(
            37,
            ON_TRACK,
            "Islands live except for Vael, where the ferry does not run in a gale.",
            "Port Ellery is the last and the largest.",
        ),
        U(
            9,
            ON_TRACK,
            "Half of Port Ellery has the new first line. The desk took down the sheet "
            "with excuses for estimates.",
            "The other half with the next run.",
        ),
    ),
    "refund-five-days": (
        U(
            583,
            ON_TRACK,
            "Followed one refund on foot: eleven desks, four stamps, one holiday.",
            "Ask at each desk what would go wrong without it.",
        ),
        U(
            531,
            AT_RISK,
            "Nine of eleven desks say 'nothing'. The bank file runs twice a week.",
            "Ask for a daily file.",
            "Five days cannot be done with two files a week.",
            "A daily bank file from systems and data.",
        ),
        U(
            452,
            ON_TRACK,
            "Below 200 the money leaves in three days. First letter of thanks, on a postcard.",
            "Watch for mistakes before raising the limit.",
        ),
        U(340, ON_TRACK, "Limit is 1,000. Median six days.", "Daily file before the next step."),
        U(271, ON_TRACK, "Daily file is here. Median four days.", "Limit 2,000."),
        U(
            139,
            ON_TRACK,
            "Three months at four days. 'Where is my money' calls are down to six a day.",
            "Count again after the price change.",
        ),
        U(
            73,
            AT_RISK,
            "The price change brought 3,000 credits in a week; median slipped to seven days.",
            "One more pair of eyes on the large ones.",
            "Large credits wait for the same two people.",
            "A third person with signing rights.",
        ),
        U(
            23,
            ON_TRACK,
            "Back at four days with a third signature. Lucia confirmed the saving for the quarter.",
            "Nine more months of holding it.",
        ),
    ),
    "one-envelope": (
        U(
            240,
            ON_TRACK,
            "One year of one customer's post covers the meeting room: 61 letters. Two "
            "directors asked for the room key.",
            "Count all letters of all units.",
        ),
        U(
            199,
            AT_RISK,
            "148 templates, 31 without an owner. Shops print their own.",
            "Giulia collects what lies in the drawers.",
            "A calendar cannot hold what nobody owns.",
            "Each head to claim or drop the orphans.",
        ),
        U(
            148,
            ON_TRACK,
            "29 orphans dropped, 2 adopted. The calendar fits on a page.",
            "Pilot in Dunmoor with one gate at the printer.",
        ),
        U(
            70,
            ON_TRACK,
            "First month in Dunmoor: 2.1 letters a household, it was 4.8.",
            "See whether anyone misses anything.",
        ),
        U(42, ON_TRACK, "One complaint: a man misses the boiler offers.", "Ask him why."),
        U(
            28,
            AT_RISK,
            "Legal letters still jump the gate, because their dates allow no waiting.",
            "Ingrid looks for dates with slack.",
            "One in five letters goes around the calendar.",
            "Solveig to say which dates are law.",
        ),
        U(
            10,
            AT_RISK,
            "Half the dates turn out to be custom. Pagemill's gate opens only by hand.",
            "A test file with Pagemill, promised for next week.",
            "The gate is a woman named Kirsi with a clipboard, and she is going on leave.",
            "Pagemill to automate the gate before her leave.",
        ),
    ),
    "price-letter": (
        U(
            117,
            ON_TRACK,
            "Read the old letter aloud with eighteen people. One asked whether it was in English.",
            "First sentence, three drafts.",
        ),
        U(
            84,
            ON_TRACK,
            "Draft two wins: sixteen of eighteen could say what changes.",
            "Check it with the regulator's list.",
        ),
        U(
            56,
            AT_RISK,
            "The list wants unit rates in the first paragraph, where our sentence is.",
            "Ask for an exception, with the recordings.",
            "The regulator's order of words and ours do not fit on one page.",
            "Solveig to carry the recordings to the regulator.",
        ),
    ),
    "paid-is-paid": (
        U(
            33,
            ON_TRACK,
            "Drew the road of a payment: six systems, the slowest sleeps at weekends.",
            "Agree which of them may say 'received'.",
        ),
        U(
            6,
            ON_TRACK,
            "The gateway may say it, and reminders will listen. Tomasz found the switch.",
            "Goal and baseline, then ask for designing.",
        ),
    ),
    "large-print": (
        U(
            640,
            AT_RISK,
            "212 of 640 customers paid a late fee because of our post.",
            "Repay without asking.",
            "The list of who paid is kept on paper.",
            "Two days from the ledger team.",
        ),
        U(
            575,
            ON_TRACK,
            "All repaid, with a note in the right format. Three rang to say it was the first.",
            "Same day for all bill runs.",
        ),
        U(490, ON_TRACK, "Two runs, no day of difference.", "Three more to be sure."),
        U(392, ON_TRACK, "Five runs, no day of difference.", "Put the result to the sponsor."),
    ),
    "solar-credit": (
        U(
            88,
            ON_TRACK,
            "Visited six roofs and six owners, each with a spreadsheet better than ours.",
            "Find out what the export meters can say.",
        ),
        U(
            49,
            OFF_TRACK,
            "They can say very little: one figure a month, and a third of them nothing.",
            "Wait for the new meters, or sell a guess.",
            "The figures we want to show do not exist yet.",
            "A decision from Pieter: wait or guess.",
        ),
    ),
}
