"""The ward's report: on the page, on paper, as a workbook and as CSV."""

import csv
from io import BytesIO, StringIO
from typing import Annotated

import xlsxwriter
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.core import clock
from backend.core.db import ReadSession
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.core.tables import XLSX, neutral
from backend.core.templating import render
from backend.dashboards import period, report_queries, report_view
from backend.dashboards.period import Period
from backend.dashboards.report import Report, report

router = APIRouter()
Text = Annotated[str, Query(max_length=40)]


@router.get("/reports")
def show_report(
    request: Request,
    session: ReadSession,
    staff: Staff,
    period_name: Annotated[str, Query(alias="period", max_length=20)] = "month",
    first: Text = "",
    last: Text = "",
    ward: Text = "",
) -> Response:
    """The figures of a time and a ward. A time that cannot be keeps what was typed and shows this month."""
    wrong: dict[str, str] = {}
    try:
        chosen = period.chosen(period_name, first, last, clock.today())
    except Invalid as refusal:
        wrong, chosen = refusal.fields, period.month_of(clock.today())
    counted = _report(session, staff, chosen, ward)
    return render(
        request,
        "dashboards/report.html",
        status=422 if wrong else 200,
        report=counted,
        view=report_view,
        ward_choices=[("", _("すべて")), *((name, name) for name in report_queries.wards(session, staff))],
        wrong=wrong,
        chosen={"period": "" if first or last else period_name, "first": first, "last": last, "ward": ward},
    )


@router.get("/reports/report.{kind}")
def take_report(
    session: ReadSession,
    staff: Staff,
    kind: str,
    period_name: Annotated[str, Query(alias="period", max_length=20)] = "month",
    first: Text = "",
    last: Text = "",
    ward: Text = "",
) -> Response:
    """The same figures for a spreadsheet."""
    if kind not in WRITERS:
        raise NotFound
    chosen = period.chosen(period_name, first, last, clock.today())
    write, media = WRITERS[kind]
    content = write(_report(session, staff, chosen, ward))
    name = f"report-{chosen.first:%Y%m%d}-{chosen.last:%Y%m%d}.{kind}"
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(session: Session, staff: User, chosen: Period, ward: str) -> Report:
    """For a ward nobody here may read of, the figures are those of no case at all."""
    return report(session, staff, chosen, ward or None)


def _csv(counted: Report) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out)
    for row in report_view.rows(counted):
        writer.writerow([neutral(cell) if isinstance(cell, str) else f"{cell:.0f}" for cell in row])
    # The mark at the beginning tells a spreadsheet that this is UTF-8.
    return ("\ufeff" + out.getvalue()).encode()


def _xlsx(counted: Report) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, number = book.add_format({"bold": True, "border": 1}), book.add_format({"num_format": "#,##0"})
        figures = book.add_worksheet(_("件数"))
        for y, row in enumerate(report_view.rows(counted)):
            for x, cell in enumerate(row):
                if isinstance(cell, str):
                    figures.write_string(y, x, cell, bold if y == 0 else None)
                else:
                    figures.write_number(y, x, cell, number)
        figures.set_column(0, 0, 22)
        figures.set_column(1, 8, 14)
        figures.freeze_panes(1, 1)
        single = book.add_worksheet(_("そのほか"))
        pairs = [*report_view.facts(counted), *((reason, f"{n}") for reason, n in report_view.lost(counted))]
        for y, (label, words) in enumerate(pairs):
            single.write_string(y, 0, label)
            single.write_string(y, 1, words)
        single.set_column(0, 0, 34)
    return out.getvalue()


WRITERS = {"csv": (_csv, "text/csv; charset=utf-8"), "xlsx": (_xlsx, XLSX)}
