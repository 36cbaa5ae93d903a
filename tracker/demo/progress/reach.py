"""Reports on *Reach a person*."""

from __future__ import annotations

from tracker.demo.shapes import AT_RISK, OFF_TRACK, ON_TRACK
from tracker.demo.shapes import UpdatePlan as U

UPDATES = {
    "identity-once": (
        U(
            547,
            ON_TRACK,
            "Listened to the forty calls with Dmitri's team leaders. The silence "
            "afterwards was long.",
            "Draw the four checks on one wall and find out who asked for each.",
        ),
        U(
            498,
            AT_RISK,
            "Three of the four checks have no rule behind them. The fourth has two "
            "that contradict each other.",
            "Ingrid compares them with the law, not with habit.",
            "Nobody can say which check is the real one.",
            "Rules and risk to name one check.",
        ),
        U(
            431,
            ON_TRACK,
            "One check agreed and signed: birthday and the last payment. The other three may go.",
            "Build the pilot desk for twenty agents in Skelby.",
        ),
        U(
            372,
            ON_TRACK,
            "First week in Skelby. One agent said it was the first morning in years "
            "that began with good morning.",
            "Count seconds and mistakes for six more weeks.",
        ),
        U(
            302,
            AT_RISK,
            "The check is kept on a transfer to bills, lost on a transfer to visits.",
            "Emeka looks for the place where the call forgets.",
            "Calls to home visits still start from nothing.",
            "Two days of the telephone supplier's time.",
        ),
        U(
            229,
            ON_TRACK,
            "Transfers to visits fixed. 74 seconds shorter over 9,000 calls, and no "
            "wrong person let in.",
            "Ask Gustav to open the roll-out.",
        ),
        U(
            150,
            ON_TRACK,
            "All day desks in Skelby and Dunmoor. Agents stopped printing the old "
            "card with the four questions.",
            "Hathersea and Port Ellery, then the evening desk.",
        ),
        U(
            101,
            ON_TRACK,
            "Hathersea done in a week. Port Ellery asked to be next, which has never "
            "happened before.",
            "Sit with Tessaly about the evening desk.",
        ),
        U(
            59,
            AT_RISK,
            "Every day desk has it. The evening desk sees our check but cannot write one.",
            "Systems and data promised an interface for partners.",
            "A third of our calls still come in after six.",
            "A date from systems and data for the partner interface.",
        ),
        U(
            31,
            AT_RISK,
            "The interface slipped once. Tessaly trained their people anyway, with a paper form.",
            "Try it with two evening agents as soon as it answers.",
            "The promised date passed without the interface.",
            "Arash and Gustav to settle the order of work.",
        ),
        U(
            12,
            AT_RISK,
            "Two evening agents use the test interface. It drops every tenth call.",
            "Emeka sits with them on Thursday evening.",
            "The evening desk is eight weeks behind the day desks.",
            "Keep Emeka free of other work for two weeks.",
        ),
    ),
    "honest-wait": (
        U(
            655,
            ON_TRACK,
            "Tried three ways to say a bad number. People forgive twenty minutes, they "
            "do not forgive 'shortly'.",
            "Record it with a voice from our own desk.",
        ),
        U(
            570,
            ON_TRACK,
            "On the power-cut line, calls given up fell from 31 to 16 in a hundred.",
            "Plan the ring-back hour into the rota.",
        ),
        U(
            470,
            AT_RISK,
            "All lines say the wait. On Mondays the number is wrong by ten minutes.",
            "Fang forecasts Mondays on their own.",
            "Mondays were never like other days.",
            "One more planner on Mondays.",
        ),
        U(
            380,
            ON_TRACK,
            "Mondays are right within three minutes since we tell the worse half of the range.",
            "Watch it through a storm.",
        ),
        U(
            290,
            ON_TRACK,
            "The storm came. 4,000 people chose to be rung back and 3,912 were.",
            "Find the 88.",
        ),
        U(
            196,
            ON_TRACK,
            "Calls given up: 9 in a hundred, for the third quarter.",
            "Put the result to the sponsor.",
        ),
    ),
    "my-language": (
        U(
            286,
            ON_TRACK,
            "Twenty-six talks in three languages. People do not ask for translation, "
            "they ask not to be a burden.",
            "Ask our own people what they speak at home.",
        ),
        U(
            244,
            ON_TRACK,
            "Sixty-one colleagues speak nineteen languages. Nine offered to take calls in theirs.",
            "Agree what that is worth, in pay.",
        ),
        U(
            188,
            AT_RISK,
            "The allowance is agreed in words and has no line in any budget.",
            "Pieter takes it to Amara.",
            "Nobody should do this for nothing.",
            "A budget line for the language allowance.",
        ),
        U(
            152,
            ON_TRACK,
            "The line exists. Routing by last language works in the test room.",
            "Start with nine colleagues and three shops.",
        ),
        U(
            117,
            ON_TRACK,
            "First call in Persian: eleven minutes, one of them crying, all solved.",
            "Cards with 'I speak' for the shop counters.",
        ),
        U(
            89,
            ON_TRACK,
            "Polish callers wait longest; two of three speakers were on leave at once.",
            "Plan leave by language too.",
        ),
        U(
            61,
            ON_TRACK,
            "Leave planned. Grandchildren ring to ask if it is true.",
            "Mandarin on Saturdays, when the shops are full.",
        ),
        U(
            34,
            ON_TRACK,
            "Second calls on the same question: 6 in a hundred in the language, 19 in English.",
            "Write up what a full rota would need.",
        ),
        U(
            8,
            ON_TRACK,
            "Tessaly found four Polish speakers of its own. Sefa's counter has a queue "
            "of people who came by bus.",
            "Ask for the roll-out when we can staff Sundays.",
        ),
    ),
    "evening-desk": (
        U(
            168,
            ON_TRACK,
            "Seventeen of forty answers differ. Neither desk was always right.",
            "Choose the twenty questions that come daily.",
        ),
        U(
            127,
            ON_TRACK,
            "Eleven of twenty pages written by pairs, one from each desk.",
            "Read them aloud during calls.",
        ),
        U(
            93,
            AT_RISK,
            "All twenty pages stand. The evening desk cannot open our notes.",
            "Ask for access.",
            "A page without the customer's notes is half an answer.",
            "Read access to call notes for forty evening agents.",
        ),
        U(
            62,
            AT_RISK,
            "Access asked for, then asked for again on another form.",
            "Noor trains with printed pages meanwhile.",
            "Access has waited for six weeks.",
            "Arash to say who decides about partner access.",
        ),
        U(
            27,
            OFF_TRACK,
            "The printed pages are out of date already. One customer was told last year's price.",
            "We take the printed pages away on Friday.",
            "Without access there will be no pilot this quarter.",
            "A decision on partner access, yes or no.",
        ),
    ),
    "complaint-owner": (
        U(
            19,
            ON_TRACK,
            "Thirty files read. In twenty-two of them the answer was known in the first "
            "week and nobody was allowed to give it.",
            "Draft the three-day rule and let the four heads quarrel over it.",
        ),
    ),
}
