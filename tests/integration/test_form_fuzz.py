"""Every form of the site as each role, with what no form ever sent: a sample drawn with a fixed seed."""

import random
import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import product
from urllib.parse import quote, quote_from_bytes

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.core.db import Database
from tests.integration import markup
from tests.integration.routes import Route, address, every_route, is_file
from tests.integration.teams.team_firms import decide, open_place
from tests.integration.test_access import hidden_firm, ids
from tests.integration.test_bad_input import LEAVING, NASTY, fault

__all__ = ["hidden_firm", "ids"]

SEED, ODD_FIELDS = 20261122, 3
# How often each form is sent by each role: most by those who get past the door.
SAMPLES = {"client": 2, "startup": 1, "shop": 2, "coordinator": 1, "admin": 3}
URLENCODED = "application/x-www-form-urlencoded"
CONTENT_TYPES = (*[URLENCODED] * 9, "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "é")
# Names that only programs would send.
ODD_NAMES = ("w-size", "v-size", "c-a-due", "equipment.².kind", "equipment.999999999.x", "x\x00", "week.²", "after-k1")
Fields = list[tuple[str, bytes]]


@pytest.fixture
def place(database: Database, ids: Mapping[str, str], coordinator: TestClient) -> Mapping[str, str]:
    """The ids of every page, with a request that has a team which was decided on and a handover between firms."""
    here = open_place(database)
    chosen = {"token": here.token, "plan_id": decide(coordinator, here)}
    one, other, *_rest = here.firms.values()
    coordinator.post("/handovers", data={"firm_a": one, "firm_b": other, "note": "メモ"})
    known = re.search(r"/handovers/(\w+)/withdraw", coordinator.get("/handovers").text)
    assert known is not None
    return dict(ids) | chosen | {"handover_id": known.group(1)}


def shown_forms(app: FastAPI, staff: TestClient, place: Mapping[str, str]) -> Iterator[markup.Form]:
    """Every form that somebody who may do everything is shown."""
    for method, pattern in every_route(app):
        if method == "GET" and not is_file(pattern):
            here = address(pattern, place)
            yield from markup.forms(staff.get(here).text, here)


def fields_of(shown: list[markup.Form], where: str) -> Fields:
    """The fields of the first form that is sent there, as it stands on its page."""
    [named] = [form.fields for form in shown if form.action.partition("?")[0] == where][:1] or [[]]
    return [(name, value.encode()) for name, value in named]


def spoilt(chance: random.Random, fields: Fields, names: list[str]) -> bytes:
    """The form, filled as it stands, with a few values that nobody expects in its own fields and in others."""
    own = [name for name, _value in fields] or names
    odd = [(chance.choice(own), chance.choice(list(NASTY.values()))[:20_000]) for _n in range(ODD_FIELDS)]
    odd += [(chance.choice(names), chance.choice([b"1", b"2", *NASTY.values()])[:20_000])]
    kept = [one for one in fields if one[0] not in dict(odd) or chance.random() < 0.2]
    return "&".join(f"{quote(name)}={quote_from_bytes(value)}" for name, value in kept + odd).encode()


def posts(app: FastAPI) -> list[Route]:
    return [r for r in every_route(app) if r[0] == "POST" and r not in LEAVING and not r[1].startswith("/api/")]


@pytest.mark.slow
def test_no_form_falls_over(app: FastAPI, place: Mapping[str, str], request: pytest.FixtureRequest) -> None:
    people: dict[str, TestClient] = {role: request.getfixturevalue(role) for role in SAMPLES}
    shown = list(shown_forms(app, people["admin"], place))
    names = sorted({name for form in shown for name, _value in form.fields} | set(ODD_NAMES))
    assert len(names) > 80
    faults = {}
    for role, (_method, pattern) in product(people, posts(app)):
        chance, where = random.Random(f"{SEED} {role} {pattern}"), address(pattern, place)
        for _sample in range(SAMPLES[role]):
            kind, body = chance.choice(CONTENT_TYPES), spoilt(chance, fields_of(shown, where), names)
            answer = people[role].post(where, content=body, headers=[(b"Content-Type", kind.encode("latin-1"))])
            if problem := fault(answer):
                faults[role, pattern] = (problem, body[:300])
    assert faults == {}
    assert {role: person.get("/").status_code for role, person in people.items()} == dict.fromkeys(people, 200)


TYPED = ["\"'><script>alert(1)</script>", "👩‍🏭 アルミの箱", "\u202eひっくり返す", "{{7*7}}%(n)s", "あ" * 400]
FORMS: list[tuple[str, str, str, dict[str, str]]] = [
    ("client", "/sign-in", "email", {"password": "x"}),
    ("coordinator", "/firms/new", "own_words", {"name": ""}),
    ("coordinator", "/firms/new", "name", {"tolerance_mm": "NaN"}),
    ("coordinator", "/firms/new", "materials", {"name": ""}),
    ("coordinator", "/firms/new", "equipment.0.kind", {"name": ""}),
    ("coordinator", "/firms/new", "techniques.3.experience", {"name": ""}),
    ("coordinator", "/firms/new", "employees", {"name": "有限会社ためし"}),
    ("coordinator", "/firms/new", "lat", {"name": "有限会社ためし"}),
    ("admin", "/admin/users", "name", {"email": "x", "role": "nobody"}),
    ("admin", "/admin/users", "email", {"role": "nobody"}),
    ("admin", "/organisations", "name", {"kind": "nothing"}),
    ("admin", "/organisations", "wards", {"kind": "nothing"}),
    ("admin", "/organisations/{organisation_id}/invitations", "email", {"standing": "nobody"}),
    ("admin", "/organisations/{organisation_id}/invitations", "name", {"standing": "nobody"}),
    ("client", "/i/{code}", "name", {"email": "x", "password": "short"}),
    ("client", "/sign-in/link", "email", {}),
    ("shop", "/firms/{firm_id}/capacity/wishes", "email", {"weekday": "9"}),
]


def test_what_was_typed_comes_back(ids: Mapping[str, str], request: pytest.FixtureRequest) -> None:
    for (role, pattern, name, others), typed in product(FORMS, TYPED):
        person: TestClient = request.getfixturevalue(role)
        page = person.post(address(pattern, ids), data=others | {name: typed})
        assert page.status_code == 422, (pattern, name, typed)
        assert typed in unescape(page.text), (pattern, name)
        assert "<script>alert" not in page.text, (pattern, name)


def test_a_body_above_the_limit(app: FastAPI, admin: TestClient) -> None:
    """Announced or not: refused with the size named, and nothing was kept."""
    large = app.state.settings.max_body_mb * 1024 * 1024 + 1
    for where in ("/", "/requests", "/firms/new", "/firms/import", "/sign-in", "/organisations", "/joint-plan"):
        page = admin.post(where, headers={"Content-Length": str(large), "Content-Type": URLENCODED})
        assert page.status_code == 413, where
        assert "大きすぎます" in page.text
