"""Group «Žingsnis» (The step): running, two months on the way. The Mentor and the Mentee of the sign-ins are here."""

from demo.script import Contract, Diary, Meeting, On, Paper, Script, Who

LIBRARY = "Kaunas County Library, room 204"
VIDEO = "https://meet.demo.example/zingsnis"


def profile(**answers: object) -> dict[str, object]:
    """Return a Mentee's profile with what all of this group have in common."""
    return {"equipment": ["computer", "phone", "stable_internet"], "meeting_form": "any", "consent": True} | answers


def talk(day: int, notes: str) -> dict[str, object]:
    """Return the Manager's part of a profile."""
    return {"interviewed_on": On(day), "interview_notes": notes, "decision": "accepted"}


def rating(*steps: int) -> dict[str, int]:
    """Return the ten ratings of the initial questionnaire, in its order."""
    keys = [
        "know_strengths",
        "clear_goal",
        "know_market",
        "documents",
        "search",
        "present",
        "network",
        "digital",
        "confidence",
        "motivation",
    ]
    return dict(zip(keys, steps, strict=True))


PROFILES = (
    Paper(
        "mentee_profile",
        "milda",
        -76,
        profile(
            place="Kaunas",
            languages="Lithuanian, English, some Russian",
            about_me="I have two children, three and five years old. Before that I sold kitchens for six years and liked the talks with customers more than the selling. Dabar noriu vėl dirbti, bet kitaip: ramiau ir arčiau namų.",
            status="returning",
            experience="Six years of sales and customer service, one year in a call centre. I organised the parents’ day of our kindergarten for 120 people.",
            interest="employability",
            goals="A half-time job in an office by summer, in which I talk to people and can fetch the children at four.",
            expectations="Somebody who tells me honestly how my three years at home look to an employer.",
            strengths="I listen, I keep lists, I stay calm when others shout.",
            skills_to_learn="Spreadsheets, writing about myself, speaking English on the telephone.",
            availability="Evenings after 17:00, Saturday mornings.",
            wished_mentor="A woman who knows how offices hire people.",
            weaknesses="I say yes too quickly.",
            life_difficulties="My husband works abroad every second month.",
            support_needed=["confidence", "search", "digital"],
        ),
        accepted=("egle", 4),
        part=talk(-73, "Clear, friendly, underrates herself. Fits a group well. Knows what she does not want."),
    ),
    Paper(
        "mentee_profile",
        "tomas",
        -75,
        profile(
            place="Kaunas",
            languages="Lithuanian, Polish, basic English",
            about_me="Fork-lift driver for four years, before that military service. I play basketball on Sundays.",
            status="employed",
            experience="Warehouse, goods in and out, inventory twice a year. I trained three newcomers.",
            interest="employability",
            goals="To move from the ramp to the desk: forwarding or planning of transports.",
            strengths="I am on time and I know how goods really move.",
            skills_to_learn="English, e-mails that sound right, freight documents.",
            availability="Every second week in the evening, because of shifts.",
            weaknesses="I do not like to speak in front of people.",
            support_needed=["skills", "language"],
        ),
        clock="22:15",
        accepted=("egle", 5),
        part=talk(-72, "Employer would support a move. Shy at first, precise when asked about work."),
    ),
    Paper(
        "mentee_profile",
        "elena",
        -74,
        profile(
            place="Vilnius",
            languages="Bulgarian, Russian, English, Lithuanian for every day",
            about_me="Дойдох във Вилнюс преди две години заради съпруга си. Обичам ред в числата и дълги разходки край реката.",
            status="job_seeker",
            experience="Nine years of bookkeeping in Plovdiv, last as deputy head of accounts.",
            interest="both",
            goals="To work as a bookkeeper again, here. Or to keep books for small Bulgarian firms from home.",
            expectations="To understand how Lithuanian employers read my papers.",
            strengths="Exact, patient, I learn laws quickly.",
            skills_to_learn="Lithuanian tax terms, presenting myself without apologising for my accent.",
            availability="Any time except Wednesday.",
            weaknesses="I wait until something is perfect.",
            support_needed=["language", "contacts", "confidence"],
        ),
        accepted=("egle", 3),
        part=talk(-72, "Very well qualified; the language is the hurdle, less than she thinks."),
    ),
    Paper(
        "mentee_profile",
        "aino",
        -73,
        profile(
            place="Tampere",
            languages="Finnish, English, Swedish",
            about_me="I study business in my last year and was on exchange in Kaunas in spring. Halusin pitää yhteyden tänne.",
            status="student",
            experience="Two summers in a bank, student association treasurer.",
            interest="both",
            goals="To know by spring whether I look for a job in Lithuania or start the online shop for second-hand sports things.",
            strengths="Quick with anything digital, I like to explain.",
            skills_to_learn="Saying no; turning an idea into numbers.",
            availability="Evenings, online; in person three or four times.",
            support_needed=["orientation"],
        ),
        accepted=("egle", 2),
        part=talk(-72, "Youngest of the group, brings speed and humour. Must join online most of the time."),
    ),
)

