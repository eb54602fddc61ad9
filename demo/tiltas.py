"""Pair «Tiltas» (The bridge): matched; the contract is drafted, and its signed paper is overdue."""

from demo.script import Contract, Diary, Meeting, On, Paper, Script, Waiver
from demo.zingsnis import rating, talk

WORKSHOP = "Rasa’s office, Taikos prospektas 141, Kaunas"

SCRIPT = Script(
    name="Tiltas",
    motto="From the sewing table to the market",
    opened=-38,
    starts=-20,
    ends=280,
    kind="pair",
    place=WORKSHOP,
    matched=-33,
    schedule="Every third week at 18:00 in Rasa’s office; short messages on the phone in between, answered by the next evening.",
    mentors=("rasa",),
    mentees=("dovile",),
    contract=Contract(
        -12,
        {
            "meetings_total": 9,
            "meetings_in_person": 6,
            "rhythm": "monthly",
            "meeting_minutes": 90,
            "channels": ["email", "messenger"],
            "reply_days": 2,
            "notice_hours": 24,
            "kept_months": 36,
        },
    ),
    course_of_action="Customers first, then prices, then papers for the tax office.",
    planned=(-9,),
    meetings=(
        Meeting(
            "i1",
            -13,
            "18:00",
            place=WORKSHOP,
            aim="What is to be different in ten months",
            homework="Count the hours in one dress.",
            prepared_by=("egle", "rasa"),
            diaries=(
                Diary(
                    "dovile",
                    2,
                    4,
                    "I brought three dresses and Rasa asked about each: who buys it, how long does it take, what does it cost you. I could answer one of nine questions.",
                    "I know every seam and not one number.",
                    "Count the hours in one dress, with a clock.",
                    hard="When she asked what my hour is worth.",
                    read=1,
                    reply="One of nine is where everybody begins. Bring the clock.",
                ),
            ),
        ),
        Meeting("b3", 8, "18:00", place=WORKSHOP, aim="Who buys it, and why from you", prepared_by=("dovile",)),
        Meeting("b7", 29, "18:00", place=WORKSHOP, aim="The price of a dress"),
        Meeting("m1", 120, "18:00", link="https://meet.demo.example/tiltas"),
        Meeting("b8", 150, "18:00", place=WORKSHOP),
        Meeting("m2", 270, "18:00", place=WORKSHOP),
    ),
    papers=(
        Paper(
            "mentee_profile",
            "dovile",
            -36,
            {
                "place": "Kaunas",
                "languages": "Lithuanian, Russian, some English",
                "status": "founder",
                "interest": "entrepreneurship",
                "about_me": "I have sewn since I was nine. Since spring I sell dresses and coats for children on Saturdays at the market; siuvu naktimis, kai namuose tylu.",
                "experience": "Eleven years as a seamstress in two factories.",
                "goals": "To live from it without working nights.",
                "strengths": "Hands, colours, patience.",
                "skills_to_learn": "Prices, taxes, saying no to relatives.",
                "availability": "Tuesday and Wednesday evenings.",
                "equipment": ["phone"],
                "meeting_form": "in_person",
                "consent": True,
                "weaknesses": "Figures frighten me.",
                "support_needed": ["money", "confidence"],
            },
            accepted=("egle", 3),
            part=talk(-34, "A pair suits her better than a group: needs her own pace and real figures."),
        ),
        Paper(
            "initial_questionnaire",
            "dovile",
            -11,
            {
                "status": "own_business",
                "self_rating": rating(4, 4, 2, 1, 2, 2, 2, 2, 2, 5),
                "expect_process": "That I know on Sunday evening whether the week has paid.",
                "hours": 6,
                "heard_from": "friends",
            },
            clock="23:10",
        ),
        Paper(
            "personal_goals",
            "dovile",
            -7,
            {
                "starting_point": "I sell everything I sew and have nothing left at the end of the month.",
                "goals": [
                    {
                        "goal": "Know what one dress costs me",
                        "measure": "A sheet with hours, cloth and rent",
                        "target_date": On(14),
                        "rating_start": 1,
                        "state": "open",
                    },
                    {
                        "goal": "Raise the prices once",
                        "measure": "New price list at the stall",
                        "target_date": On(60),
                        "rating_start": 0,
                        "state": "open",
                    },
                ],
                "first_step": "Lay a clock beside the machine.",
            },
            clock="22:50",
        ),
    ),
    waivers=(
        Waiver(
            "group_goals", -10, "A pair has no group goals: what Dovilė wants to reach stands in her personal goals."
        ),
    ),
)
