"""A handful of workshops for a plate that is cut, bent, welded and anodised, and a request for it."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape

from fastapi.testclient import TestClient

from backend.core import clock
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import CapacityDraft, FirmDraft, TechniqueDraft
from backend.firms.rules import Audience
from backend.requests import service as requests
from backend.requests.forms import Wording

TEXT = "A5052の板を曲げて溶接し、黒アルマイト。10個。大きさは240×160×90。"
WEEKS = 16


def _firm(name: str, lat: float, lng: float, *processes: str, **more: object) -> FirmDraft:
    draft = FirmDraft(
        name=name,
        ward="墨田区",
        lat=lat,
        lng=lng,
        materials=("A5052",),
        techniques=tuple(TechniqueDraft(process) for process in processes),
        can_lead="yes",
    )
    return replace(draft, **more)  # type: ignore[arg-type]


FIRMS = (
    _firm("有限会社きり板", 35.70, 139.80, "レーザー切断", capital_yen=3_000_000, employees=1),
    _firm("有限会社まげ板金", 35.71, 139.81, "曲げ加工", "溶接", capital_yen=20_000_000, employees=12),
    _firm("株式会社とおい板金", 35.60, 139.60, "レーザー切断", "曲げ加工", "溶接", capital_yen=5_000_000, employees=4),
    _firm("株式会社くろアルマイト", 35.72, 139.79, "黒アルマイト", "アルマイト", can_lead="no"),
    _firm("合同会社かげ染め", 35.66, 139.86, "黒アルマイト", "アルマイト", can_lead="no"),
)


@dataclass(frozen=True)
class Place:
    """A request on the site, and the ids of the firms by name."""

    token: str
    firms: dict[str, str]

    @property
    def chain(self) -> str:
        return f"/requests/{self.token}/chain"


def open_place(database: Database, *, hours: float = 40.0, hidden: tuple[str, ...] = ()) -> Place:
    """The firms in the register with `hours` free a week, and one request."""
    audiences = dict.fromkeys(hidden, Audience.COORDINATOR.value)
    ids = {draft.name: enter(database, replace(draft, audiences=audiences), hours) for draft in FIRMS}
    return Place(ask(database), ids)


def enter(database: Database, draft: FirmDraft, hours: float) -> str:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    weeks = tuple(CapacityDraft(monday + timedelta(weeks=n), hours) for n in range(WEEKS))
    with database.writing() as session:
        return service.create_firm(session, None, replace(draft, capacity=weeks)).id


def ask(database: Database, text: str = TEXT) -> str:
    with database.writing() as session:
        return requests.send(session, Wording(text)).token


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found.group(1)) if found else ""


def links(page: str, holding: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'<a [^>]*?href="([^"]*)"', page) if holding in unescape(href)]


def plain(page: str) -> str:
    """What a person reads of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def decide(person: TestClient, place: Place) -> str:
    """Decide on the team that is shown; gives the id of the plan."""
    page = person.get(place.chain).text
    sent = person.post(f"{place.chain}/decide", data={"team": field(page, "team"), "finish": field(page, "finish")})
    assert sent.status_code == 303, plain(sent.text)
    found = re.search(r"/plans/(\w+)/withdraw", person.get(place.chain).text)
    assert found is not None
    return found.group(1)