QUESTIONNAIRES = (
    Paper(
        "initial_questionnaire",
        "milda",
        -56,
        {
            "status": "searching",
            "self_rating": rating(3, 2, 2, 2, 2, 3, 2, 3, 2, 5),
            "expect_process": "Small steps every week, and somebody who notices when I stop.",
            "expect_mentor": "Honest words about my papers.",
            "expect_group": "That we do not compare ourselves.",
            "own_part": "I will write the diary on the evening of the session.",
            "worries": "Sick children.",
            "hours": 4,
            "heard_from": "employment_office",
        },
    ),
    Paper(
        "initial_questionnaire",
        "tomas",
        -57,
        {
            "status": "employed",
            "self_rating": rating(3, 4, 3, 2, 2, 1, 2, 3, 2, 4),
            "expect_process": "To know after ten months whether a desk suits me.",
            "expect_mentor": "How to ask my boss.",
            "own_part": "Come, also after the early shift.",
            "hours": 3,
            "heard_from": "friends",
        },
        clock="21:30",
    ),
    Paper(
        "initial_questionnaire",
        "elena",
        -55,
        {
            "status": "searching",
            "self_rating": rating(4, 4, 2, 3, 2, 2, 1, 4, 2, 5),
            "expect_process": "A way into Lithuanian accounting.",
            "expect_mentor": "To look at my letters before I send them.",
            "expect_group": "Patience with my Lithuanian.",
            "hours": 8,
            "heard_from": "organisation",
        },
    ),
    Paper(
        "initial_questionnaire",
        "aino",
        -57,
        {
            "status": "training",
            "self_rating": rating(4, 2, 2, 4, 3, 4, 3, 5, 4, 4),
            "expect_process": "To decide instead of keeping everything open.",
            "expect_group": "People who have really worked.",
            "hours": 5,
            "heard_from": "school",
        },
    ),
)

GOALS = (
    Paper(
        "personal_goals",
        "milda",
        -53,
        {
            "starting_point": "Three years at home, a CV of 2019, no idea what I am worth now.",
            "goals": [
                {
                    "goal": "Have a CV and a letter that I like to send",
                    "why": "The old ones describe somebody else.",
                    "measure": "Rasa and one stranger read them and ask me to a talk.",
                    "steps": "List what I did, choose, write, let others read.",
                    "support": "Rasa reads; Aino helps with the layout.",
                    "target_date": On(20),
                    "rating_start": 2,
                    "state": "open",
                },
                {
                    "goal": "Lead three talks about work without saying “only at home”",
                    "why": "It was not only.",
                    "measure": "Three talks held, notes written after each.",
                    "target_date": On(90),
                    "rating_start": 1,
                    "state": "open",
                },
            ],
            "first_step": "Write down everything I organised in the last three years.",
            "for_group": "I can practise telephone calls with you.",
        },
        accepted=("rasa", 2),
    ),
    Paper(
        "personal_goals",
        "tomas",
        -52,
        {
            "starting_point": "I know the goods and not the papers.",
            "goals": [
                {
                    "goal": "Spend two days in the forwarding office of my firm",
                    "measure": "Two days in the calendar, confirmed by my boss.",
                    "target_date": On(-10),
                    "rating_start": 0,
                    "state": "reached",
                    "support": "Rasa: how to ask.",
                },
                {
                    "goal": "Reach level B1 in English",
                    "measure": "Test at the adult school.",
                    "target_date": On(150),
                    "rating_start": 4,
                    "state": "open",
                },
                {
                    "goal": "Apply for one planning job",
                    "measure": "Sent.",
                    "target_date": On(120),
                    "rating_start": 0,
                    "state": "open",
                },
            ],
            "first_step": "Ask Saulius in forwarding when he has time for a coffee.",
        },
        clock="22:05",
        accepted=("rasa", 1),
    ),
    Paper(
        "personal_goals",
        "aino",
        -51,
        {
            "starting_point": "Many doors half open.",
            "goals": [
                {
                    "goal": "Decide between a job and the shop",
                    "measure": "One page with reasons, read by Rasa.",
                    "target_date": On(100),
                    "rating_start": 3,
                    "state": "open",
                },
                {
                    "goal": "Talk to five people who buy used sports things",
                    "measure": "Five notes.",
                    "target_date": On(-8),
                    "rating_start": 0,
                    "state": "reached",
                },
                {
                    "goal": "Learn what a beginner earns in Kaunas",
                    "measure": "Three real offers read.",
                    "target_date": On(-15),
                    "rating_start": 2,
                    "state": "reached",
                },
            ],
            "for_group": "Layouts, tables, anything with a screen.",
        },
        accepted=("rasa", 3),
    ),
    Paper(
        "personal_goals",
        "elena",
        -47,
        {
            "starting_point": "Имам опит, но тук никой не го познава.",
            "goals": [
                {
                    "goal": "Work as a bookkeeper in Lithuania",
                    "measure": "I have the job.",
                    "target_date": On(180),
                    "rating_start": 3,
                    "state": "open",
                }
            ],
        },
        returned=(
            "rasa",
            4,
            "Elena, this is the big one. Add two smaller goals on the way to it, each with a day: perhaps the term list and the first call.",
        ),
    ),
)

