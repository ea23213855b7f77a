"""How teams are spoken of, in the language of the screen."""

from collections.abc import Iterable
from datetime import date

from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.core.templating import short_date
from backend.matches import words
from backend.teams.what_if import OrderKind
from matching.composition.objectives import Objective
from matching.routing.route import RouteStep


def step_name(step: RouteStep) -> str:
    return words.process_names((step.process_id, *step.also))


def step_names(steps: Iterable[RouteStep]) -> str:
    return (", " if language() == "en" else "・").join(dict.fromkeys(step_name(step) for step in steps))


def listed(items: Iterable[str]) -> str:
    return (", " if language() == "en" else "、").join(items)


def span(first: date, last: date) -> str:
    """12/8–10, 12/28–1/5 or 1/7; in English 8–10 Dec, 28 Dec – 5 Jan or 7 Jan."""
    if first == last:
        return short_date(first)
    within = first.month == last.month
    if language() == "ja":
        return f"{short_date(first)}–{last.day if within else short_date(last)}"
    return f"{first.day}–{short_date(last)}" if within else f"{short_date(first)} – {short_date(last)}"


def hours(value: float) -> str:
    return _("%(hours)sh", hours=words.number(round(value, 1)))


def objective_title(objective: Objective) -> str:
    return {
        Objective.BALANCED: _("全体によい案"),
        Objective.NEAREST: _("いちばん近い"),
        Objective.EARLIEST: _("いちばん早い"),
        Objective.FEWEST: _("社数が少ない"),
        Objective.TRUSTED: _("組んだことのある仲間"),
    }[objective]


def objective_blurb(objective: Objective) -> str:
    return {
        Objective.BALANCED: _("仕事への合い方、近さ、日程、社数のつりあい"),
        Objective.NEAREST: _("部品を運ぶ道のりが短い"),
        Objective.EARLIEST: _("仕上がりが早い"),
        Objective.FEWEST: _("受け渡しが少ない。一社が休むと響きやすい"),
        Objective.TRUSTED: _("前に受け渡しをした会社どうしが多い"),
    }[objective]


def order_title(kind: OrderKind) -> str:
    return {
        OrderKind.STAR: _("幹事からまとめて注文"),
        OrderKind.CHAIN: _("となりの工程へ順に注文"),
        OrderKind.JOINT: _("共同受注の会社から注文"),
    }[kind]


def order_blurb(kind: OrderKind) -> str:
    return {
        OrderKind.STAR: _(
            "依頼者は幹事に1本で注文し、幹事がほかの会社へ注文します。納品・品質・納期は幹事が責任を持ちます。"
        ),
        OrderKind.CHAIN: _(
            "依頼者は幹事に注文し、そこから先は、となりの工程の会社が順に注文します。直すときの話は早く、幹事の目は届きにくくなります。"
        ),
        OrderKind.JOINT: _(
            "共同受注の会社(合同会社など)が契約して各社に分けます。責任の持ち方は、その会社の決まりで決まります。"
        ),
    }[kind]
