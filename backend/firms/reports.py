"""Files that go out: the list of faults and the template of a table."""

import csv
import io

import xlsxwriter

from backend.core.i18n import gettext as _
from backend.firms.columns import COLUMNS
from backend.firms.faults import Fault, remedy, shown, what
from backend.firms.wording import width

# A spreadsheet takes a cell that begins with one of these for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula; full-width signs count."""
    return f"'{text}" if width(text).lstrip().startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def faults_csv(faults: list[Fault]) -> bytes:
    """The list of faults as CSV that opens rightly in a Japanese spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("行"), _("列"), _("種類"), _("書いてあること"), _("何が"), _("直し方")])
    for fault in faults:
        kind = _("注意") if fault.is_warning else _("直すところ")
        cells = [str(fault.row), fault.column, kind, shown(fault.value), what(fault), remedy(fault)]
        writer.writerow([neutral(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def template_csv() -> bytes:
    """An empty table with one example row, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerow([neutral(column.example) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """An empty table with one example row, as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("工場台帳"))
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for at, column in enumerate(COLUMNS):
            sheet.set_column(at, at, 36 if len(column.example) > 12 else 14)
            sheet.write_string(0, at, column.name, head)
            sheet.write_string(1, at, column.example, wrapped)
        sheet.freeze_panes(1, 2)
    return out.getvalue()
