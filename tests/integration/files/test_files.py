"""The files of a case over their addresses: sent, shown, marked, written down, taken back, removed."""

import io
import itertools
import re
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from fastapi.testclient import TestClient
from httpx2 import Response
from pypdf import PdfReader
from sqlmodel import select

from backend.core import audit, clock
from backend.core.db import Database
from backend.core.jobs import Errand
from backend.core.settings import Settings
from backend.files import jobs, queries, rules, service, storage
from backend.files.intake import Staged
from backend.files.kinds import FORMS, Kind
from backend.files.models import Audience, Document, DocumentVersion, HowSeen
from backend.files.rules import CLIENT, DESK, Actor
from backend.worker import Worker
from tests.integration.files.conftest import COMPANY, LEG, OTHER, Enter
from tests.unit.files import samples
from tests.unit.files.samples import GOOD, pdf, picture

SUBJECT = "case:12"
NAME = "図面 A-100.pdf"
AS_DESK = Actor("窓口", frozenset({DESK}), user_id="u")


def send(
    browser: TestClient, *files: tuple[str, bytes], audience: Audience = Audience.CONSENTED, **more: str
) -> Response:
    parts = [("files", (name, io.BytesIO(data), "text/html")) for name, data in files]
    return browser.post("/papers/12/files", files=parts, data={"audience": audience.value, **more})


def newest(database: Database) -> DocumentVersion:
    with database.reading() as session:
        versions = session.scalars(select(DocumentVersion)).all()
    return max(versions, key=lambda version: (version.uploaded_at, version.number))


def seen(database: Database) -> list[tuple[str, HowSeen, bool, int]]:
    with database.reading() as session:
        rows = queries.views_of(session, [version.document_id for version in session.scalars(select(DocumentVersion))])
    return [(view.who, view.how, view.stamped, version.number) for view, version in reversed(rows)]


def kept(settings: Settings) -> list[Path]:
    """Every file under the folder of files but its lock."""
    return [path for path in (settings.data_dir / "files").rglob("*") if path.is_file() and path.name != "lock"]


def words_in(answer: Response) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_from_hand_to_hand(desk: TestClient, firm: TestClient, database: Database) -> None:
    """A drawing is sent, stays hidden, is shown to one firm with its name on it, and the log says so."""
    sent = send(desk, (NAME, pdf()), note="寸法を直した")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/papers/12#files")
    version = newest(database)
    assert (version.filename, version.number, version.note) == (NAME, 1, "寸法を直した")
    address, document = f"/papers/12/files/{version.id}", f"/papers/12/documents/{version.document_id}"
    assert firm.get(address).status_code == 404
    for _again in range(2):
        assert desk.post(f"{document}/show", data={"to": LEG}).status_code == 303
    answer = firm.get(address)
    assert f"{COMPANY}  {clock.today().isoformat()}  相談 12" in words_in(answer)
    assert desk.get(f"{address}/view").content == pdf()
    assert seen(database) == [(LEG, HowSeen.DOWNLOAD, True, 1), (DESK, HowSeen.PAGE, False, 1)]
    with database.reading() as session:
        rows = service.views(session, session.get_one(Document, version.document_id))
    assert {(row.user_id, row.link_id) for row, _version in rows} == {("u", None), (None, "l")}
    page = unescape(desk.get("/papers/12").text)
    assert re.search(rf"見せている相手.*{COMPANY}.*見た人\(2\).*受け取る会社の名前入り", page, re.DOTALL)
    assert desk.post(f"{document}/withdraw", data={"to": LEG}).status_code == 303
    assert firm.get(address).status_code == 404
    assert firm.get(f"{address}/view").status_code == 404
    with database.reading() as session:
        told = [event.action for event in session.exec(select(audit.AuditEvent).order_by("seq"))]
        assert audit.first_broken(session) is None
    assert told == ["file added", "file shown", "file withdrawn"]