GROUP = (
    Paper(
        "group_goals",
        "rasa",
        -54,
        {
            "common_ground": "All four stand before a door and three of us have been told that it is the wrong age for it.",
            "goals": [
                {
                    "goal": "Each of us has papers that can be sent",
                    "measure": "Four CVs, read by two others",
                    "responsible": [Who("rasa")],
                    "target_date": On(30),
                    "agreed_in": "Initial session",
                    "state": "open",
                },
                {
                    "goal": "Everybody has held one practice talk",
                    "measure": "Notes in the diary",
                    "responsible": [Who("milda")],
                    "target_date": On(60),
                    "state": "open",
                },
            ],
            "rules": "We begin on time. What is said here stays here. Who cannot come writes the evening before. Nobody has to speak of money or family.",
            "agreed_by": [Who("milda"), Who("tomas"), Who("elena"), Who("aino"), Who("rasa"), Who("egle")],
        },
        accepted=("egle", 1),
    ),
    Paper(
        "participants_list",
        "rasa",
        -58,
        {
            "from_time": "17:30",
            "to_time": "19:30",
            "organisation": "Vilnius Adult Learning Centre",
            "participants": [
                {"name": "Eglė Petrauskaitė", "role": "manager"},
                {"name": "Rasa Žukauskienė", "role": "mentor"},
                {"name": "Milda Kazlauskaitė", "role": "mentee"},
                {"name": "Tomas Jankauskas", "role": "mentee"},
                {"name": "Елена Георгиева", "role": "mentee"},
                {"name": "Aino Virtanen", "role": "mentee", "remark": "Came from Tampere"},
            ],
        },
        meeting="i1",
        clock="20:10",
    ),
    Paper(
        "mentor_self_check",
        "rasa",
        -81,
        {
            "attitude": dict.fromkeys(
                ("likes_people", "listens", "senses", "believes", "patient", "leaves_decision", "feedback"), 4
            )
            | {"holds_back": 2},
            "experience": dict.fromkeys(
                ("good_at_job", "knows_hiring", "contacts", "mistakes", "learns", "discreet"), 4
            ),
            "conditions": dict.fromkeys(("time", "reliable", "energy", "online", "reachable"), 4),
            "why": "Somebody once read my CV line by line with me. I was 24 and it changed the next ten years.",
            "to_learn": "To be quiet for longer.",
        },
    ),
)

