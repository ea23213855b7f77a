"""What goes out to a spreadsheet holds texts only: nothing that somebody typed becomes a formula.

The exports are found among the routes by what they answer, so that a new one is part of this without a word here.
"""

import csv
import io
import re
import unicodedata
import zipfile
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from backend.core.db import Database
from backend.core.settings import Settings
from tests import hostile
from tests.integration.crowd import Crowd, crowd, hidden_firm, ids, place
from tests.integration.firms.test_import import upload
from tests.integration.routes import address, every_route
from tests.integration.teams.team_firms import FIRMS, TEXT, ask, enter

__all__ = ["crowd", "hidden_firm", "ids", "place"]

SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "\u3000＠")
FORMULA = "cmd|' /C calc'!A0"
TEAM = "/requests/{token}/chain/team.xlsx"
KNOWN = {
    "/admin/audit.csv",
    "/cases/cases.{kind}",
    "/firms/import/template.csv",
    "/firms/import/template.xlsx",
    "/firms/import/{import_id}/faults.csv",
    "/joint-plan/{run_id}/plan.xlsx",
    "/reports/report.{kind}",
    TEAM,
}


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def _is_formula(cell: str) -> bool:
    folded = unicodedata.normalize("NFKC", cell).lstrip()
    return cell.startswith(("\t", "\r")) or folded.startswith(("=", "+", "-", "@"))


def _formulas(answer: Response) -> list[str]:
    """The cells that a spreadsheet would work out."""
    if answer.content[:2] != b"PK":
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        return [cell for row in rows for cell in row if _is_formula(cell)]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        names = book.namelist()
        sheets = [book.read(name).decode() for name in names if name.startswith("xl/worksheets/")]
        beside = [name for name in names if re.search(r"external|connections|vba|\.bin|_rels/sheet", name)]
    assert sheets
    return beside + [found for sheet in sheets for found in re.findall(r"<f[ >].*?</f>|<hyperlink[^>]*>", sheet)]


def _exports(app: FastAPI, crowd: Crowd) -> dict[str, str]:
    """Every address that answers with a spreadsheet, and its pattern."""
    found = {}
    for method, pattern in every_route(app):
        for where in {address(pattern, ids_here) for ids_here in crowd.ids} if method == "GET" else ():
            if re.search(r"csv|spreadsheet|excel", crowd.browsers["admin"].get(where).headers.get("content-type", "")):
                found[where] = pattern
    return found


def test_no_export_holds_a_formula(app: FastAPI, crowd: Crowd, database: Database, settings: Settings) -> None:
    holding, exports = set(), _exports(app, crowd)
    assert set(exports.values()) >= KNOWN
    for sign in SIGNS:
        hostile.poison(database, (f"{sign}{FORMULA}",))
        hostile.poison_plans(settings.data_dir, f"{sign}{FORMULA}")
        for where, pattern in exports.items():
            answer = crowd.browsers["admin"].get(where)
            # Without a process that anybody knows there is no team; its table has a test of its own.
            assert answer.status_code == 200 or pattern == TEAM, where
            assert pattern == TEAM or _formulas(answer) == [], (sign, where)
            holding |= {pattern} if answer.status_code == 200 and "calc" in _words(answer) else set()
    assert len(holding) >= 4, holding


def _words(answer: Response) -> str:
    if answer.content[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return book.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("sign", SIGNS[:4])
def test_a_team(coordinator: TestClient, database: Database, sign: str) -> None:
    for firm in FIRMS:
        enter(database, replace(firm, name=f"{sign}1 {firm.name}"), 40.0)
    answer = coordinator.get(f"/requests/{ask(database, f'{sign}1+1 {TEXT}')}/chain/team.xlsx")
    assert f"{sign}1 " in _words(answer)
    assert _formulas(answer) == []


@pytest.mark.parametrize("sign", [*SIGNS[:4], "\t=", "＝"])
def test_the_report_of_faults(coordinator: TestClient, sign: str) -> None:
    where = upload(coordinator, f"会社名,従業員数\n有限会社ためし,{sign}cmd\n".encode(), "a.csv")
    answer = coordinator.get(f"{where}/faults.csv")
    assert "cmd" in answer.text
    assert _formulas(answer) == []
