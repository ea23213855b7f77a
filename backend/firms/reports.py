"""Files that go out: the list of faults and the template of a table."""

import io

import xlsxwriter

from backend.core import tables
from backend.core.i18n import gettext as _
from backend.firms.columns import COLUMNS
from backend.firms.faults import Fault, remedy, shown, what


def faults_csv(faults: list[Fault]) -> bytes:
    """The list of faults as CSV."""
    head = [_("行"), _("列"), _("種類"), _("書いてあること"), _("何が"), _("直し方")]
    return tables.csv_file([head, *map(_cells, faults)])


def _cells(fault: Fault) -> list[str]:
    kind = _("注意") if fault.is_warning else _("直すところ")
    return [str(fault.row), fault.column, kind, shown(fault.value), what(fault), remedy(fault)]


def template_csv() -> bytes:
    """An empty table with one example row, as CSV."""
    return tables.csv_file([[column.name for column in COLUMNS], [column.example for column in COLUMNS]])


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
