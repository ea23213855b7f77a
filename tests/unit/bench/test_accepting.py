"""The storm on work that is accepted, small."""

from pathlib import Path

import pytest
from sqlmodel import select

from backend.accounts.models import User
from backend.core.db import Database
from backend.introductions.legs import service as legs
from backend.introductions.models import CaseLeg
from backend.introductions.states import LegState, Party
from backend.introductions.trail import By
from bench import accepting
from bench.bookings import make_firms


@pytest.mark.slow
def test_two_processes_never_accept_the_same_work_twice(tmp_path: Path) -> None:
    counts, seconds, verdict = accepting.storm(f"sqlite:///{tmp_path / 'bench.db'}", clients=16, rounds=12, processes=2)
    assert verdict.is_sound, verdict
    assert not [name for name in counts if name.startswith("busy")]
    assert min(counts[name] for name in ("ordered", "put back", "refused")) > 0
    assert seconds > 0


def test_the_count_notices_what_is_wrong(database: Database) -> None:
    firm_ids = make_firms(database)
    stage = accepting.make_stage(database, firm_ids, 1)
    (first, hours), (second, _hours) = stage.orders[:2]
    with database.writing() as session:
        by = By(session.exec(select(User).where(User.id == stage.actor_id)).one(), Party.COORDINATOR)
        legs.move_leg(session, by, first, "order_leg", hours_by_day=hours)
        # Ordered without its hours, and without anybody having said so.
        leg = session.exec(select(CaseLeg).where(CaseLeg.id == second)).one()
        leg.state = LegState.ORDERED
        session.add(leg)
    with database.reading() as session:
        verdict = accepting.judge(session, stage, firm_ids)
    assert (verdict.legs_apart, verdict.ordered_twice, verdict.winners_apart) == (1, 1, 0)
    assert not verdict.is_sound
