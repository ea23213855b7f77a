"""A firm as the search reads it: several short passages for nearness in meaning, one text for its words."""

import hashlib
import re

from matching.types import Equipment, FirmProfile

_SENTENCE_ENDS = re.compile(r"(?<=[。！？!?\n])")
# A sentence shorter than this says nothing by itself (「50年。」) and is read with the one before it.
SHORTEST_SENTENCE = 8


def passages(firm: FirmProfile) -> tuple[str, ...]:
    """Distinct phrases of `firm`: its sentences, operations and machines; its name when it says nothing."""
    phrases = [*sentences(firm.text), *firm.processes, *(machine_line(e) for e in firm.equipment)]
    kept = tuple(dict.fromkeys(phrase.strip() for phrase in phrases if phrase.strip()))
    return kept or (firm.name.strip() or firm.id,)


def lexical_text(firm: FirmProfile) -> str:
    """All that `firm` says, one fact a line, for keyword search."""
    lines = [firm.name, firm.ward, firm.text, *firm.processes, *firm.materials, *firm.certifications]
    return "\n".join([*lines, *(machine_line(machine) for machine in firm.equipment)])


def digest(firm: FirmProfile) -> str:
    """Changes when, and only when, the search would read `firm` in another way."""
    read = "\x1f".join((*passages(firm), lexical_text(firm)))
    return hashlib.blake2b(read.encode(errors="replace"), digest_size=16).hexdigest()


def sentences(text: str) -> list[str]:
    """Sentences of `text`, the very short ones joined to the one before."""
    parts: list[str] = []
    for part in filter(None, (piece.strip() for piece in _SENTENCE_ENDS.split(text))):
        if parts and len(part) < SHORTEST_SENTENCE:
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def machine_line(machine: Equipment) -> str:
    return " ".join(part for part in (machine.kind, machine.maker, machine.model) if part)
