"""Demo data, loaded through the services as people would enter it. A second run finds everything there and ends."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from backend.accounts import service as accounts
from backend.core import clock
from backend.core.db import Database
from backend.firms import queries as firm_queries
from backend.firms import service as firms
from backend.firms.drafts import CapacityDraft, CertificateDraft, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.json_rows import read_record
from backend.firms.rules import AgeBand, Answer, Succession
from backend.requests import queries as request_queries
from backend.requests import service as requests
from backend.requests.forms import Wording
from matching.types import FirmProfile
from seed.capacity import load_answers
from seed.cases import load_cases
from seed.generator import generate_firms
from seed.route_loader import load_routes

DEMO = Path(__file__).parent / "demo"
GENERATED = 320
SEED = 20261201
# The demo set's own first week; its weeks are moved so that they begin with the coming Monday.
FIRST_WEEK_OF_SET = date(2026, 12, 7)
LAST_FIRMS = {"D-F081", f"G-F{GENERATED:05}"}
FIRM_OF_DEMO_WORKSHOP = "D-F012"
BATCH = 40

# Tells what is being loaded, how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]


def load(database: Database, progress: Progress, *, people: bool) -> int:
    """Load what is missing of the demo firms, requests and, if wanted, the demo people; gives how many were added."""
    added = _load_firms(database, progress) + _load_requests(database, progress) + load_routes(database, progress)
    load_answers(database)
    if people:
        with database.writing() as session:
            firm = firm_queries.firm_with_code(session, FIRM_OF_DEMO_WORKSHOP)
            accounts.ensure_demo_people(session, firm_id=firm.id if firm else None)
        added += load_cases(database, progress, firm.id if firm else None)
    return added


def demo_firms(monday: date) -> Iterator[FirmDraft]:
    """All demo firms, each with weeks of capacity from that Monday on."""
    for line in (DEMO / "firms.jsonl").read_text(encoding="utf-8").splitlines():
        yield _moved(_enriched(_from_record(json.loads(line))), monday - FIRST_WEEK_OF_SET)
    for profile in generate_firms(GENERATED, SEED, monday):
        yield _enriched(_from_profile(profile))


def coming_monday(today: date) -> date:
    """Today if it is a Monday, else the next one."""
    return today + timedelta(days=-today.weekday() % 7)


def _load_firms(database: Database, progress: Progress) -> int:
    with database.reading() as session:
        there = {row.code for row in firm_queries.known_firms(session)}
    # Making the firms takes longer than all else, so a full register is recognised by the last one of each kind.
    if there >= LAST_FIRMS:
        return 0
    wanted = [draft for draft in demo_firms(coming_monday(clock.today())) if draft.code not in there]
    for start in range(0, len(wanted), BATCH):
        with database.writing() as session:
            for draft in wanted[start : start + BATCH]:
                firms.create_firm(session, None, draft)
        progress("firms", min(start + BATCH, len(wanted)), len(wanted))
    return len(wanted)


def _load_requests(database: Database, progress: Progress) -> int:
    lines = (DEMO / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    with database.writing() as session:
        if _requests_there(session):
            return 0
        for line in lines:
            requests.send(session, Wording(json.loads(line)["text"]))
    progress("requests", len(lines), len(lines))
    return len(lines)


def _requests_there(session: Session) -> bool:
    return request_queries.all_requests(session, number=1).total > 0


def _from_record(record: dict[str, Any]) -> FirmDraft:
    draft, _given, problems = read_record(record)
    if problems:
        raise ValueError(f"demo firm {record['id']}: {problems[0]}")
    return draft


def _moved(draft: FirmDraft, by: timedelta) -> FirmDraft:
    return replace(draft, capacity=tuple(replace(week, week_start=week.week_start + by) for week in draft.capacity))


def _from_profile(profile: FirmProfile) -> FirmDraft:
    return FirmDraft(
        code=profile.id,
        name=profile.name,
        ward=profile.ward,
        lat=profile.lat,
        lng=profile.lng,
        own_words=profile.text,
        techniques=tuple(TechniqueDraft(process) for process in profile.processes),
        equipment=tuple(
            EquipmentDraft(row.kind, row.maker, row.model, row.count, row.envelope_mm or (None, None, None))
            for row in profile.equipment
        ),
        materials=profile.materials,
        tolerance_mm=profile.tolerance_mm,
        lot_min=profile.lot_min,
        lot_max=profile.lot_max,
        certificates=tuple(CertificateDraft(name) for name in profile.certifications),
        capacity=tuple(CapacityDraft(week.week_start, week.hours_free) for week in profile.capacity or ()),
        public_facility=_answer(profile.public_facility),
        can_lead=_answer(profile.can_lead),
    )


def _answer(known: bool | None) -> str:
    return Answer.UNKNOWN.value if known is None else (Answer.YES if known else Answer.NO).value


def _enriched(draft: FirmDraft) -> FirmDraft:
    """With the facts only a register has: size, capital, the head's age, certificates that end, choices of audience."""
    rng = random.Random(f"{SEED}:{draft.code}")
    people = rng.choices((2, 6, 18, 55), (34, 28, 21, 11))[0] + rng.randint(0, 4)
    year = clock.today().year
    return replace(
        draft,
        address=f"東京都{draft.ward}(架空)",
        employees=people,
        capital_yen=rng.choice((3, 5, 10, 10, 20, 50)) * 1_000_000 if "会社" in draft.name else None,
        representative_age_band=rng.choices(list(AgeBand), (3, 12, 25, 27, 25, 8))[0].value,
        succession_state=rng.choices(list(Succession), (35, 30, 28, 7))[0].value,
        certificates=tuple(
            replace(row, expires_on=date(year + rng.randint(0, 3), rng.randint(1, 12), 28))
            for row in draft.certificates
        ),
        audiences=rng.choices(({}, {"capacity": "coordinator"}, {"can_lead": "public"}), (70, 15, 15))[0],
        phone=f"03-0000-{rng.randint(1000, 9999)}",
    )
