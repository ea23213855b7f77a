"""Lists in pieces: complete, nothing twice, under inserts between and during the pieces; cursors of our own only."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from fastapi.testclient import TestClient

from backend.accounts.models import OrganisationKind
from backend.core.db import Database
from backend.firms import service as firms
from backend.firms.drafts import FirmDraft
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests.integration.programs import Program, Programs

FIRMS = "/api/v1/firms"
REQUESTS = "/api/v1/requests"
MOST = 200


def _add_firms(database: Database, count: int) -> set[str]:
    with database.writing() as session:
        drafts = [FirmDraft(name=f"工場{n}", ward="大田区" if n % 2 else "墨田区") for n in range(count)]
        return {firms.create_firm(session, None, draft).id for draft in drafts}


def _walk(client: TestClient, address: str, **asked: str | int) -> list[str]:
    """The names of everything in a list, by the cursor of each piece."""
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(address, params=asked | ({"cursor": cursor} if cursor else {})).json()
        seen += [item.get("id") or item["token"] for item in answer["items"]]
        cursor = answer["next"]
        assert len(seen) < MOST
    return seen


def test_every_firm_once(client: TestClient, database: Database) -> None:
    there = _add_firms(database, 11)
    for limit in (1, 4, 11, 100):
        seen = _walk(client, FIRMS, limit=limit)
        assert (len(seen), set(seen)) == (11, there)
    assert len(_walk(client, FIRMS, ward="大田区", limit=2)) == 5


def test_the_link_leads_to_the_rest(client: TestClient, database: Database) -> None:
    _add_firms(database, 7)
    first = client.get(f"{FIRMS}?ward=墨田区&ward=大田区&limit=4")
    address, relation = first.headers["Link"].split(";")
    rest = client.get(address.strip("<>"))
    assert relation == ' rel="next"'
    assert (len(rest.json()["items"]), rest.json()["next"], "Link" in rest.headers) == (3, None, False)
    assert rest.json()["total"] == 7


def test_inserts_while_somebody_reads(client: TestClient, database: Database) -> None:
    """What was there at the start comes exactly once, whatever is added between the pieces."""
    there = _add_firms(database, 20)
    reading = Event()

    def add() -> None:
        while not reading.is_set():
            _add_firms(database, 1)

    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(add)
        seen = _walk(client, FIRMS, limit=3)
        reading.set()
        adding.result()
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_newest_requests_first_and_new_ones_do_not_shift_the_rest(startup_program: Program) -> None:
    def send() -> str:
        token: str = startup_program.client.post(REQUESTS, json={"text": "アルミの箱"}).json()["token"]
        return token

    sent = [send() for _ in range(5)]
    first = startup_program.client.get(REQUESTS, params={"limit": 2}).json()
    send()
    rest = startup_program.client.get(REQUESTS, params={"limit": 10, "cursor": first["next"]}).json()
    assert [item["token"] for item in (*first["items"], *rest["items"])] == sent[::-1]
    assert rest["next"] is None


def test_a_cursor_of_another_list_or_of_nobody(
    client: TestClient, startup_program: Program, database: Database
) -> None:
    _add_firms(database, 3)
    cursor = client.get(FIRMS, params={"limit": 1}).json()["next"]
    wrong = [
        (client, FIRMS, {"cursor": cursor, "ward": "大田区"}),
        (startup_program.client, REQUESTS, {"cursor": cursor}),
        (client, FIRMS, {"cursor": cursor[:-1]}),
        (client, FIRMS, {"cursor": "IjAi." + cursor.rpartition(".")[2]}),
        (client, FIRMS, {"cursor": "' OR 1=1 --"}),
    ]
    for asker, address, asked in wrong:
        answer = asker.get(address, params=asked)
        assert answer.status_code == 422
        assert answer.json()["fields"]["cursor"].startswith("cursor は")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1e9"])
def test_a_limit_that_cannot_be(client: TestClient, limit: str) -> None:
    assert "limit" in client.get(FIRMS, params={"limit": limit}).json()["fields"]


def test_a_list_is_what_the_organisation_may_find(
    programs: Programs, startup_program: Program, ota: Program, sumida: Program, database: Database
) -> None:
    ours = startup_program.client.post(REQUESTS, json={"text": "アルミの箱"}).json()["token"]
    with database.writing() as session:
        theirs = requests.send(session, Wording("大田区の仕事"))
        theirs.ward = "大田区"
        nobodys = requests.send(session, Wording("まだ区のない仕事"))
    other = programs.of(OrganisationKind.STARTUP)
    assert _walk(startup_program.client, REQUESTS) == [ours]
    assert _walk(programs.another(startup_program.organisation_id).client, REQUESTS) == [ours]
    assert _walk(other.client, REQUESTS) == []
    assert _walk(ota.client, REQUESTS) == [nobodys.token, theirs.token, ours]
    assert _walk(sumida.client, REQUESTS) == [nobodys.token, ours]
    assert _walk(ota.client, REQUESTS, q="大田区の") == [theirs.token]
    assert _walk(sumida.client, REQUESTS, q="大田区の") == []
