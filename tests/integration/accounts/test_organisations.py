"""GET and POST /organisations, one organisation, its people, its wards, invitations into it."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from backend.accounts import memberships, queries
from backend.accounts.models import Invitation, Organisation, OrganisationKind, Role, Standing, User
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.mail import Mail
from tests import factories

INVITED = {"standing": "member", "email": "new@example.jp", "name": "新田", "lang": "ja"}


def _make(database: Database, kind: OrganisationKind = OrganisationKind.WORKSHOP, name: str = "別の工場") -> str:
    with database.writing() as session:
        return memberships.add(session, kind, name).id


def _own(database: Database, role: Role) -> tuple[str, str]:
    """The person of this role and the organisation they were placed in."""
    with database.reading() as session:
        user = session.exec(select(User).where(User.role == role)).first()
        assert user is not None
        return user.id, queries.organisations_of(session, user.id)[0].id


def _actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.seq))))


def test_staff_add_an_organisation(coordinator: TestClient, database: Database) -> None:
    made = coordinator.post("/organisations", data={"kind": "startup", "name": "ソラマメ配膳"})
    assert made.status_code == 303
    page = coordinator.get(made.headers["Location"])
    assert "ソラマメ配膳" in page.text
    assert "まだだれもいません" in page.text
    assert "organisation created" in _actions(database)


def test_only_an_admin_adds_a_body_of_coordinators(
    coordinator: TestClient, admin: TestClient, database: Database
) -> None:
    body = {"kind": "coordinators", "name": "大田区ものづくり", "wards": "大田区、品川区 大田区"}
    assert coordinator.post("/organisations", data=body).status_code == 404
    made = admin.post("/organisations", data=body)
    page = admin.get(made.headers["Location"])
    assert "品川区・大田区" in page.text or "大田区・品川区" in page.text
    admin.post(f"{made.headers['Location']}/wards", data={"wards": ""})
    assert "すべての区" in admin.get(made.headers["Location"]).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "castle"}, "種類を選んでください。"),
        ({"name": " "}, "名前を120文字までで入力してください。"),
        ({"name": "長" * 121}, "名前を120文字までで入力してください。"),
        ({"wards": "区" * 21}, "「大田区、品川区」のように"),
    ],
)
def test_says_what_to_mend(admin: TestClient, database_kind: str, change: dict[str, str], sentence: str) -> None:
    page = admin.post("/organisations", data={"kind": "startup", "name": "ためし", "wards": ""} | change)
    assert page.status_code == 422
    assert sentence in page.text


def test_found_by_name_and_kind(coordinator: TestClient, database: Database) -> None:
    _make(database, name="とんぼ板金")
    _make(database, OrganisationKind.FACILITY, "都の試験所")
    page = coordinator.get("/organisations?q=とんぼ").text
    assert "とんぼ板金" in page
    assert "都の試験所" not in page
    assert "都の試験所" in coordinator.get("/organisations?kind=facility").text
    assert "当てはまる団体がありません" in coordinator.get("/organisations?q=どこにもない").text


def test_people_see_their_own_only(startup: TestClient, database: Database) -> None:
    other = _make(database)
    _user, own = _own(database, Role.STARTUP)
    assert startup.get(f"/organisations/{own}").status_code == 200
    assert startup.get(f"/organisations/{other}").status_code == 404
    assert "別の工場" not in startup.get("/organisations").text
    assert startup.post("/organisations", data={"kind": "startup", "name": "x"}).status_code == 404
    assert startup.post(f"/organisations/{other}/invitations", data=INVITED).status_code == 404


def test_an_invitation_goes_out_by_mail(coordinator: TestClient, database: Database) -> None:
    place = _make(database)
    assert coordinator.post(f"/organisations/{place}/invitations", data=INVITED).status_code == 303
    page = coordinator.get(f"/organisations/{place}").text
    assert "new@example.jp" in page
    assert "返事待ち" in page
    with database.reading() as session:
        mail = session.exec(select(Mail)).one()
    assert mail.recipient == "new@example.jp"
    assert "別の工場" in mail.subject


def test_a_colleague_is_invited_by_the_organisation_itself(startup: TestClient, database: Database) -> None:
    _user, own = _own(database, Role.STARTUP)
    assert startup.post(f"/organisations/{own}/invitations", data=INVITED).status_code == 303


def test_a_member_invites_nobody(database: Database, shop: TestClient, startup: TestClient) -> None:
    user_id, _own_place = _own(database, Role.STARTUP)
    place = _make(database)
    with database.writing() as session:
        user, organisation = session.get(User, user_id), session.get(Organisation, place)
        assert user is not None
        assert organisation is not None
        memberships.join(session, user, organisation, Standing.MEMBER, actor_id=None)
    page = startup.get(f"/organisations/{place}")
    assert "招待する" not in page.text
    assert startup.post(f"/organisations/{place}/invitations", data=INVITED).status_code == 404


def test_nobody_lifts_another_above_themselves(coordinator: TestClient, database: Database) -> None:
    """A coordinator belongs to a body, but may not invite into it."""
    _user, desk = _own(database, Role.COORDINATOR)
    for standing in ("coordinator", "supervisor", "admin"):
        sent = coordinator.post(f"/organisations/{desk}/invitations", data=INVITED | {"standing": standing})
        assert sent.status_code == 404


def test_a_standing_that_does_not_exist_there(coordinator: TestClient, database: Database) -> None:
    place = _make(database)
    sent = coordinator.post(f"/organisations/{place}/invitations", data=INVITED | {"standing": "supervisor"})
    assert sent.status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "no at sign"}, "メールアドレスの形になっていません。"),
        ({"name": "長" * 101}, "名前を100文字までで入力してください。"),
        ({"standing": "king"}, "役割を選んでください。"),
    ],
)
def test_a_wrong_invitation_keeps_what_was_typed(
    coordinator: TestClient, database: Database, change: dict[str, str], sentence: str
) -> None:
    page = coordinator.post(f"/organisations/{_make(database)}/invitations", data=INVITED | change)
    assert page.status_code == 422
    assert sentence in page.text
    assert (change.get("email") or "new@example.jp") in page.text


def test_an_invitation_is_taken_back(coordinator: TestClient, client: TestClient, database: Database) -> None:
    place = _make(database)
    coordinator.post(f"/organisations/{place}/invitations", data=INVITED)
    with database.reading() as session:
        made = session.exec(select(Invitation)).one()
    address = f"/organisations/{place}/invitations/{made.id}/revoke"
    assert coordinator.post(address).status_code == 303
    assert coordinator.post(address).status_code == 303
    assert "取り消し" in coordinator.get(f"/organisations/{place}").text
    assert _actions(database).count("invitation revoked") == 1


def test_a_removed_coordinator_has_the_rights_of_nobody(
    admin: TestClient, coordinator: TestClient, database: Database
) -> None:
    user_id, desk = _own(database, Role.COORDINATOR)
    assert coordinator.get("/requests").status_code == 200
    assert admin.post(f"/organisations/{desk}/members/{user_id}/remove").status_code == 303
    assert coordinator.get("/requests").status_code == 404
    assert "left" in _actions(database)


def test_nobody_removes_themselves(startup: TestClient, database: Database) -> None:
    user_id, own = _own(database, Role.STARTUP)
    assert startup.post(f"/organisations/{own}/members/{user_id}/remove").status_code == 409
    assert startup.post(f"/organisations/{own}/members/nobody/remove").status_code == 404


def test_a_new_user_is_placed_where_they_belong(admin: TestClient, shop: TestClient, database: Database) -> None:
    with database.reading() as session:
        person = session.exec(select(User).where(User.role == Role.WORKSHOP)).one()
        [place] = queries.organisations_of(session, person.id)
    assert (place.kind, place.firm_id) == (OrganisationKind.WORKSHOP, factories.FIRM_ID)
    assert place.name in shop.get("/account").text
