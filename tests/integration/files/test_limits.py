"""How many papers a case may have, how much they may take, and what happens when all places are taken."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.core.errors import Refused
from backend.files import room, rules, service
from backend.files.intake import Staged
from backend.files.kinds import Kind
from backend.files.rules import DESK
from tests.integration.files.test_files import AS_DESK, SUBJECT, send
from tests.unit.files import samples


def test_how_many_there_may_be(database: Database) -> None:
    step = Staged("部品.step", Kind.STEP, 1, "0" * 64)
    with database.writing() as session:
        first = service.add(session, AS_DESK, SUBJECT, step, owner_key=DESK, title="  ")
        assert first.title == "部品"
        for _more in range(rules.MOST_VERSIONS - 1):
            service.add_version(session, AS_DESK, SUBJECT, first.id, step)
        for _more in range(rules.MOST_DOCUMENTS - 1):
            service.add(session, AS_DESK, SUBJECT, step, owner_key=DESK)
    with pytest.raises(Refused), database.writing() as session:
        service.add_version(session, AS_DESK, SUBJECT, first.id, step)
    with pytest.raises(Refused), database.writing() as session:
        service.add(session, AS_DESK, SUBJECT, step, owner_key=DESK)


def test_how_much_all_versions_may_take(database: Database) -> None:
    half = Staged("部品.step", Kind.STEP, rules.MOST_OF_CASE_MB * 2**19, "0" * 64)
    with database.writing() as session:
        first = service.add(session, AS_DESK, SUBJECT, half, owner_key=DESK)
        service.add_version(session, AS_DESK, SUBJECT, first.id, half)
    with pytest.raises(Refused, match="2000"), database.writing() as session:
        service.add_version(session, AS_DESK, SUBJECT, first.id, replace(half, size=1))
    with database.writing() as session:
        service.add(session, AS_DESK, "case:another", replace(half, size=1), owner_key=DESK)


def test_who_finds_no_place_is_told_to_come_again(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS_BEFORE", 0.05)
    with room.PLACES, room.PLACES:
        refused = send(desk, ("a.step", samples.STEP))
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert send(desk, ("a.step", samples.STEP)).status_code < 400
