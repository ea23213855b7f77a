"""The pages of those signed in: the state of a firm's answer, answers by telephone and FAX, wishes, the sheet."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import Role
from backend.capacity import queries, rules, service
from backend.capacity.forms import Wishes
from backend.capacity.jobs import ASK_ONE, remind_all, remind_firm
from backend.capacity.models import CapacityContact
from backend.capacity.rules import Channel
from backend.core import audit, clock
from backend.core.db import Database
from backend.core.jobs import Job, Work
from backend.core.mail import Mail, set_optout
from backend.core.settings import Settings
from tests.conftest import SignInAs
from tests.integration.capacity.conftest import MakeFirm
from tests.integration.capacity.test_link import fields, hours


@pytest.fixture
def owner(sign_in_as: SignInAs, firm_id: str) -> TestClient:
    return sign_in_as(Role.WORKSHOP, firm_id=firm_id)


@pytest.fixture
def other_shop(sign_in_as: SignInAs, make_firm: MakeFirm) -> TestClient:
    return sign_in_as(Role.WORKSHOP, firm_id=make_firm())


@pytest.fixture
def code(database: Database, firm_id: str) -> str:
    with database.writing() as session:
        return service.contact_for(session, firm_id).code


@pytest.mark.parametrize(
    ("role", "status"),
    [("client", 303), ("startup", 404), ("other_shop", 404), ("owner", 200), ("coordinator", 200), ("admin", 200)],
)
def test_who_sees_the_state_and_the_sheet(role: str, status: int, firm_id: str, request: pytest.FixtureRequest) -> None:
    person: TestClient = request.getfixturevalue(role)
    for page in (f"/firms/{firm_id}/capacity", f"/firms/{firm_id}/capacity/sheet"):
        assert person.get(page).status_code == status
    if status == 404:
        for action in ("undo", "wishes", "revoke"):
            assert person.post(f"/firms/{firm_id}/capacity/{action}").status_code == 404


def test_an_answer_by_telephone_is_marked_as_such(
    coordinator: TestClient, owner: TestClient, database: Database, firm_id: str, monday: date
) -> None:
    address = f"/firms/{firm_id}/capacity"
    form = fields(coordinator.get(address).text) | {f"w0-{monday}": "little", "spoke_with": "山田さん"}
    assert owner.post(address, data=form).status_code == 404
    assert coordinator.post(address, data=form | {"channel": "phone"}).status_code == 303
    assert hours(database, firm_id)[monday] == 4.0
    page = coordinator.get(address).text
    assert "電話で確認" in page
    assert "(山田さん)" in page
    with database.reading() as session:
        answer = queries.last_answer(session, firm_id)
        assert answer is not None
        assert answer.channel is Channel.PHONE
        assert answer.actor_id is not None
        assert audit.first_broken(session) is None
    assert coordinator.post(f"{address}/undo", data={"answer": answer.id}).status_code == 303
    assert hours(database, firm_id)[monday] == 20.0


def test_a_line_of_keys_is_enough(coordinator: TestClient, database: Database, firm_id: str, code: str) -> None:
    page = coordinator.get("/capacity").text
    data = {"code": f"{code[:3]}-{code[3:]}", "line": "1234----", "channel": "fax", **fields(page)}
    sent = coordinator.post("/capacity", data=data)
    assert sent.status_code == 303
    assert "の答えを記録しました" in coordinator.get(sent.headers["Location"]).text
    told = hours(database, firm_id)
    weeks = rules.weeks_asked(clock.today())
    assert [told[week] for week in weeks[:4]] == [20.0, 10.0, 4.0, 0.0]
    # Sent again by a double press: still one answer.
    coordinator.post("/capacity", data=data)
    with database.reading() as session:
        assert len(queries.answers_of(session, firm_id)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "12345"}, "数字6けた"),
        ({"code": "000000"}, "見つかりません"),
        ({"line": "12x9"}, "読み取れません"),
        ({"line": ""}, "週分まで"),
    ],
)
def test_a_slip_of_the_finger_keeps_what_was_typed(
    coordinator: TestClient, database: Database, firm_id: str, code: str, changed: dict[str, str], sentence: str
) -> None:
    with database.writing() as session:
        taken = session.get(CapacityContact, firm_id)
        assert taken is not None
        taken.code = "083683"
        session.add(taken)
    refused = coordinator.post("/capacity", data={"code": "083683", "line": "1", "spoke_with": "山田"} | changed)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert 'value="山田"' in refused.text
    assert len(code) == 6


def test_the_desk_puts_those_to_ask_first(coordinator: TestClient, make_firm: MakeFirm, database: Database) -> None:
    never, fresh, stale = make_firm(None), make_firm(None), make_firm(None)
    with database.writing() as session:
        for firm_id, days in ((fresh, 1), (stale, 40)):
            weeks = {"": dict.fromkeys(rules.weeks_asked(clock.today()), 20.0)}
            given = service.Given(weeks, Channel.FAX, at=clock.now() - timedelta(days=days))
            service.answer(session, firm_id, given)
    page = coordinator.get("/capacity").text
    places = [page.index(f"/firms/{firm_id}/capacity") for firm_id in (never, stale, fresh)]
    assert places == sorted(places)
    assert re.findall(r"<dd>(\d+)</dd>", page)[:4] == ["1", "0", "1", "1"]
    assert "40日前の答え" in page


def test_wishes_are_kept_and_slips_shown(owner: TestClient, database: Database, firm_id: str) -> None:
    address = f"/firms/{firm_id}/capacity/wishes"
    refused = owner.post(address, data={"weekday": "1", "email": "nobody", "groups": "旋盤"})
    assert refused.status_code == 422
    assert 'value="nobody"' in refused.text
    assert ">\n旋盤</textarea>" in refused.text
    kept = {"weekday": "1", "email": "shop@example.jp", "groups": "旋盤\n研磨", "by_hours": "1"}
    assert owner.post(address, data=kept).status_code == 303
    with database.reading() as session:
        contact = queries.contact(session, firm_id)
        assert contact is not None
        assert (contact.weekday, contact.groups, contact.by_hours) == (1, ["旋盤", "研磨"], True)
    page = owner.get(f"/firms/{firm_id}/capacity").text
    assert '<option value="1" selected>' in page


def test_the_sheet_has_its_number_and_a_code_that_opens_the_page(
    coordinator: TestClient, database: Database, firm_id: str
) -> None:
    page = coordinator.get(f"/firms/{firm_id}/capacity/sheet").text
    with database.reading() as session:
        contact = queries.contact(session, firm_id)
    assert contact is not None
    assert f"{contact.code[:3]}-{contact.code[3:]}" in page
    assert page.count('class="box box-l"') == 8 * 4
    assert re.search(r'<path fill="#000" d="M4 4h7v1h-7z', page)


def _weekly(database: Database, settings: Settings, day: date) -> None:
    """What the worker does on a morning."""
    with time_machine.travel(f"{day.isoformat()}T07:30:00+09:00", tick=False):
        with database.writing() as session:
            remind_all(Work(session, settings, {}, "capacity.remind:x"))
        with database.reading() as session:
            jobs = [job for job in session.scalars(select(Job)) if job.kind == ASK_ONE]
        for job in jobs:
            with database.writing() as session:
                remind_firm(Work(session, settings, job.payload, job.key))


def test_a_firm_is_reminded_once_a_week_on_its_day(
    client: TestClient, database: Database, settings: Settings, firm_id: str, make_firm: MakeFirm
) -> None:
    deleted, silent = make_firm(), make_firm()
    tuesday = clock.today() + timedelta(days=(1 - clock.today().weekday()) % 7 + 7)
    with database.writing() as session:
        service.set_wishes(session, firm_id, Wishes(1, "shop@example.jp", "", "en", by_hours=False, groups=()))
        service.set_wishes(session, silent, Wishes(None, "silent@example.jp", "", "ja", by_hours=False, groups=()))
    assert deleted != silent
    for days in (0, 0, 1, 6, 7):
        _weekly(database, settings, tuesday + timedelta(days=days))
    with database.reading() as session:
        mails = session.scalars(select(Mail).order_by(Mail.created_at)).all()  # type: ignore[arg-type]
    assert [mail.recipient for mail in mails] == ["shop@example.jp"] * 2
    assert all("Please tell us your free hours" in mail.subject for mail in mails)
    path = re.search(r"/c/\S+", mails[0].text)
    assert path is not None
    with time_machine.travel(f"{tuesday.isoformat()}T12:00:00+09:00", tick=False):
        assert client.get(path.group()).status_code == 200


def test_who_does_not_want_the_mail_gets_none(database: Database, settings: Settings, firm_id: str) -> None:
    with database.writing() as session:
        service.set_wishes(
            session, firm_id, Wishes(clock.today().weekday(), "shop@example.jp", "", "ja", by_hours=False, groups=())
        )
        set_optout(session, "shop@example.jp", "capacity-reminder", wanted=False)
    _weekly(database, settings, clock.today())
    with database.reading() as session:
        assert session.scalars(select(Mail)).all() == []