FIRST = Meeting(
    "i1",
    -58,
    place=LIBRARY,
    aim="Know each other; contract; what we want to reach",
    homework="Write down ten things you have done well.",
    prepared_by=("egle", "rasa"),
    diaries=(
        Diary(
            "milda",
            1,
            3,
            "We sat in a circle with tea, and everybody told something that was not in the profile. Then Eglė explained the contract, and we agreed how we write to each other.",
            "That I was not the only one with a dry mouth. Tomas trains people at work and had not even counted that as experience.",
            "Write the list of ten things. I have four.",
            hard="Saying aloud that I want a job and not “maybe a job”.",
            read=1,
            reply="Four is a good beginning, Milda. Ask the children’s grandmother for the other six, she will know them.",
        ),
        Diary(
            "tomas",
            2,
            3,
            "Introductions, rules, contract. We chose the name: step.",
            "How much the others know about offices.",
            "Ten things. Ask Saulius for a coffee.",
            hard="Talking in the round.",
            read=1,
            reply="You spoke twice and both times it helped somebody. That counts.",
        ),
        Diary(
            "elena",
            3,
            3,
            "We got to know each other and read the contract clause by clause. Записах си всички нови думи: „sutartis“, „ugdytinė“, „stebėsena“.",
            "That here one says “you” to the Manager after ten minutes.",
            "List of strengths, in Lithuanian.",
            hard="To follow when three people laugh at the same time.",
            read=2,
            reply="Next time we laugh one after the other. Your list in Lithuanian: let me see it, mistakes included.",
        ),
        Diary(
            "aino",
            0,
            4,
            "I took the night bus and it was worth it. We made rules, a contract and a name.",
            "Other people’s detours are more interesting than my straight line.",
            "Ten things, and read the employability sessions to see which I need.",
            read=1,
            reply="Pick three, not all ten sessions. We decide together next time.",
        ),
    ),
)

SECOND = Meeting(
    "e1",
    -44,
    link=VIDEO,
    aim="Name what we can do",
    homework="Ask two people who know you what you are good at.",
    prepared_by=("rasa",),
    diaries=(
        Diary(
            "milda",
            1,
            4,
            "We read our lists to each other and the others had to say what skill is behind each line. The parents’ day became “planning, budget, 120 guests, no incident”.",
            "Planning is a skill even when nobody pays for it. Man reikia tai pasakyti garsiai.",
            "Ask my old boss and my neighbour what I am good at.",
            hard="I blushed the whole time.",
            read=1,
            reply="Keep that sentence with the 120 guests exactly as it is. It goes into the CV.",
        ),
        Diary(
            "tomas",
            1,
            3,
            "Skills behind the things we did.",
            "Inventory is planning too.",
            "Ask my shift leader.",
            question="Is it all right to use a reference from a colleague and not from a boss?",
            read=2,
            reply="Yes, for the first talk it is. For the contract they will want the boss.",
        ),
        Diary(
            "elena",
            4,
            2,
            "We named skills. I had bookkeeping, the others found “explains difficult things calmly”.",
            "In Bulgaria I would call this character, here it is a skill.",
            "Ask my former chief by e-mail.",
            hard="The connection broke twice and I was too shy to ask again.",
            read=1,
            reply="Ask again, every time. I did not hear the half of it either when Tomas’s tram passed.",
        ),
        Diary(
            "aino",
            1,
            4,
            "Guessing the skill behind a story. Hauskaa!",
            "I say “I only helped” a lot.",
            "Ask my flatmate and the treasurer before me.",
            read=1,
        ),
    ),
)

CHECK = Meeting(
    "m3",
    -33,
    link=VIDEO,
    clock="18:00",
    aim="Are we well matched?",
    prepared_by=("egle",),
    diaries=(
        Diary(
            "milda",
            2,
            3,
            "Half an hour with Eglė and Rasa: how it goes, what to change. We moved the meetings from 17:00 to 17:30 because of kindergarten.",
            "That one may say such a thing and it is changed.",
            "Tell the kindergarten.",
            read=1,
        ),
        Diary(
            "tomas",
            3,
            3,
            "First check.",
            "The shift plan can be told two weeks before, then it works.",
            "Send Rasa my shifts.",
            read=1,
            reply="Got them, thank you. December looks good.",
        ),
        Diary(
            "elena",
            2,
            3,
            "We said what is good and what is missing. I asked for a word list before each session.",
            "To ask.",
            "Read the word list.",
            read=2,
            reply="The list for the next session is in the plan, under homework.",
        ),
        Diary(
            "aino",
            1,
            3,
            "Check-in, short and useful.",
            "Being online is fine if the others look into the camera from time to time.",
            "Book the train for the interview session.",
            read=1,
        ),
    ),
)

