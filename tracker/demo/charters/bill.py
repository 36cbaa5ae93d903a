"""Charters of *A bill I can follow*."""

from __future__ import annotations

from tracker.demo.shapes import CharterPlan as C
from tracker.demo.shapes import RevisionPlan

CHARTERS = {
    "estimates": C(
        "I see at once that it is a guess, and I can put it right in two minutes.",
        "Bills on paper and in the app, the call afterwards, the photograph.",
        "Better estimates. New meters, which have an initiative of their own.",
        "Calls about estimated bills, from 44 to 25 in a hundred. Photographs a month: 4,000.",
        "Fifteen months, region by region. 128,000.",
        "Saying 'we guessed' a million times may sound like a confession. It is one.",
        RevisionPlan(
            349,
            "Wording B after the first bill in Hathersea",
            wording_only=True,
            inside="Bills on paper and in the app with the sentence of wording B, the call "
            "afterwards, the photograph.",
        ),
    ),
    "refund-five-days": C(
        "My money comes back without my asking, in the week in which I leave.",
        "Credits on final bills, to the account we know.",
        "Credits while somebody stays with us.",
        "Median days, from 39 to 5. Calls that ask for their money: from 45 a day to 5.",
        "Eighteen months and a year of proof. 210,000.",
        "Paying the wrong person quickly is still paying the wrong person.",
    ),
    "one-envelope": C(
        "What lies in my letter box agrees with itself.",
        "All letters of all units to households. One calendar, one gate before the printer.",
        "Letters to businesses. E-mail, which is next and worse.",
        "Letters per household and month, from 4.8 to 2. Contradictions found in ten test "
        "households: none.",
        "Eleven months. 66,000.",
        "Everybody wants the calendar for the others.",
    ),
    "price-letter": C(
        "I read one sentence and know what changes for me, in money.",
        "Letters about price changes to households.",
        "The prices.",
        "Customers who can say what changes after reading aloud: from 2 to 16 of 18. Calls in the "
        "week after: halved.",
        "Until the next price change. 47,000.",
        "The regulator's page one and ours may not be the same page.",
    ),
    "paid-is-paid": C(
        "I pay, it says paid, and nobody rings me about it.",
        "Card, transfer and direct debit, in the app, on the web and at the desk.",
        "Booking faster. The ledger may sleep as long as it does not talk.",
        "Minutes from payment to 'received', from 5,000 to 5. Reminders to people who have paid: "
        "none.",
        "Nine months. 83,000.",
        "A payment that shows and then fails must be taken back kindly.",
    ),
    "large-print": C(
        "My bill comes on the day on which my neighbour's does.",
        "Braille, large print and audio. Late fees paid because of our post.",
        "Other letters; they follow on the same road.",
        "Days of difference, from 19 to 0, over five runs. Fees repaid: all 212.",
        "A year. 18,000.",
        "One workshop sets all braille. If it closes, so do we.",
    ),
    "solar-credit": C(
        "I see month by month what my roof made, what I used, and what you owe me.",
        "Households with an export meter.",
        "The tariff. Batteries.",
        "Calls per household with panels and year, from 0.34 to 0.1.",
        "Ten months once the meters are there. 55,000.",
        "Without the new export meters this would be a prettier guess.",
    ),
}
