"""POST /requests, GET and POST /requests/{token}, its contact, and the coordinator's comparison."""

import re
from dataclasses import replace

from fastapi.testclient import TestClient
from sqlmodel import col, select

from backend.accounts import rules
from backend.accounts.models import LoginFailure, User
from backend.core import clock
from backend.core.db import Database
from backend.core.mail import Mail
from backend.firms.drafts import TechniqueDraft
from backend.firms.rules import Audience
from backend.introductions.models import Case, Offer
from backend.introductions.states import Channel
from backend.requests.models import PartRequest
from tests.integration.matches import firms

CONTACT = {"contact_name": "豆田", "contact_organisation": "合同会社ソラマメ", "contact_email": "mame@example.jp"}


def _send(browser: TestClient, text: str = firms.ASKED) -> str:
    sent = browser.post("/requests", data={"text": text})
    assert sent.status_code == 303
    address: str = sent.headers["location"]
    return address


def test_becomes_a_page_of_its_own(client: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    address = _send(client)
    assert re.fullmatch(r"/requests/[\w-]{43}", address)
    page = client.get(address).text
    assert "ご相談" in page
    assert "有限会社とんぼ板金" in page
    assert "つぎに起きること" in page


def test_sending_ends_the_draft(client: TestClient) -> None:
    client.post("/", data={"text": firms.ASKED})
    _send(client)
    assert "溶接した箱" not in client.get("/").text


def test_the_address_is_the_key(client: TestClient, outsider: TestClient) -> None:
    address = _send(client)
    assert outsider.get(address).status_code == 200
    assert outsider.get(address[:-1]).status_code == 404
    assert client.post("/requests/unknown", data={"text": "箱"}).status_code == 404
    assert client.get("/requests/unknown/candidates").status_code == 303


def test_a_correction_is_kept(client: TestClient) -> None:
    address = _send(client)
    assert (
        client.post(address, data={"text": firms.ASKED, "w-material": "A5052", "v-material": "SUS304"}).status_code
        == 303
    )
    page = client.get(address).text
    assert '<span class="val">SUS304</span>' in page
    assert 'name="c-material" form="want-form" value="SUS304"' in page


def test_a_refused_text_changes_nothing_and_is_shown_again(client: TestClient) -> None:
    address = _send(client)
    refused = client.post(address, data={"text": "長" * 10_001})
    assert refused.status_code == 422
    assert "長" * 10_001 in refused.text
    assert "長長" not in client.get(address).text


def test_a_correction_nobody_understands_is_not_kept(client: TestClient) -> None:
    address = _send(client)
    assert client.post(address, data={"text": firms.ASKED, "v-due": "そのうち", "w-due": ""}).status_code == 422
    assert "そのうち" not in client.get(address).text


def test_a_contact_reaches_the_coordinator(client: TestClient, coordinator: TestClient) -> None:
    address = _send(client)
    assert client.post(f"{address}/contact", data=CONTACT).status_code == 303
    assert "mame@example.jp" in client.get(address).text
    assert "合同会社ソラマメ 豆田" in coordinator.get("/requests").text


def test_whoever_closes_the_tab_has_the_address_in_the_post(client: TestClient, database: Database) -> None:
    address = _send(client)
    for _again in range(2):
        client.post(f"{address}/contact", data=CONTACT)
    client.post(f"{address}/contact", data=CONTACT | {"contact_email": "other@example.jp"})
    english = _send(client, "Ten aluminium boxes, black.")
    client.post(f"{english}/contact", data=CONTACT)
    with database.reading() as session:
        mails = session.exec(select(Mail).order_by(col(Mail.created_at))).all()
    assert [(mail.recipient, mail.lang, mail.event) for mail in mails] == [
        ("mame@example.jp", "ja", "request-receipt"),
        ("other@example.jp", "ja", "request-receipt"),
        ("mame@example.jp", "en", "request-receipt"),
    ]
    for mail, page in zip(mails, (address, address, english), strict=True):
        assert page in mail.text
        assert page in mail.html
        # Anybody may type the address of somebody else: what they typed does not go there.
        assert "豆田" not in mail.text + mail.html + mail.subject


def test_nobody_fills_the_mailbox_of_somebody_else(client: TestClient, database: Database) -> None:
    """Anybody may type any address: it gets a few receipts a day, and what was typed is kept."""
    for number in range(7):
        address = _send(client)
        contact = CONTACT | {"contact_name": f"豆田{number}"}
        assert client.post(f"{address}/contact", data=contact).status_code == 303
        assert f"豆田{number}" in client.get(address).text
    with database.reading() as session:
        assert len(session.exec(select(Mail)).all()) == 5


def test_from_one_place_on_the_network_only_so_many_receipts_go_out(
    client: TestClient, startup: TestClient, database: Database
) -> None:
    with database.writing() as session:
        for number in range(rules.PER_ADDRESS - 1):
            session.add(LoginFailure(email=f"link:{number}@example.jp", address="testclient", at=clock.now()))
    for number in range(3):
        address = _send(client)
        contact = CONTACT | {"contact_email": f"victim{number}@example.jp"}
        assert client.post(f"{address}/contact", data=contact).status_code == 303
        assert f"victim{number}@example.jp" in client.get(address).text
    address = _send(startup)
    startup.post(f"{address}/contact", data=CONTACT)
    with database.reading() as session:
        written = {mail.recipient for mail in session.exec(select(Mail))}
    assert {"victim0@example.jp", CONTACT["contact_email"]} <= written
    assert not written & {"victim1@example.jp", "victim2@example.jp"}


def test_who_is_signed_in_can_be_called_back_at_once(
    startup: TestClient, coordinator: TestClient, database: Database
) -> None:
    address = _send(startup)
    assert "連絡先をまだいただいていません" not in startup.get(address).text
    with database.reading() as session:
        request = session.exec(select(PartRequest)).one()
        owner = session.get(User, request.owner_id)
        case = session.exec(select(Case)).one()
        mail = session.exec(select(Mail)).one()
    assert owner is not None
    assert (request.contact_name, request.contact_email) == (owner.name, owner.email)
    assert (mail.event, mail.recipient) == ("request-receipt", owner.email)
    page = coordinator.get(f"/cases/{case.id}").text
    assert owner.email in page
    assert "まだ書かれていません。" not in page


def test_what_a_coordinator_writes_down_is_the_callers(coordinator: TestClient, database: Database) -> None:
    address = _send(coordinator)
    told = {"contact_name": "豆田", "contact_phone": "03-0000-2468"}
    assert coordinator.post(f"{address}/contact", data=told).status_code == 303
    page = coordinator.get(address).text
    case = re.search(r'href="(/cases/\d+)">案件を開く', page)
    assert case
    page = coordinator.get(case[1]).text
    assert 'href="tel:0300002468"' in page
    with database.reading() as session:
        request = session.exec(select(PartRequest)).one()
        assert (request.owner_id, request.contact_email) == (None, "")
        kept = session.exec(select(Case)).one()
        assert (kept.channel, kept.owner_id is None) == (Channel.PHONE, False)


def test_a_wrong_contact_is_told_field_by_field(client: TestClient) -> None:
    address = _send(client)
    page = client.post(f"{address}/contact", data=CONTACT | {"contact_email": "mame", "contact_name": ""})
    assert page.status_code == 422
    assert "お名前を80字までで書いてください。" in page.text
    assert 'value="mame"' in page.text
    assert client.post("/requests/unknown/contact", data=CONTACT).status_code == 404


def test_the_coordinator_compares(client: TestClient, coordinator: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    address = _send(client)
    page = coordinator.get(f"{address}/candidates").text
    assert "電話で聞くこと" in page
    assert "幹事できる" in page
    one = coordinator.get(f"{address}/candidates?step=welding")
    assert one.status_code == 200


def test_whom_the_coordinator_ticked_is_ticked_where_firms_are_asked(
    client: TestClient, coordinator: TestClient, database: Database
) -> None:
    firms.enter(database, firms.BENDING)
    away = replace(firms.BENDING, name="株式会社べつの仕事", techniques=(TechniqueDraft("ダイカスト"),), own_words="")
    other, address = firms.enter(database, away), _send(client)
    with database.reading() as session:
        case = session.exec(select(Case)).one()
    page = coordinator.get(f"{address}/candidates").text
    # Nobody can be asked before it is decided whether the job is split.
    assert 'name="firms"' not in page
    assert f'href="/cases/{case.id}#legs"' in page
    sent = coordinator.post(f"/cases/{case.id}/legs", data={"kind": "route", "seen": str(case.version)})
    assert sent.status_code == 303
    whole = coordinator.get(f"{address}/candidates?step=").text
    assert len(re.findall(r'formaction="/cases/\d+/legs/\w+/candidates"', whole)) > 1
    page = coordinator.get(f"{address}/candidates?step=welding").text
    [there] = re.findall(r'formaction="([^"]+)"', page)
    ticks = re.findall(r'name="firms" value="(\w+)"', page)
    assert ticks
    chosen = coordinator.get(there, params={"firms": [ticks[0], other.id, "nobody", "\0"]}).text
    for id_ in (ticks[0], other.id):
        # Whoever does something else stands there too: the coordinator has a reason.
        assert f'value="{id_}" checked' in chosen
    assert "株式会社べつの仕事" in chosen
    assert '" checked' not in coordinator.get(there).text
    # A refusal loses none of them.
    refused = coordinator.post(there, data={"firms": [other.id], "summary": ""})
    assert refused.status_code == 422
    assert f'value="{other.id}" checked' in refused.text
    asked = coordinator.post(there, data={"firms": [ticks[0]], "summary": "工程: 溶接"})
    assert asked.status_code == 303
    with database.reading() as session:
        assert [offer.firm_id for offer in session.exec(select(Offer))] == [ticks[0]]


def test_who_has_a_drawing_is_led_to_where_it_is_sent(client: TestClient) -> None:
    answered = {"text": firms.ASKED, "answer": "drawing:model"}
    assert "相談を送ったあとのページから渡せます" in client.post("/", data=answered).text
    address = _send(client)
    way = f'href="{address}/progress#files"'
    assert way not in client.get(address).text
    client.post(address, data=answered | {"answer": "drawing:nothing"})
    assert way not in client.get(address).text
    client.post(address, data=answered)
    assert way in client.get(address).text
    assert 'id="files"' in client.get(f"{address}/progress").text


def test_founder_and_coordinator_count_alike_and_the_numbers_add_up(
    client: TestClient, coordinator: TestClient, database: Database
) -> None:
    firms.enter(database, firms.BENDING)
    for number in range(30):
        firms.enter(database, replace(firms.BENDING, name=f"まげ{number}号", techniques=(TechniqueDraft("曲げ加工"),)))
    address = _send(client)
    page = re.sub(r"<[^>]+>|\s+", "", client.get(address).text)
    counted = re.search(
        r"対応できそうな工場(\d+)社.*1社で全部できる(\d+)社・一部の工程ができる(\d+)社上から(\d+)社", page
    )
    folded = re.search(r"ほかの(\d+)社を見る", page)
    assert counted
    assert folded
    fitting, whole, parts, shown = map(int, counted.groups())
    assert fitting == whole + parts
    assert shown == 9 + int(folded[1]) < fitting
    compared = re.sub(r"<[^>]+>|\s+", "", coordinator.get(f"{address}/candidates").text)
    assert f"全部まとめて{whole}" in compared


def test_only_staff_compares(client: TestClient, startup: TestClient, shop: TestClient) -> None:
    address = _send(client)
    assert client.get(f"{address}/candidates").headers["location"].startswith("/sign-in?next=")
    assert startup.get(f"{address}/candidates").status_code == 404
    assert shop.get("/requests").status_code == 404
    assert client.get("/requests").headers["location"].startswith("/sign-in?next=")


def test_an_empty_register_says_what_to_do(client: TestClient, coordinator: TestClient) -> None:
    address = _send(client)
    assert "1社で全部できる工場はまだ見つかりません" in client.get(address).text
    assert "工場を取り込む" in coordinator.get(f"{address}/candidates").text


def test_strangers_see_no_reason_that_rests_on_what_is_not_public(
    client: TestClient, coordinator: TestClient, database: Database
) -> None:
    hidden = {"materials": Audience.COORDINATOR.value, "capacity": Audience.COORDINATOR.value}
    firms.enter(database, replace(firms.BENDING, audiences=hidden))
    address = _send(client, firms.ASKED + "再来月末まで。")
    stranger, staff = client.get(address).text, coordinator.get(address).text
    assert "とんぼ板金" in stranger
    assert "A5052）" not in stranger
    assert "に空き" not in stranger
    assert "幹事できる" not in stranger
    assert "に空き" in staff
    assert "幹事できる" in staff


def test_strangers_do_not_see_unlisted_firms(client: TestClient, coordinator: TestClient, database: Database) -> None:
    firms.enter(database, replace(firms.BENDING, listed=False))
    address = _send(client)
    assert "とんぼ板金" not in client.get(address).text
    assert "とんぼ板金" in coordinator.get(address).text


def test_sending_twice_makes_two_requests(client: TestClient) -> None:
    assert _send(client) != _send(client)


def test_the_whole_job_counts_only_who_does_every_operation(
    client: TestClient, coordinator: TestClient, database: Database
) -> None:
    bending = TechniqueDraft("曲げ加工")
    part = replace(firms.BENDING, name="有限会社まげ専門", techniques=(bending,), own_words="")
    firms.enter(database, part)
    firms.enter(database, replace(part, name="有限会社なんでも", techniques=(bending, TechniqueDraft("研削加工"))))
    page = coordinator.get(f"{_send(client, 'A5052の板を曲げて研削する。10個。')}/candidates").text
    assert re.findall(r"全部まとめて\s*(\d+)社", page)[0] == "1"
    assert "この工場だけでは全部の工程ができません" in page
