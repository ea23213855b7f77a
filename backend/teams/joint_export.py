"""The joint plan as a workbook: cases, steps, hours by week. Texts are written as texts, never as formulas or links."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from backend.core.i18n import gettext as _
from backend.matches import words
from backend.teams.joint_result import ResultKept
from backend.teams.joint_view import standing, view

Rows = Sequence[Sequence[str | float]]


def workbook(result: ResultKept) -> bytes:
    """Four sheets: what came out, the cases, their steps, the hours by process and week."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "border": 1})
        for title, rows in _sheets(result):
            page = book.add_worksheet(title)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    write = page.write_number if isinstance(value, float) else page.write_string
                    write(y, x, value, bold if y == 0 else None)
            page.set_column(0, 7, 18)
            page.freeze_panes(1, 0)
    return out.getvalue()


def _sheets(result: ResultKept) -> list[tuple[str, Rows]]:
    return [
        (_("まとめ"), _summary(result)),
        (_("案件"), _cases(result)),
        (_("工程"), _steps(result)),
        (_("週ごとの時間"), _loads(result)),
    ]


def _summary(result: ResultKept) -> Rows:
    shown = view(result)
    said = [shown.headline, shown.proof, *shown.narrow, *shown.others]
    return [[_("まとめ")], *([sentence] for sentence in said if sentence)]


def _cases(result: ResultKept) -> Rows:
    rows: list[list[str | float]] = [[_("番号"), _("結果"), _("納期"), _("仕上がり"), _("幹事"), _("相談")]]
    for case in result.cases:
        lead = next((step.firm for step in case.steps if step.firm_id == case.lead_firm_id), "")
        due = case.due.isoformat() if case.due else ""
        finish = case.finish.isoformat() if case.finish else ""
        rows.append([case.number, standing(case), due, finish, lead, case.text])
    return rows


def _steps(result: ResultKept) -> Rows:
    rows: list[list[str | float]] = [[_("番号"), _("工程"), _("会社"), _("始まり"), _("終わり"), _("時間")]]
    for case in result.cases:
        for step in case.steps:
            names = words.process_names(step.processes)
            rows.append([case.number, names, step.firm, f"{step.start}", f"{step.finish}", float(step.hours)])
    return rows


def _loads(result: ResultKept) -> Rows:
    rows: list[list[str | float]] = [
        [_("工程の種類"), _("週"), _("空き"), _("この工程に使う"), _("ほかの工程に使う"), _("不足")]
    ]
    for load in result.loads:
        hours = [round(h, 1) for h in (load.free, load.used, load.other, load.missing)]
        rows.append([words.process_name(load.process), f"{load.week}", *map(float, hours)])
    return rows
