"""Importing a table: checked first, nothing taken over before it is confirmed, all of it or nothing."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.errors import Refused
from backend.core.settings import Settings
from backend.firms import imports, queries, records, service
from backend.firms.faults import FaultCode
from backend.firms.takeover import FaultyFile, import_file
from tests.factories import count_firms
from tests.integration.firms.conftest import FULL, MakeFirm

GOOD = [
    {
        "id": "A-1",
        "name": "株式会社あじさい",
        "ward": "大田区",
        "text": "旋盤",
        "processes": ["NC旋盤加工"],
        "lot_max": 9,
    },
    {"id": "A-2", "name": "有限会社もみじ", "ward": "墨田区", "processes": ["溶接"], "can_lead": True},
]


def lines(*records_: Mapping[str, object]) -> bytes:
    return "\n".join(json.dumps(record) for record in records_).encode()


def write(folder: Path, *records_: Mapping[str, object]) -> Path:
    file = folder / "firms.jsonl"
    file.write_bytes(lines(*records_))
    return file


def count(database: Database) -> int:
    with database.reading() as session:
        return count_firms(session)


def upload(browser: TestClient, data: bytes, name: str = "firms.jsonl") -> str:
    """Upload and wait until it was checked; gives the address of the import."""
    answer = browser.post("/firms/import", files={"file": (name, data)})
    assert answer.status_code == 303, answer.text
    wait(browser, answer.headers["location"])
    return answer.headers["location"]


def wait(browser: TestClient, address: str) -> str:
    for _ in range(200):
        page = browser.get(address, headers={"HX-Request": "true"}).text
        if "<progress" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("the import did not end")


PAGES = [
    ("GET", "/firms/import"),
    ("POST", "/firms/import"),
    ("GET", "/firms/import/template.csv"),
    ("GET", "/firms/import/x"),
    ("GET", "/firms/import/x/faults.csv"),
    ("POST", "/firms/import/x/confirm"),
    ("POST", "/firms/import/x/cancel"),
]


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_only_staff_import(client: TestClient, startup: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).headers["location"].startswith("/sign-in")
    assert startup.request(method, path).status_code == 404


@pytest.mark.parametrize(("method", "path"), [page for page in PAGES if "/x" in page[1]])
def test_an_unknown_import_is_not_found(coordinator: TestClient, method: str, path: str) -> None:
    assert coordinator.request(method, path).status_code == 404


def test_nothing_is_imported_until_it_is_confirmed(coordinator: TestClient, database: Database) -> None:
    address = upload(coordinator, lines(*GOOD))
    page = coordinator.get(address).text
    assert "新しく加わる" in page
    assert "2社" in page
    assert count(database) == 0
    for _ in range(2):
        assert coordinator.post(f"{address}/confirm").headers["location"] == address
    assert "取り込みました。" in wait(coordinator, address)
    assert count(database) == 2


def test_a_faulty_file_shows_every_fault_and_cannot_be_confirmed(coordinator: TestClient, database: Database) -> None:
    bad = {"id": "A-3", "name": "", "lot_min": -1}
    address = upload(coordinator, lines(*GOOD, bad))
    page = coordinator.get(address).text
    assert "書かれていません。" in page
    assert "lot_min" in page
    assert coordinator.post(f"{address}/confirm").status_code == 409
    assert count(database) == 0
    report = coordinator.get(f"{address}/faults.csv")
    assert report.content.startswith(b"\xef\xbb\xbf")
    assert report.text.count("\n") == 3


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b"x"), ("a.xlsx", b""), ("", b"")])
def test_what_cannot_be_imported_is_refused_at_once(coordinator: TestClient, name: str, data: bytes) -> None:
    answer = coordinator.post("/firms/import", files={"file": (name or "x", data)})
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text


def test_sending_no_file_is_refused(coordinator: TestClient) -> None:
    assert coordinator.post("/firms/import").status_code == 422


def test_a_broken_workbook_ends_in_one_sentence(coordinator: TestClient) -> None:
    address = upload(coordinator, b"not a workbook", "a.xlsx")
    assert "XLSXとして開けません" in coordinator.get(address).text


def test_a_checked_file_can_be_let_go(coordinator: TestClient, database: Database) -> None:
    address = upload(coordinator, lines(*GOOD))
    for _ in range(2):
        assert coordinator.post(f"{address}/cancel").status_code == 303
    assert "やめました" in coordinator.get(address).text
    assert coordinator.post(f"{address}/confirm").status_code == 409
    assert count(database) == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_templates_can_be_downloaded(coordinator: TestClient, kind: str) -> None:
    answer = coordinator.get(f"/firms/import/template.{kind}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]


def test_the_import_speaks_english(coordinator: TestClient) -> None:
    address = upload(coordinator, lines({"id": "1", "name": ""}))
    page = coordinator.get(f"{address}?lang=en").text
    assert "Nothing is written here." in page
    assert "書かれていません" not in page


def test_importing_again_changes_only_what_changed(database: Database, tmp_path: Path) -> None:
    assert import_file(database, write(tmp_path, *GOOD)).created == 2
    again = import_file(
        database, write(tmp_path, GOOD[0], {"id": "A-2", "text": "新しい紹介", "name": "有限会社もみじ"})
    )
    assert (again.created, again.updated, again.unchanged) == (0, 1, 1)
    with database.reading() as session:
        firm = queries.firm_with_code(session, "A-2")
        assert firm is not None
        draft = records.draft_of(service.stored(session, firm.id))
    # What the second file does not speak of stays as it was.
    assert (draft.own_words, draft.can_lead, draft.ward) == ("新しい紹介", "yes", "墨田区")
    assert [row.process for row in draft.techniques] == ["溶接"]


def test_a_fault_in_one_row_keeps_the_whole_file_out(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FaultyFile) as refusal:
        import_file(database, write(tmp_path, *GOOD, {"id": "A-9", "name": "x", "tolerance_mm": -1}))
    [fault] = refusal.value.faults
    assert (fault.row, fault.column, fault.code) == (3, "tolerance_mm", FaultCode.NEGATIVE)
    assert count(database) == 0


def test_a_firm_is_known_by_its_corporate_number(database: Database, make_firm: MakeFirm, tmp_path: Path) -> None:
    firm_id = make_firm()
    record = {"name": "改名した見本", "corporate_number": FULL.corporate_number}
    assert import_file(database, write(tmp_path, record)).updated == 1
    with database.reading() as session:
        assert service.stored(session, firm_id).name == "改名した見本"


def test_a_firm_without_numbers_is_known_by_name_and_address(
    database: Database, make_firm: MakeFirm, tmp_path: Path
) -> None:
    make_firm()
    record = {"name": "（株）見本精機", "address": "大田区大森南２丁目３番５号", "text": "直した紹介"}
    assert import_file(database, write(tmp_path, record)).updated == 1
    assert count(database) == 1


@pytest.mark.usefixtures("firm_id")
def test_the_same_name_and_address_under_another_code_is_a_fault(database: Database, tmp_path: Path) -> None:
    record = {"id": "OTHER", "name": "株式会社見本精機", "address": "東京都大田区大森南2-3-5"}
    with pytest.raises(FaultyFile) as refusal:
        import_file(database, write(tmp_path, record))
    assert [fault.code for fault in refusal.value.faults] == [FaultCode.DUPLICATE_NAME]


@pytest.mark.usefixtures("firm_id")
def test_code_and_number_of_two_firms_contradict_each_other(database: Database, tmp_path: Path) -> None:
    import_file(database, write(tmp_path, GOOD[0]))
    with pytest.raises(FaultyFile) as refusal:
        import_file(database, write(tmp_path, {**GOOD[0], "corporate_number": FULL.corporate_number}))
    assert [fault.code for fault in refusal.value.faults] == [FaultCode.CODE_CONFLICT]


def test_a_deleted_firm_comes_back_with_its_file(database: Database, tmp_path: Path) -> None:
    import_file(database, write(tmp_path, *GOOD))
    with database.writing() as session:
        firm = queries.firm_with_code(session, "A-1")
        assert firm is not None
        service.delete_firm(session, None, firm.id)
    assert count(database) == 1
    assert import_file(database, write(tmp_path, *GOOD)).updated == 1
    assert count(database) == 2


def test_an_import_leaves_its_traces(database: Database, tmp_path: Path) -> None:
    import_file(database, write(tmp_path, *GOOD))
    with database.reading() as session:
        assert queries.last_change(session) == 2
        [event] = session.exec(select(AuditEvent)).all()
    assert (event.action, event.detail["created"]) == ("firms imported", 2)


def test_progress_is_told(database: Database, tmp_path: Path) -> None:
    told: list[str] = []
    file = write(tmp_path, *({"id": str(n), "name": f"工場{n}"} for n in range(250)))
    import_file(database, file, progress=lambda phase, _done, _total: told.append(phase))
    assert {"read", "write"} <= set(told)


def test_work_that_was_cut_off_is_said_and_can_be_let_go(coordinator: TestClient, database: Database) -> None:
    address = upload(coordinator, lines(*GOOD))
    with database.writing() as session:
        row = queries.import_by_id(session, address.rsplit("/", 1)[1])
        assert row is not None
        row.state = "taking"
        session.add(row)
    assert coordinator.post(f"{address}/cancel").status_code == 409
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        assert "途中で止まった" in coordinator.get(address).text
        assert coordinator.post(f"{address}/cancel").status_code == 303


def test_work_that_still_tells_how_far_it_is_cannot_be_let_go(
    coordinator: TestClient, database: Database, settings: Settings
) -> None:
    address = upload(coordinator, lines(*GOOD))
    import_id = address.rsplit("/", 1)[1]
    with database.writing() as session:
        row = queries.import_by_id(session, import_id)
        assert row is not None
        row.state, row.updated_at = "taking", clock.now() - timedelta(minutes=10)
        session.add(row)
    (settings.data_dir / "imports" / f"{import_id}.progress").write_text('{"phase": "write", "done": 1, "total": 2}')
    assert "途中で止まった" not in coordinator.get(address).text
    assert coordinator.post(f"{address}/cancel").status_code == 409


def test_of_an_import_that_was_let_go_nothing_stays(
    coordinator: TestClient, database: Database, tmp_path: Path
) -> None:
    """Even where the work had been thought to be cut off, and comes to its end after all."""
    address = upload(coordinator, lines(*GOOD))
    import_id = address.rsplit("/", 1)[1]
    assert coordinator.post(f"{address}/cancel").status_code == 303
    with pytest.raises(Refused):
        import_file(database, write(tmp_path, *GOOD), settle=lambda session: imports.settle(session, import_id))
    assert count(database) == 0
