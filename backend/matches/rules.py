"""What a candidate may show to whom. Pure: a stranger never reads a reason that rests on a field not made public."""

from collections.abc import Iterable, Mapping

from matching.types import Aspect, Check, Verdict

# The fields of a firm that a check may have been drawn from. One hidden field among them hides the check.
RESTS_ON: Mapping[Aspect, frozenset[str]] = {
    Aspect.PROCESS: frozenset({"techniques", "equipment", "own_words"}),
    Aspect.MATERIAL: frozenset({"materials", "techniques", "own_words"}),
    Aspect.SIZE: frozenset({"equipment", "techniques", "own_words"}),
    Aspect.TOLERANCE: frozenset({"tolerance_mm", "techniques", "own_words"}),
    Aspect.QUANTITY: frozenset({"lot", "own_words"}),
    Aspect.DUE: frozenset({"capacity"}),
    Aspect.CERTIFICATION: frozenset({"certificates", "own_words"}),
    Aspect.EXCLUSION: frozenset({"techniques", "equipment", "own_words"}),
    Aspect.PUBLIC_FACILITY: frozenset({"public_facility"}),
}
_WORST_FIRST = (Verdict.NO, Verdict.UNKNOWN, Verdict.OK)


def may_show(check: Check, hidden: frozenset[str]) -> bool:
    """Whether a check rests only on fields this person may read."""
    return not RESTS_ON[check.aspect] & hidden


def shown_checks(checks: Iterable[Check], hidden: frozenset[str]) -> tuple[Check, ...]:
    return tuple(check for check in checks if may_show(check, hidden))


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """The worst of the verdicts; unknown where nothing can be said."""
    found = {check.verdict for check in checks}
    return next((verdict for verdict in _WORST_FIRST if verdict in found), Verdict.UNKNOWN)
