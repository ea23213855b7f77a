"""Whatever is sent, the answer is one clear sentence: never a traceback, never a mistake of ours."""

import json
import re
from collections.abc import Iterator
from itertools import product

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import FirmDraft
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import factories
from tests.integration.routes import Route, address, every_route

NASTY = {
    "empty": b"",
    "nul": b"a\x00b",
    "control": b"\x07\x1b\x85",
    "lone surrogate": b"\xed\xa0\x80",
    "bad utf-8": b"\xff\xfe\xc3",
    "superscript digit": "²".encode(),
    "arabic digit": "١".encode(),
    "huge number": b"9" * 5000,
    "exponent": b"1e999",
    "negative": b"-1",
    "not a number": b"NaN",
    "markup": b"\"'><script>alert(1)</script>",
    "template": b"{{7*7}}%(n)s{0}",
    "long": "あ".encode() * 100_000,
    "emoji": "👩‍🏭".encode(),
    "right to left": "\u202e\ufeff\u2028".encode(),
    "path": b"../../etc/passwd",
    "header": b"x\r\nSet-Cookie: a=b",
}
# These end the visit of the one who asks.
LEAVING: frozenset[Route] = frozenset({("POST", "/sign-out"), ("POST", "/admin/users/{user_id}/active")})
JSON_BODIES = {
    "nothing": b"",
    "broken": b'{"text": ',
    "null": b"null",
    "list": b"[]",
    "number": b"1",
    "wrong types": b'{"text": 5, "corrections": [], "top": "many"}',
    "huge number": b'{"text": "x", "top": ' + b"9" * 5000 + b"}",
    "infinite": b'{"text": "x", "top": 1e999}',
    "not a number": b'{"text": "x", "top": NaN}',
    "deep": b"[" * 100_000,
    "deep value": b'{"text": "x", "corrections": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    "bad utf-8": b'{"text": "\xff"}',
    "utf-16": '{"text": "x"}'.encode("utf-16"),
    "lone surrogate": b'{"text": "\\ud800"}',
    "surrogate in a key": b'{"text": "x", "corrections": {"\\ud800": "x"}}',
    "surrogate in an unknown field": b'{"text": "x", "\\udfff": "x"}',
    "surrogate in a correction": b'{"text": "x", "corrections": {"material": "\\ud800"}}',
    "nul": b'{"text": "a\\u0000b"}',
    "nul in a correction": b'{"text": "x", "corrections": {"material": "\\u0000"}}',
    "blank": b'{"text": " \\n\\u3000 "}',
    "long": b'{"text": "' + b"a" * 100_000 + b'"}',
    "bad date": '{"text": "箱", "corrections": {"due": "9999-99-99"}}'.encode(),
    "bad size": '{"text": "箱", "corrections": {"size": "0x0x0"}}'.encode(),
    "bad quantity": ('{"text": "箱", "corrections": {"quantity": "' + "9" * 199 + '"}}').encode(),
    "superscript quantity": '{"text": "箱", "corrections": {"quantity": "²"}}'.encode(),
    "bad tolerance": ('{"text": "箱", "corrections": {"tolerance": "' + "9" * 199 + '"}}').encode(),
    "unknown correction": '{"text": "箱", "corrections": {"colour": "red"}}'.encode(),
}
HUGE_WORDS = {
    "numbers": "9" * 9000,
    "sizes": "×".join(["1" * 400] * 20),
    "due": "来月の" * 3000,
    "fraction": "±0." + "0" * 9000 + "1",
    "dates": "9999年99月99日まで" * 500,
    "quantity": "1" * 5000 + "個",
    "kanji quantity": "十万億兆" * 2000 + "個",
    "brackets": "((((" * 2000,
    "combining": "e" + "\u0301" * 9000,
    "one-line": "アルミ" * 3000,
}


@pytest.fixture
def firm_id(database: Database) -> str:
    with database.writing() as session:
        return service.create_firm(session, None, FirmDraft(name="有限会社ためし", ward="墨田区"), form_id="f" * 32).id


@pytest.fixture
def token(database: Database) -> str:
    with database.writing() as session:
        return requests.send(session, Wording("アルミの箱を10個。")).token


@pytest.fixture
def ids(firm_id: str, token: str) -> dict[str, str]:
    names = ("import_id", "picture_id", "sign_in_id", "user_id")
    return {"firm_id": firm_id, "token": token} | dict.fromkeys(names, "none")


