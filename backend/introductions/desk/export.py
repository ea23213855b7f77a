"""Cases as CSV and as a workbook. Nothing that somebody typed becomes a formula."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO

import xlsxwriter

from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.tables import CSV, XLSX, csv_file
from backend.introductions import reasons, tables
from backend.introductions.cases import view as case_view
from backend.introductions.desk.list_queries import Row

WIDE, NARROW = 40, 16


def table(rows: Sequence[Row]) -> list[list[str]]:
    """A head and one line for each case."""
    head = [_("番号"), _("案件の名前"), _("状態"), _("担当"), _("いまの期限"), _("受け持つ区"), _("会社や団体")]
    head += [
        _("依頼者"),
        _("どこから"),
        _("受け方"),
        _("相談を受けた日"),
        _("終わった日"),
        _("終わった理由"),
        _("ひとこと"),
    ]
    return [head, *map(_line, rows)]


def _line(row: Row) -> list[str]:
    case, request, owner = row
    return [
        request.number,
        case.title,
        _(tables.STATES[case.state].label),
        owner,
        _day(case.due_at),
        request.ward or "",
        request.contact_organisation,
        _(case_view.KINDS[case.client_kind]),
        _(case_view.CLIENT_PLACES[case.client_place]),
        _(case_view.CHANNELS[case.channel]),
        _day(case.created_at),
        _day(case.closed_at),
        _(reasons.LOST_REASONS[case.reason]) if case.reason in reasons.LOST_REASONS else "",
        case.words,
    ]


def _day(at: datetime | None) -> str:
    return f"{clock.in_tokyo(at):%Y-%m-%d}" if at else ""


def _csv(rows: Sequence[Row]) -> tuple[str, bytes]:
    return CSV, csv_file(table(rows))


def _xlsx(rows: Sequence[Row]) -> tuple[str, bytes]:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("案件"))
    bold = book.add_format({"bold": True})
    for place, line in enumerate(table(rows)):
        for column, cell in enumerate(line):
            sheet.write_string(place, column, cell, bold if place == 0 else None)
    sheet.set_column(0, len(table([])[0]) - 1, NARROW)
    sheet.set_column(1, 1, WIDE)
    sheet.freeze_panes(1, 0)
    book.close()
    return XLSX, out.getvalue()


KINDS: Mapping[str, Callable[[Sequence[Row]], tuple[str, bytes]]] = {"csv": _csv, "xlsx": _xlsx}
