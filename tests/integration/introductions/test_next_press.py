"""On the page of a case one press of a section stands out: the one that comes next."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.states import CaseState, Party
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import cases
from tests.cases import Made
from tests.integration.introductions.desk import browser

WORDS = re.compile(r'class="btn btn-main"[^>]*>([^<]*)')


@pytest.fixture
def made(database: Database) -> Made:
    return cases.open_case(database, steps=2)


@pytest.fixture
def desk(app: FastAPI, database: Database, settings: Settings, made: Made) -> TestClient:
    return browser(app, database, settings, made.people.coordinator)


def _standing_out(desk: TestClient, made: Made) -> dict[str, list[str]]:
    """What stands out in each section of the page, and above the first of them."""
    top, *sections = desk.get(f"/cases/{made.case_id}").text.split("<section")
    found = {"": WORDS.findall(top)}
    for section in sections:
        name = re.search(r'id="(\w+)"', section)
        if name:
            found[name.group(1)] = WORDS.findall(section.split("</section>")[0])
    return found


@pytest.mark.parametrize(
    ("state", "top", "legs"),
    [
        (CaseState.RECEIVED, "内容を確かめる", []),
        (CaseState.SHORTLISTING, "候補を選んで打診する", ["候補を選んで打診する"]),
        (CaseState.ASKING, "返事を待つ・電話で聞く", []),
        (CaseState.ANSWERED, "依頼者の承諾をもらう", ["依頼者が承諾した"]),
        (CaseState.AGREED, "紹介する", []),
        (CaseState.INTRODUCED, "見積の様子を聞く", []),
        (CaseState.NEGOTIATING, "結果を聞く", ["成約"]),
        # Each operation unfolds on its own.
        (CaseState.ORDERED, "着手を確かめる", ["発注した", "発注した"]),
        (CaseState.MAKING, "納品を確かめる", ["次へ渡した", "次へ渡した"]),
        (CaseState.DELIVERED, "評価をもらって完了する", []),
    ],
)
def test_one_press_stands_out(
    database: Database, desk: TestClient, made: Made, state: CaseState, top: str, legs: list[str]
) -> None:
    cases.bring_to(database, made, state)
    found = _standing_out(desk, made)
    assert (found.pop(""), found.pop("legs")) == ([top], legs)
    assert all(len(presses) <= 1 for presses in found.values())


def test_between_several_firms_none_stands_out_and_before_a_change_only_that(
    database: Database, desk: TestClient, made: Made
) -> None:
    cases.bring_to(database, made, CaseState.ANSWERED)
    with database.reading() as session:
        [silent] = [
            one
            for one in queries.offers_to(session, made.case_id, made.firm_ids[1])
            if one.leg_id == cases.legs_of(session, made)[0].id
        ]
    with database.writing() as session:
        offers.answer(session, made.by(Party.FIRM, shop=1), silent.id, Reply("raise_hand"))
    assert _standing_out(desk, made)["legs"] == []
    with database.writing() as session:
        offers.act(session, made.by(Party.CLIENT), silent.id, "agree_to")
    # That operation has its firm; the next one has one firm in question.
    assert _standing_out(desk, made)["legs"] == ["依頼者が承諾した"]
    with database.writing() as session:
        requests.change(session, made.token, Wording(cases.TEXT.replace("12個", "30個")))
    found = _standing_out(desk, made)
    assert (found[""], found["change"], found["legs"]) == ([], ["打診した会社へ知らせる"], [])


@pytest.mark.parametrize(("text", "legs"), [("相談したいことがあります。", ["1社にまとめて頼む"]), (cases.TEXT, [])])
def test_where_only_one_firm_is_possible_the_way_to_it_stands_out(
    database: Database, desk: TestClient, made: Made, text: str, legs: list[str]
) -> None:
    with database.writing() as session:
        requests.change(session, made.token, Wording(text))
        for leg in cases.legs_of(session, made):
            session.delete(leg)
    cases.bring_to(database, made, CaseState.SHORTLISTING)
    assert _standing_out(desk, made)["legs"] == legs