GOAL_SESSION = Meeting(
    "e3",
    -14,
    place=LIBRARY,
    aim="One career goal each, with a first date",
    homework="Read two job advertisements and underline what they really ask for.",
    prepared_by=("rasa", "tomas"),
    diaries=(
        Diary(
            "milda",
            1,
            3,
            "Everybody drew a road with three stations. Mine ends at a desk with a window. Then we looked for the first station that one can reach by Christmas.",
            "My goal was too large, so I never began. “Half-time, office, people, until four” is something one can search for.",
            "Two advertisements, and the CV of 2019 in the bin.",
            hard="To leave out the shop. I know selling and it feels safe.",
            question="Should I write to my old firm at all?",
            read=2,
            reply="Write to them, but to the office, not to sales. I can tell you whom I would ask for.",
        ),
        Diary(
            "tomas",
            2,
            4,
            "Road with stations. I showed how I asked my boss for two days in forwarding, and he said yes!",
            "It was ten minutes. I had been afraid for a year.",
            "Write down what I see in those two days.",
            read=1,
            reply="You told it so well that Aino wrote to her dean the same evening.",
        ),
        Diary(
            "aino",
            3,
            3,
            "Came by train. Drew two roads, job and shop, and noticed that the first two stations are the same.",
            "I can put off the decision without standing still.",
            "Two advertisements, one talk with a customer.",
            read=1,
        ),
    ),
)

CV = Meeting(
    "e4",
    -2,
    place=LIBRARY,
    aim="A CV that can be sent, and the Europass page",
    homework="Finish the CV, send it to one person of the group.",
    prepared_by=("rasa",),
    diaries=(
        Diary(
            "tomas",
            0,
            3,
            "We put the CVs on the table and read them for thirty seconds each, as in an office. Then Rasa told what she saw. Mine: “fork-lift” four times, “training newcomers” not once.",
            "The first third of the page decides. I moved the three newcomers to the top.",
            "Europass page until Sunday, and send it to Milda.",
            hard="Thirty seconds are short.",
            question="Do I write the military service?",
            read=None,
        ),
        Diary(
            "aino",
            1,
            4,
            "Thirty-second reading, then repair. I joined by video and read the CVs on the shared screen. Elenan CV on paras, and she does not believe it.",
            "White space is not wasted space.",
            "Make the layout for Milda and Elena.",
            hard="I wanted to redo everybody’s layout at once.",
            read=None,
        ),
    ),
)

SCRIPT = Script(
    name="Žingsnis",
    motto="One step every week",
    opened=-82,
    starts=-60,
    ends=240,
    place=LIBRARY,
    matched=-71,
    schedule="Every second week at 17:30, on Saturdays at 11:00; once a month or more in the library, otherwise by video. Between the meetings by e-mail, answers within two working days. Urgent matters by telephone, not after 20:00.",
    mentors=("rasa",),
    mentees=("milda", "tomas", "elena", "aino"),
    contract=Contract(
        -57,
        {
            "meetings_total": 10,
            "meetings_in_person": 4,
            "rhythm": "twice_monthly",
            "meeting_minutes": 60,
            "channels": ["email", "phone", "video"],
            "reply_days": 2,
            "notice_hours": 24,
            "kept_months": 36,
            "further_agreements": "Aino takes part by video when she is in Tampere; the others look into the camera.",
        },
        scanned=-52,
        by="rasa",
        photos=True,
    ),
    course_of_action="First what each of us can do, then one goal each, then papers and talks. Business topics come after the mid-term talk, for those who want them.",
    notes="Dates change only with the word of everybody concerned, at least two days before. Each brings the task, finished or not.",
    planned=(-53, -20),
    meetings=(
        FIRST,
        SECOND,
        CHECK,
        Meeting(
            "e2",
            -23,
            place=LIBRARY,
            aim="Who hires whom in Kaunas",
            prepared_by=("rasa",),
            cancelled="The library is closed for repairs that evening. We come back to the labour market in the new year.",
            cancelled_before=3,
        ),
        GOAL_SESSION,
        CV,
        Meeting(
            "e5",
            5,
            place=LIBRARY,
            aim="A letter that answers the advertisement",
            homework="Write one letter for a real advertisement.",
            prepared_by=("rasa", "elena"),
        ),
        Meeting("e7", 19, place=LIBRARY, aim="Practice talks, two by two", prepared_by=("rasa", "milda")),
        Meeting(
            "m1", 33, link=VIDEO, clock="18:00", aim="Half-way: what changed, what to change", prepared_by=("egle",)
        ),
        Meeting("e6", 61, link=VIDEO, aim="Where the jobs are that nobody advertises", prepared_by=("tomas",)),
        Meeting("b2", 89, link=VIDEO, aim="For Aino and Elena: from the idea to the numbers", prepared_by=("aino",)),
        Meeting("m2", 225, place=LIBRARY, aim="What we reached, and how we go on", prepared_by=("egle", "rasa")),
    ),
    papers=(*PROFILES, *QUESTIONNAIRES, *GOALS, *GROUP),
)