def test_how_a_file_travels(desk: TestClient, firm: TestClient, database: Database) -> None:
    for name, data in (("図面 \"'é.png", picture("PNG")), ("部品.stp", samples.STEP), (NAME, pdf())):
        send(desk, (name, data))
        version = newest(database)
        answer = desk.get(f"/papers/12/files/{version.id}")
        headers = answer.headers
        assert answer.content == data
        assert headers["Content-Disposition"].startswith('attachment; filename="')
        assert headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote(version.filename, safe='')}")
        assert headers["Content-Disposition"].isascii()
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Content-Security-Policy"].endswith("sandbox")
        assert int(headers["Content-Length"]) == len(data)
        view = desk.get(f"/papers/12/files/{version.id}/view").headers
        assert view["Content-Disposition"].startswith("attachment" if name.endswith("stp") else "inline")
        assert "script-src" not in view["Content-Security-Policy"]
        assert ("sandbox" in view["Content-Security-Policy"]) is not name.endswith("pdf")


ENDINGS = [form.endings[0] for form in FORMS.values()]
ONE_OF_EACH = {name: GOOD[name] for name in GOOD if name.rpartition(".")[2] in ENDINGS and "2" not in name}


def test_every_kind_goes_to_a_firm(desk: TestClient, firm: TestClient, database: Database) -> None:
    """What can be marked is a PDF with the name on every page; the rest goes as it is, and the log tells them apart."""
    assert send(desk, *ONE_OF_EACH.items()).status_code == 303
    with database.writing() as session:
        for document in session.scalars(select(Document)):
            service.disclose(session, AS_DESK, SUBJECT, document.id, LEG)
        versions = session.scalars(select(DocumentVersion)).all()
    for version in versions:
        answer = firm.get(f"/papers/12/files/{version.id}")
        if answer.headers["Content-Type"] == "application/pdf":
            assert COMPANY in words_in(answer)
            assert '.pdf"' in answer.headers["Content-Disposition"]
        else:
            assert answer.content == ONE_OF_EACH[version.filename]
    assert len(versions) == len(FORMS)
    marked = {version.filename for version in versions if version.kind in {"pdf", "png", "jpeg", "webp"}}
    assert sum(stamped for _who, _how, stamped, _number in seen(database)) == len(marked)


def test_versions(desk: TestClient, firm: TestClient, database: Database) -> None:
    send(desk, (NAME, pdf()))
    document = newest(database).document_id
    base = f"/papers/12/documents/{document}"
    desk.post(f"{base}/show", data={"to": LEG})
    changed = desk.post(f"{base}/versions", files={"file": ("new.pdf", pdf("PART B"))}, data={"note": "穴を足した"})
    assert changed.status_code == 303
    assert newest(database).number == 2
    answer = firm.get(f"/papers/12/files/{newest(database).id}")
    assert "PART B" in words_in(answer)
    assert 'filename="new_v2.pdf"' in answer.headers["Content-Disposition"]
    assert "前の版(1)" in unescape(firm.get("/papers/12").text)
    for wrong in ({}, {"file": ("", b"")}, {"file": ("a.svg", b"<svg/>")}):
        page = desk.post(f"{base}/versions", files=wrong or None, data={"note": "残す言葉"})
        assert page.status_code == 422
        assert f'aria-describedby="version-{document}-error' in page.text
        assert 'value="残す言葉"' in page.text
    assert firm.post(f"{base}/versions", files={"file": ("x.pdf", pdf())}).status_code == 409


def test_what_is_refused_is_named_and_the_words_stay(desk: TestClient, database: Database, settings: Settings) -> None:
    page = send(desk, (NAME, pdf()), ("絵.svg", b"<svg/>"), ("切れ.pdf", pdf()[:-40]), note="大事な <b>説明</b>")
    shown = unescape(page.text)
    assert page.status_code == 422
    assert "3件のうち2件が受け取れない" in shown
    assert "絵.svg: SVGは" in shown
    assert "PDFかPNG" in shown
    assert "切れ.pdf: 途中で切れています" in shown
    assert "大事な <b>説明</b>" in shown
    assert 'aria-invalid="true"' in page.text
    with database.reading() as session:
        assert session.scalars(select(Document)).all() == []
    assert send(desk).status_code == 422
    assert send(desk, *[(f"{n}.pdf", pdf()) for n in range(21)]).status_code == 422
    too_large = settings.max_file_mb * 1024 * 1024 + 1
    page = send(desk, ("big.pdf", b"%PDF-1.7\n".ljust(too_large)))
    assert page.status_code == 422
    assert "big.pdf: 大きすぎます(50MBまで)" in unescape(page.text)
    large = {"Content-Length": str(settings.max_upload_mb * 1024 * 1024 + 1)}
    assert desk.post("/papers/12/files", headers=large).status_code == 413
    assert list((settings.data_dir / "files/incoming").iterdir()) == []


