"""What protects every answer and every request."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlmodel import select
from starlette.types import Message, Receive, Scope, Send

from backend.app import create_app
from backend.core.db import Database
from backend.core.errors import TooLarge
from backend.core.security import BodyLimitMiddleware, content_policy, sign, unsign
from backend.core.settings import Settings
from backend.requests.models import PartRequest
from tests.factories import until_ready


def test_every_answer_carries_the_protective_headers(client: TestClient) -> None:
    for address in ("/sign-in", "/no-such-page", "/healthz", "/static/css/nakamawa.css"):
        headers = client.get(address).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_mistake_of_ours_carries_them_too(app: FastAPI, client: TestClient) -> None:
    app.get("/broken")(lambda: 1 // 0)
    assert "Content-Security-Policy" in client.get("/broken").headers


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
def test_other_sites_cannot_post(client: TestClient, headers: dict[str, str]) -> None:
    page = client.post("/sign-out", headers=headers)
    assert page.status_code == 403
    assert "ほかのサイト" in page.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}])
def test_our_own_pages_can_post(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/sign-out", headers=headers).status_code == 303


async def _swallow(request: Request) -> int:
    return len(await request.body())


@pytest.fixture
def narrow(settings: Settings) -> Iterator[TestClient]:
    """An application that takes one megabyte at most."""
    app = create_app(settings.model_copy(update={"max_body_mb": 1}))
    app.post("/swallow")(_swallow)
    with TestClient(app) as client:
        yield client


def test_a_body_above_the_limit_is_refused(narrow: TestClient) -> None:
    page = narrow.post("/swallow", content=b"x" * (1024 * 1024 + 1))
    assert page.status_code == 413
    assert "大きすぎます" in page.text


def test_a_body_of_unknown_length_is_counted(narrow: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        yield from [b"x" * 300_000] * 5

    page = narrow.post("/swallow", content=pieces())
    assert page.status_code == 413
    assert "大きすぎます" in page.text


@pytest.mark.parametrize("announced", [True, False])
def test_who_sends_too_much_is_let_finish(announced: bool) -> None:
    """A browser that is cut off in the middle shows no page; but nobody is let go on for ever."""
    pieces: list[Message] = [{"type": "http.request", "body": b"x" * 10, "more_body": True}] * 200
    headers = [(b"content-length", b"2000")] if announced else []
    scope = {"type": "http", "method": "POST", "path": "/api/", "headers": headers, "query_string": b"", "state": {}}
    left, sent = list(pieces), []

    async def receive() -> Message:
        return left.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    async def read_all(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    guard = BodyLimitMiddleware(read_all, limit=100, with_files=100)
    if announced:
        asyncio.run(guard(scope, receive, send))
        assert sent[0]["status"] == 413
    else:
        with pytest.raises(TooLarge):
            asyncio.run(guard(scope, receive, send))
    assert 100 < len(left) < 120


def test_too_large_a_form_says_how_much_may_be_sent(narrow: TestClient, client: TestClient, database: Database) -> None:
    """One sentence for a person and for a program: how much, what to do, and that nothing was saved."""
    large = {"text": "あ" * 1_000_000}
    for where, headers in (("/", {}), ("/api/v1/requests", {}), ("/firms/new", {"Accept-Language": "en"})):
        answer = narrow.post(where, data=large, headers=headers)
        assert answer.status_code == 413
        wanted = ("At most 1 MB", "Nothing has been saved") if headers else ("1 MBまで", "まだ何も保存していません")
        assert all(words in answer.text for words in wanted)
    # One field above what a form may hold, and more fields than any form has.
    for answer in (
        client.post("/requests", files={"text": (None, "a" * 1_050_000)}),
        client.post("/requests", data={f"a{number}": "b" for number in range(5000)}),
    ):
        assert (answer.status_code, "長すぎるか、欄が多すぎます" in answer.text) == (413, True)
    with database.reading() as session:
        assert session.exec(select(PartRequest)).all() == []


def test_a_body_within_the_limit_passes(narrow: TestClient) -> None:
    assert narrow.post("/swallow", content=b"x" * 1000).json() == 1000


@pytest.fixture
def one_host(settings: Settings) -> Iterator[TestClient]:
    """An application that an operator told its name."""
    with TestClient(create_app(settings.model_copy(update={"allowed_hosts": ("match.example.jp",)}))) as client:
        yield client


def test_only_allowed_hosts_are_answered(one_host: TestClient) -> None:
    refusal = one_host.get("/sign-in")
    assert refusal.status_code == 400
    assert "default-src 'self'" in refusal.headers["Content-Security-Policy"]
    assert one_host.get("/sign-in", headers={"Host": "match.example.jp"}).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_the_machine_itself_may_always_ask_how_it_is(one_host: TestClient, host: str) -> None:
    """The check of the container does."""
    until_ready(one_host)
    assert one_host.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_nul_that_is_put_together_from_two_means_nothing(app: FastAPI, client: TestClient) -> None:
    app.get("/asked")(lambda q: {"q": q})
    for query in ("a%00b", "a%%0000b", "a%%%000000b"):
        assert client.get(f"/asked?q={query}").json() == {"q": "ab"}


def test_a_map_server_is_let_through_when_named() -> None:
    assert "img-src 'self' data: blob: https://tiles.example.jp;" in content_policy(
        "https://tiles.example.jp/{z}/{x}/{y}.png"
    )
    assert "img-src 'self' data: blob:;" in content_policy("")


def test_signatures() -> None:
    signed = sign("secret", "token")
    assert unsign("secret", signed) == "token"
    for forged in ("", ".", "token", signed + "x", signed.replace("token", "taken"), "ü.ü"):
        assert unsign("secret", forged) is None
    assert unsign("another", signed) is None
