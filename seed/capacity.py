"""Demo answers of different age, as firms give them: most are fresh, some are getting old, some are too old."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from backend.capacity import queries, rules, service
from backend.capacity.forms import Wishes
from backend.core import clock
from backend.core.db import Database
from backend.firms import queries as firm_queries
from backend.firms.models import Firm

# Days since the answer, for ten firms in turn.
AGES = (0, 1, 2, 3, 5, 6, 9, 13, 20, 35)
CHANNELS = (rules.Channel.LINK, rules.Channel.LINK, rules.Channel.PHONE, rules.Channel.FAX)
# Only some of the demo firms are written to every week, so that the list of mails stays readable.
ASKED_BY_MAIL = 12
BATCH = 40


def load_answers(database: Database) -> int:
    """Give every demo firm that has hours on file an answer of some age; gives how many. Nothing the second time."""
    with database.reading() as session:
        if queries.any_answer(session):
            return 0
        ids = [firm.id for firm in firm_queries.whole_firms(session) if firm.code and firm.capacity]
    for start in range(0, len(ids), BATCH):
        with database.writing() as session:
            firms = list(firm_queries.whole_firms(session, ids[start : start + BATCH]))
            _answer_all(session, sorted(firms, key=lambda firm: firm.code or ""), start)
    return len(ids)


def _answer_all(session: Session, firms: Sequence[Firm], start: int) -> None:
    for at, firm in enumerate(firms, start):
        weeks = {week.week_start: week.hours_free for week in firm.capacity}
        channel = CHANNELS[at % len(CHANNELS)]
        when = clock.now() - timedelta(days=AGES[at % len(AGES)])
        spoke_with = "" if channel is rules.Channel.LINK else "社長"
        given = service.Given({"": weeks}, channel, spoke_with=spoke_with, at=when)
        service.answer(session, firm.id, given)
        service.contact_for(session, firm.id)
        if at < ASKED_BY_MAIL:
            service.set_wishes(session, firm.id, _wishes(at))


def _wishes(at: int) -> Wishes:
    return Wishes(at % 5, f"kojo{at + 1}@example.jp", fax="", lang="ja", by_hours=False, groups=())
