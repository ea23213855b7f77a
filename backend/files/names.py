"""The name a file was given is shown to people and never used to find anything. It is cleaned all the same."""

import re
import unicodedata

from backend.files.kinds import FORMS, Kind, kind_of_ending

LONGEST = 120
NAMELESS = "file"
# Invisible characters: controls, joiners, and those that turn the direction of writing ("gpj.exe" read backwards).
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
# Windows opens a device instead of a file under these.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
# What stands inside a name and would start something if a program looked at the wrong ending.
_STARTS = frozenset(
    re.split(
        r"\s+",
        "app bat bin cmd com cpl dll exe hta htm html jar js jse lnk mht mhtml msi php"
        " pif ps1 py reg scr sh shtml svg svgz url vb vbe vbs ws wsf xht xhtml xml",
    )
)


def ending_of(given: str) -> str:
    """The ending of a name as the receiver's machine would see it, in lower case; "" when there is none."""
    _stem, dot, ending = _visible(given).rpartition(".")
    return ending.lower() if dot else ""


def shown_name(given: str, kind: Kind) -> str:
    """A name fit to be shown and to be saved under: no path, nothing invisible, an ending that agrees with the kind."""
    name = _visible(given)
    stem, dot, ending = name.rpartition(".")
    if not dot or kind_of_ending(ending) is not kind:
        stem, ending = name, FORMS[kind].endings[0]
    stem = _calm(stem)[: LONGEST - len(ending) - 1].strip(" ._") or NAMELESS
    if _DEVICES.match(stem):
        stem = f"_{stem}"[: LONGEST - len(ending) - 1]
    return f"{stem}.{ending.lower()}"


def stem_of(name: str) -> str:
    """A name without its ending, for a title."""
    return name.rpartition(".")[0] or name


def _visible(given: str) -> str:
    """The last part of a path, without what nobody sees."""
    # Composed, because a Mac sends ガ as two characters; not compatibility-folded: ㈱ stays as it was written.
    text = unicodedata.normalize("NFC", given)
    last = re.split(r"[/\\]", text)[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(seen.translate(_NOT_IN_NAMES).split()).rstrip(" .")


def _calm(stem: str) -> str:
    """Endings in the middle of a name that start programs lose their dot."""
    first, *rest = stem.split(".")
    return first + "".join(f"_{part}" if part.strip().lower() in _STARTS else f".{part}" for part in rest)
