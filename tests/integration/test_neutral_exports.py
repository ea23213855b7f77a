"""What goes out to a spreadsheet holds texts only: nothing that somebody typed becomes a formula."""

import csv
import io
import re
import zipfile
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from tests.integration.firms.test_import import upload
from tests.integration.teams.planning import planned
from tests.integration.teams.team_firms import FIRMS, TEXT, ask, enter

SIGNS = ("=", "+", "-", "@")


def _cells_are_texts(data: bytes, expected: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert sheets
    assert not any(re.search(r"<f[ >]|<hyperlink", sheet) for sheet in sheets)
    assert expected in texts


@pytest.mark.parametrize("sign", SIGNS)
def test_workbooks(coordinator: TestClient, database: Database, sign: str) -> None:
    for firm in FIRMS:
        enter(database, replace(firm, name=f"{sign}1 {firm.name}"), 40.0)
    token = ask(database, f"{sign}1+1 {TEXT}")
    _cells_are_texts(coordinator.get(f"/requests/{token}/chain/team.xlsx").content, f"{sign}1 ")
    _cells_are_texts(coordinator.get(f"{planned(coordinator, token)}/plan.xlsx").content, f"{sign}1+1 ")


@pytest.mark.parametrize("sign", [*SIGNS, "\t=", "＝"])
def test_the_report_of_faults(coordinator: TestClient, sign: str) -> None:
    where = upload(coordinator, f"会社名,従業員数\n有限会社ためし,{sign}cmd\n".encode(), "a.csv")
    rows = list(csv.reader(io.StringIO(coordinator.get(f"{where}/faults.csv").content.decode("utf-8-sig"))))
    assert any("cmd" in cell for row in rows for cell in row)
    assert not any(cell.lstrip().startswith((*SIGNS, "＝")) for row in rows for cell in row)
