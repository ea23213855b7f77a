"""What cases add to the storm: firms that let their day pass, clients that are reminded, and the mails of it all."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.db import Database
from backend.core.jobs import enqueue
from backend.firms import service as firms
from backend.firms.drafts import FirmDraft
from backend.introductions import queries, service
from backend.introductions.jobs import WATCH
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import Case, CaseEvent, Offer
from backend.introductions.states import CaseState, OfferState, Party
from backend.introductions.trail import By, case_id_of
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.teams import team_models  # noqa: F401 - a case refers to plans

# The receipt, that it was taken and a reminder to a client; the question and a reminder to a firm.
MAILS_EACH = 5
SUMMARY = (("何を", "板を曲げる"),)
# Each of these happens once in a pair of cases, whatever was killed meanwhile.
ONCE = frozenset({"take", "reminded", "lapse", "exhausted"})


@dataclass(frozen=True)
class CaseLoad:
    """Pairs of cases: one whose client is reminded, and one whose firm stays silent."""

    by: By
    firm_id: str

    def add(self, session: Session, number: int) -> None:
        """One more pair, and the job that looks for everything whose moment has come."""
        self._let_wait(session, number)
        self._leave_silent(session, number)
        enqueue(session, WATCH, {}, f"storm:watch:{number}")

    def _let_wait(self, session: Session, number: int) -> None:
        contact = {"contact_name": f"依頼{number}", "contact_email": _client(number), "contact_organisation": ""}
        request = requests.send(session, Wording(f"アルミの箱を{number}個。"))
        requests.say_contact(session, request.token, contact)
        case = service.move(session, self.by, case_id_of(_case(session, request.id)), "take")
        case.due_at = clock.now() + timedelta(days=1)
        session.add(case)

    def _leave_silent(self, session: Session, number: int) -> None:
        request = requests.send(session, Wording(f"真鍮の軸を{number}本。"))
        [leg] = legs.set_legs(session, self.by, case_id_of(_case(session, request.id)), [LegSpec("", "旋盤")])
        [offer] = offers.ask(session, self.by, leg.id, [Question(self.firm_id, SUMMARY)])
        offer.reply_by = clock.now() - timedelta(seconds=1)
        session.add(offer)


def make_load(database: Database) -> CaseLoad:
    """A coordinator, and a firm with somebody who reads its mails."""
    with database.writing() as session:
        firm_id = firms.create_firm(session, None, FirmDraft(name="嵐の工場", ward="墨田区")).id
        desk = _person("desk@example.jp", Role.ADMIN)
        session.add_all((desk, _person("firm@example.jp", Role.WORKSHOP, firm_id)))
    return CaseLoad(By(desk, Party.COORDINATOR), firm_id)


def _person(email: str, role: Role, firm_id: str | None = None) -> User:
    return User(email=email, name=email, password_hash="", role=role, firm_id=firm_id, created_at=clock.now())


def _client(number: int) -> str:
    return f"client{number}@example.jp"


def _case(session: Session, request_id: int | None) -> Case:
    case = queries.case_of_request(session, request_id or 0)
    if case is None:
        raise LookupError("sending a request opens a case")
    return case


def half_done(session: Session, pairs: int) -> int:
    """How many cases and offers stand elsewhere than they should, and what happened to them more or less than once."""
    events = session.exec(select(CaseEvent).where(col(CaseEvent.action).in_(ONCE))).all()
    counted = Counter((event.action, event.case_id) for event in events)
    states = Counter(session.exec(select(Case.state)).all())
    silent = Counter(session.exec(select(Offer.state)).all())
    wrong = abs(len(counted) - len(ONCE) * pairs) + sum(count > 1 for count in counted.values())
    wrong += abs(states[CaseState.CLARIFYING] - pairs) + abs(states[CaseState.SHORTLISTING] - pairs)
    return wrong + abs(silent[OfferState.SILENT] - pairs)
