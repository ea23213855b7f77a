"""Keeping the register: adding, changing, pasting, deleting, undoing; each field, each role, sent twice."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import User
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.firms import queries, records, service
from backend.firms.drafts import FirmDraft
from backend.firms.forms import draft_from, form_of
from backend.firms.pictures import redrawn
from backend.firms.rules import DESK_FIELDS
from tests.factories import count_firms
from tests.integration.firms.conftest import FULL
from tests.unit.files.samples import picture

NEW = {"form_id": "0" * 32, "name": "新しい工場", "address": "東京都墨田区八広1-1", "listed": "1"}
PICTURE = picture("PNG")


def form_data(draft: FirmDraft, revision: int) -> dict[str, str]:
    """The form as a browser would send it back unchanged."""
    form = form_of(draft, revision)
    data = {**form.texts, "revision": str(revision)}
    for table, rows in form.tables.items():
        data |= {f"{table}.{at}.{cell}": text for at, row in enumerate(rows) for cell, text in row.items()}
    data |= {f"audience.{field}": value for field, value in form.audiences.items()}
    return data | ({"listed": "1"} if draft.listed else {})


def stored(database: Database, firm_id: str) -> FirmDraft:
    with database.reading() as session:
        return records.draft_of(service.stored(session, firm_id))


def edit(browser: TestClient, database: Database, firm_id: str, **changes: str) -> Any:  # noqa: ANN401
    return browser.post(f"/firms/{firm_id}/edit", data=form_data(stored(database, firm_id), 1) | changes)


STAFF_PAGES = [("GET", "/firms/new"), ("POST", "/firms/new")]
STAFF_PAGES += [("POST", f"/firms/{{id}}/{action}") for action in ("delete", "undo")]
OWN_PAGES = [("GET", "/firms/{id}/edit"), ("POST", "/firms/{id}/edit")]
OWN_PAGES += [("POST", f"/firms/{{id}}/{action}") for action in ("equipment", "pictures")]


@pytest.mark.parametrize(("method", "path"), STAFF_PAGES + OWN_PAGES)
def test_strangers_sign_in_first_and_others_find_nothing(
    client: TestClient,
    startup: TestClient,
    shop: TestClient,
    owner: TestClient,
    firm_id: str,
    method: str,
    path: str,
) -> None:
    address = path.format(id=firm_id)
    assert client.request(method, address).headers["location"].startswith("/sign-in?next=")
    for other in (startup, shop):
        assert other.request(method, address).status_code == 404
    assert (owner.request(method, address).status_code == 404) is ((method, path) in STAFF_PAGES)


def test_a_workshop_keeps_its_own_record(owner: TestClient, database: Database, firm_id: str) -> None:
    page = owner.get(f"/firms/{firm_id}").text
    assert f'href="/firms/{firm_id}/edit"' in page
    assert "台帳から外す" not in page
    changes = {"own_words": "薄板ならおまかせ", "can_lead": "no", "equipment.5.kind": "旋盤", "lot_max": "80"}
    answer = edit(owner, database, firm_id, **changes, **{"audience.own_words": "coordinator"})
    assert answer.headers["location"] == f"/firms/{firm_id}"
    now = stored(database, firm_id)
    assert (now.own_words, now.can_lead, now.lot_max) == ("薄板ならおまかせ", "no", 80)
    assert [row.kind for row in now.equipment][1:] == ["旋盤"]
    assert now.audiences["own_words"] == "coordinator"
    with database.reading() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == service.CHANGED)).one()
        person = session.exec(select(User).where(User.firm_id == firm_id)).one()
    assert event.actor_id == person.id


def test_what_only_the_desk_knows_is_neither_shown_to_a_workshop_nor_changed_by_it(
    owner: TestClient, database: Database, firm_id: str
) -> None:
    before = stored(database, firm_id)
    page = owner.get(f"/firms/{firm_id}/edit").text
    assert not [name for name in DESK_FIELDS if f'name="{name}"' in page]
    assert "コーディネーターだけの記録" not in page
    sent = dict.fromkeys(DESK_FIELDS, "1") | {"own_words": "直した"}
    assert edit(owner, database, firm_id, **sent).status_code == 303
    assert stored(database, firm_id) == replace(before, own_words="直した")
    missing = {name: text for name, text in form_data(stored(database, firm_id), 2).items() if name not in DESK_FIELDS}
    assert owner.post(f"/firms/{firm_id}/edit", data=missing).status_code == 303
    assert stored(database, firm_id) == replace(before, own_words="直した")


def test_a_workshop_pastes_its_list_and_loses_nothing_where_it_is_refused(
    owner: TestClient, database: Database, firm_id: str
) -> None:
    data = form_data(stored(database, firm_id), 1) | {"pasted": "NC旋盤 オークマ LB3000 2台"}
    assert 'value="LB3000"' in owner.post(f"/firms/{firm_id}/equipment", data=data).text
    refused = edit(owner, database, firm_id, employees="たくさん", own_words="打ちかけ")
    assert refused.status_code == 422
    assert "打ちかけ" in refused.text
    assert "コーディネーターだけの記録" not in refused.text


def test_adding_a_firm_finds_its_ward_and_place(coordinator: TestClient, database: Database) -> None:
    answer = coordinator.post("/firms/new", data=NEW)
    assert answer.headers["location"] == f"/firms/{NEW['form_id']}"
    added = stored(database, NEW["form_id"])
    assert added.ward == "墨田区"
    assert added.lat is not None


def test_a_form_sent_twice_adds_one_firm(coordinator: TestClient, database: Database) -> None:
    first, second = (coordinator.post("/firms/new", data=NEW) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    with database.reading() as session:
        assert count_firms(session) == 1


def test_an_unchanged_form_changes_nothing(coordinator: TestClient, database: Database, firm_id: str) -> None:
    before = stored(database, firm_id)
    assert edit(coordinator, database, firm_id).status_code == 303
    assert stored(database, firm_id) == before
    with database.reading() as session:
        assert queries.last_change(session) == 1


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", "改名精機", "改名精機"),
        ("kana", "かいめい", "かいめい"),
        ("employees", "12", 12),
        ("capital_yen", "2,000万", 20_000_000),
        ("website", "https://example.com/", "https://example.com/"),
        ("own_words", "書き直し", "書き直し"),
        ("phone", "03-1234-5678", "03-1234-5678"),
        ("materials", "チタン、銅", ("チタン", "銅")),
        ("tolerance_mm", "0.005", 0.005),
        ("lot_max", "", None),
        ("can_lead", "no", "no"),
        ("public_facility", "yes", "yes"),
        ("representative_age_band", "70s", "70s"),
        ("succession_state", "", None),
        ("corporate_number", "", None),
        ("code", "NEW-1", "NEW-1"),
    ],
)
def test_each_field_can_be_changed(
    coordinator: TestClient, database: Database, firm_id: str, field: str, value: str, expected: object
) -> None:
    assert edit(coordinator, database, firm_id, **{field: value}).status_code == 303
    assert getattr(stored(database, firm_id), field) == expected
    assert replace(stored(database, firm_id), **{field: getattr(FULL, field)}) == replace(
        FULL, ward="大田区", lat=35.56254, lng=139.7436
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("corporate_number", "1000012050002"),
        ("employees", "たくさん"),
        ("tolerance_mm", "-1"),
        ("website", "example"),
        ("lot_min", "500"),
        ("lat", "100"),
        ("equipment.0.x", "-650"),
        ("equipment.0.count", "0"),
        ("techniques.0.tolerance", "x"),
        ("certificates.0.expires_on", "いつか"),
        ("own_words", "あ" * 8001),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(
    coordinator: TestClient, database: Database, firm_id: str, field: str, value: str
) -> None:
    before = stored(database, firm_id)
    answer = edit(coordinator, database, firm_id, **{field: value, "kana": "打ったことば"})
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert "打ったことば" in answer.text
    assert value in answer.text
    assert stored(database, firm_id) == before


def test_moving_to_another_address_moves_the_place(coordinator: TestClient, database: Database, firm_id: str) -> None:
    edit(coordinator, database, firm_id, address="東京都板橋区舟渡1-1")
    moved = stored(database, firm_id)
    assert moved.ward == "板橋区"
    assert (moved.lat, moved.lng) != (35.56254, 139.7436)


def test_rows_can_be_added_and_removed(coordinator: TestClient, database: Database, firm_id: str) -> None:
    changes = {"equipment.0.remove": "1", "equipment.5.kind": "旋盤", "equipment.5.count": "3"}
    edit(coordinator, database, firm_id, **changes)
    [row] = stored(database, firm_id).equipment
    assert (row.kind, row.count) == ("旋盤", 3)


def test_audiences_and_listing_can_be_chosen(
    coordinator: TestClient, client: TestClient, database: Database, firm_id: str
) -> None:
    edit(coordinator, database, firm_id, **{"audience.own_words": "coordinator"})
    assert stored(database, firm_id).audiences == {"own_words": "coordinator"}
    assert "アルミの小物" not in client.get(f"/firms/{firm_id}").text


def test_somebody_elses_change_is_not_overwritten(coordinator: TestClient, database: Database, firm_id: str) -> None:
    old = form_data(stored(database, firm_id), 1)
    edit(coordinator, database, firm_id, name="先に直した")
    answer = coordinator.post(f"/firms/{firm_id}/edit", data=old | {"name": "あとから直した"})
    assert answer.status_code == 409
    assert "あとから直した" in answer.text
    assert stored(database, firm_id).name == "先に直した"


def test_a_number_of_another_firm_is_refused(coordinator: TestClient, firm_id: str) -> None:
    answer = coordinator.post("/firms/new", data=NEW | {"corporate_number": "7000012050002"})
    assert answer.status_code == 422
    assert "株式会社見本精機" in answer.text


def test_a_pasted_list_becomes_rows_to_confirm(coordinator: TestClient, database: Database, firm_id: str) -> None:
    data = form_data(stored(database, firm_id), 1) | {
        "pasted": "NC旋盤 オークマ LB3000 2台\n読めない行です",
        "kana": "打ちかけ",
    }
    answer = coordinator.post(f"/firms/{firm_id}/equipment", data=data)
    assert answer.status_code == 200
    assert 'value="LB3000"' in answer.text
    assert "読めない行です" in answer.text
    assert "打ちかけ" in answer.text
    assert len(stored(database, firm_id).equipment) == 1


def test_pasting_works_before_the_firm_exists(coordinator: TestClient) -> None:
    answer = coordinator.post("/firms/new/equipment", data=NEW | {"pasted": "平研 岡本 PSG-63DX"})
    assert 'value="PSG-63DX"' in answer.text
    assert NEW["form_id"] in answer.text


def test_deleting_can_be_undone_and_done_twice(
    coordinator: TestClient, client: TestClient, database: Database, firm_id: str
) -> None:
    for _ in range(2):
        answer = coordinator.post(f"/firms/{firm_id}/delete")
        assert answer.headers["location"] == f"/firms/{firm_id}/deleted"
    assert client.get(f"/firms/{firm_id}").status_code == 404
    assert "元に戻す" in coordinator.get(f"/firms/{firm_id}/deleted").text
    coordinator.post(f"/firms/{firm_id}/undo")
    assert client.get(f"/firms/{firm_id}").status_code == 200
    assert stored(database, firm_id).equipment == FULL.equipment


def test_a_change_can_be_undone_and_the_undoing_too(coordinator: TestClient, database: Database, firm_id: str) -> None:
    edit(coordinator, database, firm_id, name="改名精機", materials="")
    coordinator.post(f"/firms/{firm_id}/undo")
    assert stored(database, firm_id).name == FULL.name
    assert stored(database, firm_id).materials == FULL.materials
    coordinator.post(f"/firms/{firm_id}/undo")
    assert stored(database, firm_id).name == "改名精機"


def test_nothing_to_undo_is_said(coordinator: TestClient, firm_id: str) -> None:
    assert coordinator.post(f"/firms/{firm_id}/undo").status_code == 409


def test_every_change_is_told_to_the_index(coordinator: TestClient, database: Database, firm_id: str) -> None:
    edit(coordinator, database, firm_id, name="改名精機")
    coordinator.post(f"/firms/{firm_id}/delete")
    with database.reading() as session:
        assert [change.firm_id for change in queries.changes_after(session, 0)] == [firm_id] * 3


def test_pictures_are_kept_and_shown(
    coordinator: TestClient, client: TestClient, database: Database, firm_id: str
) -> None:
    files = {"picture": ("x.png", PICTURE, "image/png")}
    answer = coordinator.post(f"/firms/{firm_id}/pictures", data={"process": "マシニング加工"}, files=files)
    assert answer.status_code == 303
    [kept] = stored(database, firm_id).techniques[0].pictures
    shown = client.get(f"/firms/{firm_id}/pictures/{kept}")
    assert shown.content == redrawn(PICTURE).data
    assert shown.headers["content-type"] == "image/png"
    assert client.get(f"/firms/{firm_id}/pictures/other").status_code == 404


@pytest.mark.parametrize(
    ("data", "process"), [(b"<svg/>", "マシニング加工"), (PICTURE, "ほかの加工"), (b"", "マシニング加工")]
)
def test_other_files_are_no_pictures(coordinator: TestClient, firm_id: str, data: bytes, process: str) -> None:
    files = {"picture": ("x.png", data, "image/png")}
    assert coordinator.post(f"/firms/{firm_id}/pictures", data={"process": process}, files=files).status_code == 422


def test_the_form_gives_back_the_firm_it_was_made_from() -> None:
    draft, problems = draft_from(form_of(FULL, 1), FULL)
    assert problems == []
    assert replace(draft, audiences={}) == FULL
