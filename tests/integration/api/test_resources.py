"""Firms, free hours and requests through the programs' interface: each field, each refusal, who reads what."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships
from backend.accounts.models import Organisation, Role, Standing, User
from backend.capacity import service as capacity
from backend.capacity.forms import Wishes
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.requests.models import PartRequest
from tests.integration.programs import Program, Programs

TUESDAY = datetime(2026, 12, 1, 3, tzinfo=UTC)
WHOLE = {
    "name": "株式会社みほん",
    "kana": "みほん",
    "corporate_number": "7000012050002",
    "address": "東京都大田区大森南2-3-5",
    "employees": 12,
    "capital_yen": 10_000_000_000,
    "phone": "03-0000-0000",
    "website": "https://mihon.example.jp/",
    "own_words": "アルミの精密板金。",
    "lot_min": 1,
    "lot_max": 500,
    "tolerance_mm": 0.05,
    "can_lead": "yes",
    "public_facility": "no",
    "equipment": [
        {
            "kind": "ベンダー",
            "maker": "アマダ",
            "model": "HG",
            "count": 2,
            "envelope_mm": [3000.0, None, None],
            "year": 2016,
            "remarks": "毎年点検",
        }
    ],
    "techniques": [
        {
            "process": "曲げ",
            "materials": ["A5052"],
            "thickness_min_mm": 0.5,
            "thickness_max_mm": 6.0,
            "size_max_mm": [3000.0, 1500.0, None],
            "tolerance_mm": 0.1,
            "roughness_ra_um": None,
            "experience": "医療機器の筐体",
        }
    ],
    "materials": ["A5052", "SUS304"],
    "certificates": [{"name": "ISO9001", "expires_on": "2027-03-31"}],
}


def test_what_the_desk_sets_is_not_the_workshops_to_change(workshop: Program, ota: Program, firm_id: str) -> None:
    address, number = f"/api/v1/firms/{firm_id}", "7000012050002"
    refused = workshop.client.patch(address, json={"corporate_number": number, "kana": "みほん"})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"corporate_number"})
    assert ota.client.patch(address, json={"corporate_number": number}).json()["corporate_number"] == number
    assert workshop.client.patch(address, json={"corporate_number": None}).status_code == 422
    # What it read it may send back.
    assert workshop.client.patch(address, json={"corporate_number": number, "kana": "みほん"}).status_code == 200


def test_every_field_of_a_firm_goes_in_and_comes_out(
    workshop: Program, ota: Program, firm_id: str, client: TestClient
) -> None:
    address = f"/api/v1/firms/{firm_id}"
    assert ota.client.patch(address, json={"corporate_number": WHOLE["corporate_number"]}).status_code == 200
    changed = workshop.client.patch(address, json=WHOLE | {"revision": 2, "audiences": {"website": "coordinator"}})
    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in WHOLE} == WHOLE
    assert changed.json()["ward"] == "大田区"
    assert changed.json()["lat"] is not None
    assert workshop.client.patch(address, json={}).json() == changed.json()
    seen = client.get(address).json()
    hidden = {name for name, value in changed.json().items() if value is not None and seen[name] is None}
    assert hidden == {"corporate_number", "address", "capital_yen", "can_lead", "phone", "website", "revision"}


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"name": " "}, {"name"}),
        ({"website": "javascript:alert(1)"}, {"website"}),
        ({"corporate_number": "7000012050001"}, {"corporate_number"}),
        ({"equipment": [{"kind": "旋盤"}, {"kind": "", "count": 0}]}, {"equipment.1.kind", "equipment.1.count"}),
        ({"techniques": [{"process": "曲げ", "tolerance_mm": -1}]}, {"techniques.0.tolerance_mm"}),
        ({"audiences": {"succession_state": "public"}}, {"audiences.succession_state"}),
        ({"audiences": {"website": "everybody"}}, {"audiences.website"}),
        ({"employees": "many"}, {"employees"}),
        ({"representative_age_band": "over_80"}, {"representative_age_band"}),
        ({"code": "A-1"}, {"code"}),
        ({"capital_yen": 10**30}, {"capital_yen"}),
    ],
)
def test_says_which_field_to_mend(workshop: Program, firm_id: str, sent: dict[str, object], fields: set[str]) -> None:
    address = f"/api/v1/firms/{firm_id}"
    answer = workshop.client.patch(address, json=sent)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, fields)
    assert workshop.client.get(address).json()["revision"] == 1


def test_a_newer_firm_is_not_overwritten(workshop: Program, firm_id: str) -> None:
    address = f"/api/v1/firms/{firm_id}"
    assert workshop.client.patch(address, json={"kana": "あ", "revision": 1}).json()["revision"] == 2
    late = workshop.client.patch(address, json={"kana": "い", "revision": 1})
    assert late.status_code == 409
    assert workshop.client.get(address).json()["kana"] == "あ"


@time_machine.travel(TUESDAY, tick=False)
def test_free_hours_by_marks_and_hours(
    workshop: Program, ota: Program, firm_id: str, database: Database, admin: TestClient
) -> None:
    address = f"/api/v1/firms/{firm_id}/capacity"
    before = workshop.client.get(address).json()
    assert (before["freshness"], before["told_on"], before["weeks"]) == ("never", None, [])
    first, second = before["weeks_asked"][:2]
    weeks = [{"week_start": first, "mark": "free"}, {"week_start": second, "hours": 26.5}]
    told = workshop.client.put(address, json={"weeks": weeks, "seen": before["seen"]}).json()
    assert (told["freshness"], told["told_on"], told["fresh_until"]) == ("fresh", "2026-12-01", "2026-12-15")
    assert [(week["mark"], week["hours_left"]) for week in told["weeks"]] == [("free", 10.0), ("plenty", 26.5)]
    # A week that is not named stays.
    again = ota.client.put(address, json={"weeks": [{"week_start": second, "mark": "none"}], "spoke_with": "社長"})
    assert [week["hours_free"] for week in again.json()["weeks"]] == [10.0, 0.0]
    with database.reading() as session:
        events = [e for e in session.exec(select(AuditEvent)) if e.action == "capacity told"]
    assert [event.actor_id for event in events] == [workshop.token_id, ota.token_id]
    assert {event.detail["channel"] for event in events} == {"api"}
    # Where otherwise a person stands, the trail names the organisation and its token.
    assert re.search(r"coordinators \d+ / システム\d+", admin.get("/admin/audit?action=capacity+told").text)


@time_machine.travel(TUESDAY, tick=False)
@pytest.mark.parametrize(
    ("weeks", "field"),
    [
        ([], "weeks"),
        ([{"week_start": "2026-12-08", "mark": "free"}], "weeks.0.week_start"),
        ([{"week_start": "2027-12-06", "mark": "free"}], "weeks.0.week_start"),
        (
            [{"week_start": "2026-12-07", "mark": "free"}, {"week_start": "2026-12-07", "hours": 1}],
            "weeks.1.week_start",
        ),
        ([{"week_start": "2026-12-07"}], "weeks.0.mark"),
        ([{"week_start": "2026-12-07", "mark": "free", "hours": 3}], "weeks.0.mark"),
        ([{"week_start": "2026-12-07", "hours": -1}], "weeks.0.hours"),
        ([{"week_start": "2026-12-07", "hours": 1, "group": "旋盤"}], "weeks.0.group"),
        ([{"week_start": "2026-12-07", "mark": "some"}], "weeks.0.mark"),
    ],
)
def test_hours_that_cannot_be(workshop: Program, firm_id: str, weeks: object, field: str) -> None:
    address = f"/api/v1/firms/{firm_id}/capacity"
    answer = workshop.client.put(address, json={"weeks": weeks})
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {field})
    assert workshop.client.get(address).json()["weeks"] == []


@time_machine.travel(TUESDAY, tick=False)
def test_groups_of_processes_are_told_together(workshop: Program, firm_id: str, database: Database) -> None:
    with database.writing() as session:
        wishes = Wishes(None, "", "", "ja", by_hours=True, groups=("旋盤", "研削"))
        capacity.set_wishes(session, firm_id, wishes)
    address = f"/api/v1/firms/{firm_id}/capacity"
    week = {"week_start": "2026-12-07", "hours": 8}
    assert "weeks" in workshop.client.put(address, json={"weeks": [week | {"group": "旋盤"}]}).json()["fields"]
    both = [week | {"group": "旋盤"}, week | {"group": "研削"}]
    assert "weeks" in workshop.client.put(address, json={"weeks": [*both, week]}).json()["fields"]
    assert workshop.client.put(address, json={"weeks": both}).json()["weeks"][0]["hours_free"] == 16.0


def test_a_request_is_of_the_organisation(
    startup_program: Program, client: TestClient, outsider: TestClient, database: Database
) -> None:
    contact = {"name": "開発 さくら", "organisation": "みほん", "email": "sakura@example.jp", "phone": ""}
    made = startup_program.client.post("/api/v1/requests", json={"text": "アルミの箱", "contact": contact}).json()
    assert made["contact"] == contact
    address = f"/api/v1/requests/{made['token']}"
    # The token of a request is the key to it, but not to whom it is from.
    assert client.get(address).json() == made | {"contact": None}
    assert outsider.get("/api/v1/requests").json()["items"] == []
    with database.reading() as session:
        kept = session.exec(select(PartRequest)).one()
    assert (kept.owner_id, kept.organisation_id) == (None, startup_program.organisation_id)


def test_colleagues_find_what_their_programs_sent(
    startup_program: Program, startup: TestClient, database: Database
) -> None:
    token = startup_program.client.post("/api/v1/requests", json={"text": "アルミの箱"}).json()["token"]
    assert startup.get("/api/v1/requests").json()["items"] == []
    with database.writing() as session:
        user = session.exec(select(User).where(User.role == Role.STARTUP)).one()
        there = session.get(Organisation, startup_program.organisation_id)
        assert there is not None
        memberships.join(session, user, there, Standing.MEMBER, actor_id=None)
    assert [item["token"] for item in startup.get("/api/v1/requests").json()["items"]] == [token]


def test_changed_by_whoever_holds_its_token(startup_program: Program, client: TestClient) -> None:
    made = client.post("/api/v1/requests", json={"text": "アルミの箱を10個", "corrections": {"quantity": "12"}}).json()
    address = f"/api/v1/requests/{made['token']}"
    changed = client.patch(address, json={"text": "真鍮の歯車を50個"}).json()
    assert (changed["text"], changed["corrections"]) == ("真鍮の歯車を50個", {"quantity": "12"})
    contact = {"name": "", "email": "nobody"}
    refused = client.patch(address, json={"text": "鉄の棒", "contact": contact})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"contact.name", "contact.email"})
    assert client.get(address).json()["text"] == "真鍮の歯車を50個"
    assert client.patch("/api/v1/requests/nothing", json={"text": "鉄の棒"}).status_code == 404


def test_another_ward_finds_nothing_even_with_the_address(
    ota: Program, sumida: Program, programs: Programs, client: TestClient, database: Database
) -> None:
    made = client.post("/api/v1/requests", json={"text": "アルミの箱を10個、溶接して黒くする。"}).json()
    with database.writing() as session:
        kept = session.exec(select(PartRequest)).one()
        kept.ward = "大田区"
        session.add(kept)
    address = f"/api/v1/requests/{made['token']}"
    for path in ("", "/route", "/matches", "/teams"):
        assert ota.client.get(address + path).status_code in {200, 503}, path
        assert sumida.client.get(address + path).status_code == 404, path
    assert sumida.client.patch(address, json={"text": "他人"}).status_code == 404
    assert sumida.client.post(f"{address}/teams", json={}).status_code == 404
    assert sumida.client.put(f"{address}/route", json={"steps": []}).status_code == 404
    assert ota.client.put(f"{address}/route", json={"steps": []}).status_code == 200
    assert client.get(address).status_code == 200
