"""What a firm is shown when it is asked: lines of label and words that name nobody."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.core import phones
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.matches.words import in_language

MOST_LINES, LONGEST_LABEL, LONGEST_LINE = 20, 20, 300
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
PHONE = re.compile(r"(?<!\d)0\d{1,4}[-(). ]?\d{1,4}[-). ]?\d{3,4}(?!\d)")
# Said of many firms, so that they name none.
FORMS = re.compile(
    r"株式会社|有限会社|合同会社|一般社団法人|公益財団法人|\(株\)|\(有\)|"
    r"(?<![a-z])(?:co\.?,? ?ltd|inc|llc)(?![a-z])\.?",
    re.IGNORECASE,
)
SHORTEST_NAME, SHORTEST_PHONE = 2, 9
SHORT_LATIN = re.compile(r"[A-Za-z0-9]{1,4}")


@dataclass(frozen=True)
class Secrets:
    """What would tell who asks: names of people and organisations, addresses for mail."""

    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


def written(lines: Iterable[tuple[str, str]]) -> str:
    """The lines as they stand in the field in which they are edited."""
    return "\n".join(f"{label}: {' '.join(words.split())}" for label, words in lines if words)


def labelled(lines: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """The lines as they are shown: labels, days and terms in the language of the reader, other words as written."""
    return [(_(label), in_language(said)) for label, said in lines]


def read(text: str) -> tuple[tuple[str, str], ...]:
    """The lines of the field. A line without a label goes on from the one before."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        label, colon, words = _parted(line)
        if not line.strip():
            continue
        if colon and label and len(label) <= LONGEST_LABEL:
            found.append((label, words))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}".strip())
        else:
            found.append((_("内容"), line.strip()))
    return tuple((label, words[:LONGEST_LINE]) for label, words in found[:MOST_LINES] if words)


def _parted(line: str) -> tuple[str, str, str]:
    """At the first colon, narrow or wide."""
    place = min((at for at in (line.find(":"), line.find("\N{FULLWIDTH COLON}")) if at >= 0), default=-1)
    return ("", "", line) if place < 0 else (line[:place].strip(), ":", line[place + 1 :].strip())


def check(lines: Sequence[tuple[str, str]], secrets: Secrets) -> None:
    """Refuse a summary that is empty, or that tells who asks."""
    if not lines:
        message = _("工場に見せる内容を書いてください。")
        raise Invalid(message, {"summary": message})
    telling = tells(" ".join(f"{label} {words}" for label, words in lines), secrets)
    if telling:
        message = _(
            "工場に見せる内容に、だれの相談かわかる言葉があります:%(words)s。消してから送ってください。",
            words="、".join(telling),
        )
        raise Invalid(message, {"summary": message})


def unnamed(stretches: Sequence[str], secrets: Secrets) -> str:
    """Of what a client wrote the stretches that name nobody, as one line. A company that is named may be the client."""
    plain = [s for s in stretches if not tells(s, secrets) and not FORMS.search(unicodedata.normalize("NFKC", s))]
    line = " ".join("".join(plain).split()).strip("、，,・")
    if tells(line, secrets):
        return ""
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def tells(text: str, secrets: Secrets) -> tuple[str, ...]:
    """The words of a text by which the client would be known: names, mail addresses, telephone numbers."""
    folded = _folded(text)
    plain = unicodedata.normalize("NFKC", text)
    found = [name for name in _names(secrets.names) if _is_told(name, folded, plain)]
    found += [mail for mail in secrets.mails if mail and _folded(mail) in folded]
    found += [mail for mail in MAIL.findall(plain) if mail not in found]
    found += [
        number for number in PHONE.findall(phones.plain(text)) if sum(c.isdigit() for c in number) >= SHORTEST_PHONE
    ]
    return tuple(dict.fromkeys(found))


def _names(names: Iterable[str]) -> Iterable[str]:
    """Each name as a whole, without what many firms are called, and each of its parts."""
    for name in names:
        bare = FORMS.sub(" ", unicodedata.normalize("NFKC", name)).strip()
        # A number alone is a size or a count: of 「Studio 303」 only the whole is a name.
        parts = [part for part in bare.split() if not part.isdigit()]
        yield from (part for part in dict.fromkeys((bare, *parts)) if len(part) >= SHORTEST_NAME)


def _is_told(name: str, folded: str, plain: str) -> bool:
    """However it is spaced. A short Latin name only as a word of its own: "Al" stands in "aluminium"."""
    if not SHORT_LATIN.fullmatch(name):
        return _folded(name) in folded
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", plain, re.IGNORECASE) is not None


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
