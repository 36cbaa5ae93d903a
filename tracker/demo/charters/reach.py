"""Charters of *Reach a person*."""

from __future__ import annotations

from tracker.demo.shapes import CharterPlan as C
from tracker.demo.shapes import RevisionPlan

CHARTERS = {
    "identity-once": C(
        "I say who I am once. Whoever picks up next knows it, and says my name first.",
        "All calls that reach our own desks, every transfer, and the evening desk.",
        "Recognising voices. Letters and the app, which have checks of their own.",
        "Checks per call, from 3.1 to 1. Seconds until the first real sentence, from 94 to 20. "
        "People let in wrongly: none.",
        "Eighteen months. 186,000, most of it for the transfer of the mark between exchanges.",
        "One check must carry what four did. If risk withdraws its signature we start again.",
        RevisionPlan(
            168,
            "The evening desk comes last, after all day desks",
            time="Twenty-two months, the last four for the evening desk. The sum stays.",
        ),
    ),
    "honest-wait": C(
        "I hear how long it takes, and I may hang up without losing my place.",
        "Every line with a queue.",
        "Shorter waits as such: that is the rota's work. Here we tell the truth about them.",
        "Calls given up, from 23 to 10 in a hundred. Wait told against wait had: within three "
        "minutes, nine times in ten.",
        "A year. 74,000.",
        "A number that is wrong is worse than none.",
    ),
    "my-language": C(
        "I speak as I think, and the person at the other end does not sigh.",
        "Persian, Polish and Mandarin, on the helpline and in six shops.",
        "Machine translation. Letters, which follow once the calls show what people ask.",
        "Second calls on the same question, from 19 to 8 in a hundred. Calls made by a relative: "
        "from one in eleven to one in thirty.",
        "A year. 92,000, two thirds of it allowances for colleagues.",
        "Nine people carry it. Two leaves in one week and a language is silent.",
        RevisionPlan(
            126,
            "Two more languages wait until three stand on their feet",
            inside="Persian, Polish and Mandarin, on the helpline and in three shops to begin.",
        ),
    ),
    "evening-desk": C(
        "The answer does not depend on the hour at which I ask.",
        "The twenty questions that come daily, and the notes both desks keep.",
        "Moving the evening desk in-house.",
        "Mystery calls with the same answer at ten and at eight: from 23 to 38 of 40.",
        "Nine months. 58,000.",
        "Pages age. Without a person for each page they are wrong within a quarter.",
    ),
    "complaint-owner": C(
        "I have a name, a number that is answered, and an end that I agree with.",
        "Complaints by letter, form and telephone. The rule that units answer within three days.",
        "Compensation, which stays where it is.",
        "Hands per complaint, from 7 to 2. Complaints that come back: from 31 to 10 in a hundred.",
        "A year. 40,000.",
        "Owners without power are a new kind of apology.",
    ),
}
