"""What is new to a person on their boards: rides along with what every signed-in request asks first.

Written in SQL like the statement it is added to (`mentoring.statements`); plain enough for PostgreSQL and SQLite alike.
Managers look after the communities of the others, but what is new there is not counted for them.
"""

from functools import lru_cache

from conversations.models import Board, BoardMark, Following, Topic, TopicMark
from mentoring.models import Enrolment, Membership
from mentoring.statements import RIDER

UNREAD = "unread_topics"

_SQL = """
SELECT {rider}, '{name}', t.board_id, '', COUNT(*), MAX(b.group_id), NULL, NULL, '', '', ''
FROM (
    SELECT o.id, o.group_id FROM {memberships} m JOIN {boards} o ON o.group_id = m.group_id
    WHERE m.user_id = %(user)s AND m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
    UNION
    SELECT o.id, 0 FROM {enrolments} e
    JOIN {boards} o ON o.programme_id = e.programme_id
        AND (o.kind = 'announcements' OR (o.kind = 'community' AND o.role = e.role))
    WHERE e.user_id = %(user)s AND (e.ended_at IS NULL OR e.ended_at > %(now)s)
) b
LEFT JOIN {board_marks} w ON w.board_id = b.id AND w.user_id = %(user)s AND w.read_until > %(recent)s
JOIN {topics} t ON t.board_id = b.id AND t.last_post_at > COALESCE(w.read_until, %(recent)s) AND t.living > 0
LEFT JOIN {topic_marks} r ON r.topic_id = t.id AND r.user_id = %(user)s
LEFT JOIN {followings} f ON f.topic_id = t.id AND f.user_id = %(user)s
LEFT JOIN {followings} g ON g.board_id = b.id AND g.user_id = %(user)s
WHERE COALESCE(r.number, 0) < t.last_number AND COALESCE(f.choice, g.choice, '') <> 'muted'
GROUP BY t.board_id
"""


@lru_cache(maxsize=1)
def unread_topics() -> str:
    """Return the statement: for each board with something new, how many topics have it."""
    tables = {
        "boards": Board,
        "topics": Topic,
        "topic_marks": TopicMark,
        "board_marks": BoardMark,
        "followings": Following,
        "memberships": Membership,
        "enrolments": Enrolment,
    }
    return _SQL.format(rider=RIDER, name=UNREAD, **{name: model._meta.db_table for name, model in tables.items()})