def test_names_lead_nowhere(desk: TestClient, settings: Settings, database: Database) -> None:
    for name in ("../../../x.txt", "/etc/x.txt", "..\\x.txt", "a%2f..%2fx.txt", "x\u202etxt.exe.txt", "CON.txt"):
        assert send(desk, (name, samples.TEXT)).status_code == 303
        assert not set("/\\\u202e") & set(newest(database).filename)
    assert len(kept(settings)) == 1
    assert re.fullmatch(r"[0-9a-f]{64}", kept(settings)[0].name)
    for wrong in ("../../nakamawa.db", "..%2f..%2fnakamawa.db", "x" * 40, "%00", "0" * 32):
        assert desk.get(f"/papers/12/files/{wrong}").status_code in {404, 422}


KEYS = [DESK, CLIENT, LEG, OTHER]


def test_the_where_clause_says_what_the_rule_says(database: Database) -> None:
    """Every owner, audience and showing against every set of keys; and nothing of another case."""
    with database.writing() as session:
        for owner, audience, to in itertools.product([DESK, CLIENT, LEG], Audience, [None, LEG, OTHER]):
            document = Document(
                subject=SUBJECT, title=f"{owner} {audience} {to}", audience=Audience.CONSENTED, owner_key=owner,
                created_by_name="x", created_at=clock.now(),
            )  # fmt: skip
            session.add(document)
            session.flush()
            if to:
                service.disclose(session, AS_DESK, SUBJECT, document.id, to)
                service.disclose(session, AS_DESK, SUBJECT, document.id, "leg:9")
                service.withdraw(session, AS_DESK, SUBJECT, document.id, "leg:9")
            service.change_audience(session, AS_DESK, SUBJECT, document.id, audience)
    with database.reading() as session:
        every = session.scalars(select(Document)).all()
        for count in range(3):
            for keys in itertools.combinations([*KEYS, "leg:9"], count):
                given = {document.id for document in service.documents(session, SUBJECT, keys)}
                for document in every:
                    _owner, _audience, to = document.title.split(" ")
                    expected = rules.may_see(document.audience, document.owner_key, [to], keys)
                    assert (document.id in given) is expected, (document.title, keys)
                assert service.documents(session, "case:1", keys) == []


def test_who_may_do_what(desk: TestClient, enter: Enter, database: Database) -> None:
    client, firm, stranger = enter(CLIENT), enter(LEG), enter()
    send(client, (NAME, pdf()), audience=Audience.CLIENT)
    version = newest(database)
    base = f"/papers/12/documents/{version.document_id}"
    actions = [
        ("show", {"to": LEG}),
        ("withdraw", {"to": LEG}),
        ("audience", {"audience": "client"}),
        ("remove", {"sure": "1"}),
    ]
    for action, data in actions:
        assert stranger.post(f"{base}/{action}", data=data).status_code == 404
        assert firm.post(f"{base}/{action}", data=data).status_code == 404
        assert desk.post(base.replace("12", "13") + f"/{action}", data=data).status_code == 404
    assert send(stranger, (NAME, pdf())).status_code == 404
    assert stranger.get(f"/papers/12/files/{version.id}").status_code == 404
    assert client.post(f"{base}/show", data={"to": LEG}).status_code == 409
    assert client.post(f"{base}/show", data={"to": "leg:99"}).status_code == 404
    assert client.post(f"{base}/audience", data={"audience": "consented"}).status_code == 303
    assert client.post(f"{base}/show", data={"to": LEG}).status_code == 303
    assert firm.post(f"{base}/remove", data={"sure": "1"}).status_code == 409
    assert client.post(f"{base}/audience", data={"audience": "nobody"}).status_code == 422
    with database.writing() as session:
        service.withdraw_all(session, AS_DESK, SUBJECT, LEG)
    assert firm.get(f"/papers/12/files/{version.id}").status_code == 404
    assert client.post(f"{base}/remove").status_code == 422
    assert client.post(f"{base}/remove", data={"sure": "1"}).status_code == 303
    assert client.get(f"/papers/12/files/{version.id}").status_code == 404


