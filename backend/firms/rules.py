"""Who may see what of a firm, and which answers a field knows. Pure: no database, no request, no clock."""

from collections.abc import Mapping
from enum import StrEnum

from backend.core.i18n import mark


class Audience(StrEnum):
    """Who may read a field."""

    PUBLIC = "public"
    COORDINATOR = "coordinator"
    AFTER_CONSENT = "after_consent"


class Answer(StrEnum):
    """A question a firm may not have been asked yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class AgeBand(StrEnum):
    """The representative's age, no finer than a plan for succession needs."""

    UNDER_40 = "under_40"
    FORTIES = "40s"
    FIFTIES = "50s"
    SIXTIES = "60s"
    SEVENTIES = "70s"
    OVER_80 = "over_80"


class Succession(StrEnum):
    """Whether somebody will carry the firm on."""

    DECIDED = "decided"
    LOOKING = "looking"
    NOT_NEEDED = "not_needed"
    CLOSING = "closing"


class Viewer(StrEnum):
    """As whom a person looks at one firm."""

    STRANGER = "stranger"
    OWN_FIRM = "own_firm"
    STAFF = "staff"


# A listed firm always shows these, or there would be nothing to list.
ALWAYS_PUBLIC = frozenset({"name", "ward"})
# Sensitive for the person behind the firm: no choice of the firm opens them to anybody else.
ALWAYS_COORDINATOR = frozenset({"representative_age_band", "succession_state"})
# What the desk knows and sets: what finds a firm again in a table, its place on the map, and what is about its head.
DESK_FIELDS = ("code", "corporate_number", "ward", "lat", "lng", *sorted(ALWAYS_COORDINATOR))

DEFAULT_AUDIENCES: Mapping[str, Audience] = {
    "kana": Audience.PUBLIC,
    "corporate_number": Audience.COORDINATOR,
    "address": Audience.AFTER_CONSENT,
    "position": Audience.PUBLIC,
    "employees": Audience.PUBLIC,
    "capital_yen": Audience.COORDINATOR,
    "phone": Audience.AFTER_CONSENT,
    "website": Audience.PUBLIC,
    "own_words": Audience.PUBLIC,
    "equipment": Audience.PUBLIC,
    "techniques": Audience.PUBLIC,
    "materials": Audience.PUBLIC,
    "lot": Audience.PUBLIC,
    "tolerance_mm": Audience.PUBLIC,
    "certificates": Audience.PUBLIC,
    "can_lead": Audience.COORDINATOR,
    "public_facility": Audience.PUBLIC,
    "capacity": Audience.PUBLIC,
}

FIELD_NAMES: Mapping[str, str] = {
    "kana": mark("ふりがな"),
    "corporate_number": mark("法人番号"),
    "address": mark("住所(番地まで)"),
    "position": mark("地図の位置(町の中心)"),
    "employees": mark("従業員数"),
    "capital_yen": mark("資本金"),
    "phone": mark("電話"),
    "website": mark("ホームページ"),
    "own_words": mark("自社の紹介"),
    "equipment": mark("設備"),
    "techniques": mark("できる加工"),
    "materials": mark("材質"),
    "lot": mark("数量の範囲"),
    "tolerance_mm": mark("公差"),
    "certificates": mark("認証"),
    "can_lead": mark("幹事ができるか"),
    "public_facility": mark("公設の施設か"),
    "capacity": mark("空き(目安の印)"),
}

AUDIENCE_NAMES: Mapping[Audience, str] = {
    Audience.PUBLIC: mark("だれでも見られる"),
    Audience.COORDINATOR: mark("コーディネーターだけ"),
    Audience.AFTER_CONSENT: mark("双方が承諾したあと"),
}

ANSWER_NAMES: Mapping[Answer, str] = {
    Answer.YES: mark("はい"),
    Answer.NO: mark("いいえ"),
    Answer.UNKNOWN: mark("まだ聞いていない"),
}

AGE_NAMES: Mapping[AgeBand, str] = {
    AgeBand.UNDER_40: mark("40歳未満"),
    AgeBand.FORTIES: mark("40代"),
    AgeBand.FIFTIES: mark("50代"),
    AgeBand.SIXTIES: mark("60代"),
    AgeBand.SEVENTIES: mark("70代"),
    AgeBand.OVER_80: mark("80歳以上"),
}

SUCCESSION_NAMES: Mapping[Succession, str] = {
    Succession.DECIDED: mark("後継ぎが決まっている"),
    Succession.LOOKING: mark("後継ぎを探している"),
    Succession.NOT_NEEDED: mark("まだ考えなくてよい"),
    Succession.CLOSING: mark("たたむつもり"),
}


def audience_of(audiences: Mapping[str, str], field: str) -> Audience:
    """The audience the firm chose for a field, or the default; the locked fields have no choice."""
    if field in ALWAYS_PUBLIC:
        return Audience.PUBLIC
    if field in ALWAYS_COORDINATOR:
        return Audience.COORDINATOR
    chosen = audiences.get(field)
    return Audience(chosen) if chosen in set(Audience) else DEFAULT_AUDIENCES[field]


def may_see(audiences: Mapping[str, str], field: str, viewer: Viewer) -> bool:
    """Whether this viewer may read this field. Staff read all; a firm reads its own, save what is about its head."""
    if viewer is Viewer.STAFF:
        return True
    if viewer is Viewer.OWN_FIRM:
        return field not in ALWAYS_COORDINATOR
    return audience_of(audiences, field) is Audience.PUBLIC


def hidden_fields(audiences: Mapping[str, str], viewer: Viewer) -> frozenset[str]:
    """The fields this viewer may not read."""
    names = set(DEFAULT_AUDIENCES) | ALWAYS_COORDINATOR
    return frozenset(name for name in names if not may_see(audiences, name, viewer))


def clean_audiences(chosen: Mapping[str, str]) -> dict[str, str]:
    """Only fields that have a choice, only known audiences, and only what differs from the default."""
    known = set(Audience)
    return {
        field: value
        for field, value in sorted(chosen.items())
        if field in DEFAULT_AUDIENCES and value in known and value != DEFAULT_AUDIENCES[field]
    }


# Hours free in a week, as the marks people tap: ◎ from 20 h, ○ from 10 h, △ some, × none.
PLENTY_HOURS = 20.0
FREE_HOURS = 10.0


def capacity_mark(hours: float) -> str:
    """The mark for a week: plenty, free, little or none."""
    if hours >= PLENTY_HOURS:
        return "plenty"
    if hours >= FREE_HOURS:
        return "free"
    return "little" if hours > 0 else "none"
