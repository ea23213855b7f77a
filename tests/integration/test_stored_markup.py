"""Markup that somebody stored in a text is shown as text: no page gains a tag, a handler or a script by it."""

from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import EquipmentDraft, FirmDraft, TechniqueDraft
from tests.integration import markup
from tests.integration.teams.team_firms import ask

PAYLOADS = (
    "<script>xss()</script>",
    "\"'><img src=x onerror=xss()>",
    "'><svg/onload=xss()>",
    "</textarea><script>xss()</script>",
    "</title><xss>",
    '" autofocus onfocus=xss() x="',
    "' onmouseover='xss()",
    "javascript:xss()",
    "<a href=javascript:xss()>x</a>",
    "{{ 7*7 }}<xss>",
    "<!--<xss>",
    "]]><xss>",
    "</script><xss>",
    "<iframe srcdoc='<xss>'>",
    "＜script＞xss()＜/script＞",
    "&lt;script&gt;xss()",
)


def _strange(page: str) -> list[object]:
    found: list[object] = [*markup.inline_scripts(page)]
    for tag, attributes in markup.tags(page):
        found += [(tag, attributes)] if "xss" in tag or tag in {"iframe", "object", "embed"} else []
        found += [name for name in attributes if name.startswith("on") or name == "srcdoc"]
        links = (attributes.get("href", ""), attributes.get("src", ""), attributes.get("action", ""))
        found += [link for link in links if link.strip().lower().startswith(("javascript:", "vbscript:"))]
    return found


@pytest.fixture
def pages(database: Database) -> Mapping[str, str]:
    """Pages of a firm and a request that hold each payload."""
    found = {"/firms": "", "/requests": "", "/joint-plan": ""}
    for payload in PAYLOADS:
        draft = FirmDraft(
            name=payload,
            kana=payload,
            ward=payload[:20],
            own_words=payload,
            equipment=(EquipmentDraft(payload, payload, payload, remarks=payload),),
            techniques=(TechniqueDraft(payload, (payload,), experience=payload),),
            materials=(payload,),
        )
        with database.writing() as session:
            firm_id = service.create_firm(session, None, draft).id
        found |= dict.fromkeys((f"/firms/{firm_id}", f"/firms/{firm_id}/edit", f"/firms/{firm_id}/capacity"), payload)
        token = ask(database, f"アルミの箱を10個。{payload}")
        found |= {f"/requests/{token}": payload}
    return found


def test_nothing_stored_becomes_markup(pages: Mapping[str, str], client: TestClient, coordinator: TestClient) -> None:
    faults = {}
    for where in pages:
        for person in (client, coordinator):
            answer = person.get(where)
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            if strange := _strange(answer.text):
                faults[where] = strange
    assert faults == {}
    assert "xss()" in coordinator.get("/firms").text