def test_the_same_content_at_once(database: Database, settings: Settings) -> None:
    """Eight people send one drawing: eight documents, one file."""
    failures: list[BaseException] = []

    class Chosen:
        filename = "部品.step"

        def __init__(self) -> None:
            self.file = io.BytesIO(samples.STEP)

    def bring() -> None:
        try:
            service.stage(settings, [Chosen()])
        except BaseException as failure:  # noqa: BLE001 - shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(kept(settings)) == 1
    assert kept(settings)[0].read_bytes() == samples.STEP


def test_content_goes_when_nobody_names_it(desk: TestClient, database: Database, settings: Settings) -> None:
    send(desk, ("a.stp", samples.STEP), ("b.stp", samples.STEP), ("c.dxf", samples.DXF))
    with database.reading() as session:
        ids = [document.id for document in session.scalars(select(Document).order_by("title"))]
    worker = Worker(database, settings)
    left = storage.store_of(settings.data_dir).waiting()
    left.write_bytes(b"half a drawing of a program that was killed")

    def sweep_after(document: str, *, hours: int) -> int:
        desk.post(f"/papers/12/documents/{document}/remove", data={"sure": "1"})
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            worker.run_once()
        return len(kept(settings))

    assert sweep_after(ids[0], hours=0) == 3, "what came a moment ago may be in somebody's hands"
    assert left.exists()
    assert sweep_after(ids[1], hours=2) == 1
    assert not left.exists()
    assert sweep_after(ids[2], hours=26) == 0
    assert desk.get("/papers/12").status_code == 200


def test_a_sweep_asks_once_for_all_contents(
    desk: TestClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(desk, ("a.stp", samples.STEP), ("c.dxf", samples.DXF))
    monkeypatch.delattr(queries, "is_named")
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        jobs.sweep(Errand(database, settings, {}, "files.sweep"))
    assert len(kept(settings)) == 2


def test_what_cannot_be_marked_is_not_handed_out(
    desk: TestClient, firm: TestClient, database: Database, settings: Settings
) -> None:
    """Rather nothing than a drawing without the name; and no view is written down."""
    send(desk, ("部品.step", samples.STEP))
    there = newest(database)
    false = Staged("図面.pdf", Kind.PDF, there.size, there.sha256)
    with database.writing() as session:
        document = service.add(session, AS_DESK, SUBJECT, false, owner_key=LEG)
    with database.reading() as session:
        (version,) = queries.versions_of(session, [document.id])
    answer = firm.get(f"/papers/12/files/{version.id}")
    assert answer.status_code == 409
    assert "受け取る会社の名前" in answer.text
    assert seen(database) == []
    assert list((settings.data_dir / "files/incoming").iterdir()) == []


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fails(database: Database, settings: Settings, desk: TestClient) -> None:
    """Trouble of the disk is one sentence, and nothing half received stays."""
    send(desk, (NAME, pdf()))
    with no_room():
        page = send(desk, (NAME, pdf("NEW")))
    assert page.status_code == 503
    assert "場所がいっぱい" in page.text
    assert len(kept(settings)) == 1
    kept(settings)[0].unlink()
    assert desk.get(f"/papers/12/files/{newest(database).id}").status_code == 503
    store = storage.store_of(settings.data_dir)
    damaged = store.path(newest(database).sha256)
    damaged.write_bytes(b"short")
    send(desk, (NAME, pdf()))
    assert damaged.read_bytes() == pdf()


def test_the_page_in_both_languages(desk: TestClient) -> None:
    for lang, nothing, save in (
        ("ja", "まだファイルはありません", "保存する"),
        ("en", "There are no files yet", "Save"),
    ):
        assert nothing in desk.get(f"/papers/1?lang={lang}").text
        send(desk, ("部品.stp", samples.STEP))
        assert save in desk.get(f"/papers/12?lang={lang}").text