def fault(answer: Response) -> str:
    """What is wrong with an answer; blank when it is as it should be."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    if "Traceback" in answer.text or "sqlalchemy" in answer.text or "pydantic" in answer.text:
        return "traceback"
    if answer.status_code >= 400 and not _sentences(answer):
        return f"{answer.status_code} without a sentence"
    return ""


def _sentences(answer: Response) -> list[str]:
    """The sentence of a refusal: the message for programs, the text of the main part for people."""
    if answer.headers["content-type"].startswith("application/json"):
        return [json.loads(answer.text)["message"]]
    words = re.split(r"<[^<>]*>", answer.text.partition("<main")[2])
    return [text for text in words if "。" in text or "." in text]


def _faults(answers: Iterator[tuple[object, Response]]) -> dict[object, str]:
    return {what: problem for what, answer in answers if (problem := fault(answer))}


def _safe_routes(app: FastAPI) -> list[Route]:
    return [route for route in every_route(app) if route not in LEAVING]


@pytest.mark.parametrize("name", ["revision", "equipment.0.kind", "equipment.².kind"])
def test_one_odd_field_of_the_firm_form(admin: TestClient, firm_id: str, name: str) -> None:
    """The other fields are right, so that the odd one is read to the end."""

    def answers() -> Iterator[tuple[object, Response]]:
        for kind, value in NASTY.items():
            data = {"name": "有限会社ためし", "ward": "墨田区"} | {name: value[:2000].decode(errors="replace")}
            yield kind, admin.post(f"/firms/{firm_id}/edit", data=data)

    assert _faults(answers()) == {}


def test_wrong_methods(app: FastAPI, admin: TestClient, ids: dict[str, str]) -> None:
    routes = set(every_route(app))
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
    for method, pattern in {*product(methods, {pattern for _method, pattern in routes})} - routes:
        answer = admin.request(method, address(pattern, ids))
        # An address may also be another's, which answers it.
        if answer.status_code != 200:
            assert answer.status_code in {404, 405}, (method, pattern)
            assert _sentences(answer), (method, pattern)


@pytest.mark.parametrize("body", JSON_BODIES)
@pytest.mark.parametrize("where", ["/api/v1/matches", "/api/v1/requests"])
def test_json(client: TestClient, where: str, body: str) -> None:
    answer = client.post(where, content=JSON_BODIES[body], headers={"Content-Type": "application/json"})
    assert fault(answer) == ""
    # A request takes corrections as words, whatever they say: they are asked about when it is shown.
    words_only = body.startswith(("bad ", "superscript")) and body != "bad utf-8"
    if body != "utf-16" and not words_only:
        assert answer.status_code in {400, 422}
    if answer.status_code == 201:
        assert fault(client.get(answer.json()["url"])) == ""
        assert fault(client.get(f"/api/v1/requests/{answer.json()['token']}/matches")) == ""


@pytest.mark.parametrize("kind", HUGE_WORDS)
def test_texts_that_no_reader_expects(client: TestClient, kind: str) -> None:
    text = HUGE_WORDS[kind][:10_000]
    page = client.post("/", data={"text": text})
    assert fault(page) == ""
    assert fault(client.post("/api/v1/matches", json={"text": text})) == ""
    assert fault(client.post("/", data={"text": "箱", "v-size": text[:200], "w-size": ""})) == ""
    assert fault(client.post("/", data={"text": "箱", "answer": f"due:{text[:200]}"})) == ""


@pytest.mark.parametrize("text", ["あ" * 20_000, "箱\x00を10個", "箱\x1bを10個"])
def test_a_refused_text_is_shown_again(client: TestClient, token: str, text: str) -> None:
    for where in ("/", "/requests", f"/requests/{token}"):
        page = client.post(where, data={"text": text})
        assert page.status_code == 422
        assert re.sub(r"[\x00-\x1f]", "", text) in page.text


def test_too_many_fields(app: FastAPI, admin: TestClient, ids: dict[str, str]) -> None:
    body = "&".join(f"a{n}=b" for n in range(20_000))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for method, pattern in _safe_routes(app):
        if method == "POST":
            assert fault(admin.post(address(pattern, ids), content=body, headers=headers)) == "", pattern


def test_sent_twice(client: TestClient, admin: TestClient, token: str, firm_id: str) -> None:
    """The second of two equal commands is harmless."""
    form = {"email": "neu@example.jp", "name": "あ", "password": factories.PASSWORD, "role": "startup"}
    assert [admin.post("/admin/users", data=form).status_code for _ in range(2)] == [303, 422]
    firm = {"name": "株式会社二度", "ward": "大田区", "form_id": "0" * 32}
    assert len({admin.post("/firms/new", data=firm).headers["Location"] for _ in range(2)}) == 1
    change = {"text": "鉄の箱を5個。"}
    assert [client.post(f"/requests/{token}", data=change).status_code for _ in range(2)] == [303, 303]
    assert [admin.post(f"/firms/{firm_id}/delete").status_code for _ in range(2)] == [303, 303]
    assert admin.post("/firms/none/undo").status_code == 404
