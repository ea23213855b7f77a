"""A joint plan made through its page, for tests that need one."""

import time

from fastapi.testclient import TestClient
from httpx2 import Response

SECONDS_TO_PLAN = 60.0


def begun(person: TestClient, *tokens: str) -> str:
    """The address of a plan for these requests, just begun."""
    sent = person.post("/joint-plan", data={"request": list(tokens)})
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def finished(person: TestClient, address: str) -> Response:
    """The page once the plan is there, or has failed."""
    until = time.monotonic() + SECONDS_TO_PLAN
    while True:
        page = person.get(address)
        if "<progress" not in page.text or time.monotonic() > until:
            return page
        time.sleep(0.05)


def planned(person: TestClient, *tokens: str) -> str:
    """The address of a plan for these requests that is there."""
    address = begun(person, *tokens)
    assert "<progress" not in finished(person, address).text
    return address
