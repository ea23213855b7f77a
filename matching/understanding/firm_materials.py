"""The materials an owner names, families as wide as 「金属」 included: an exclusion is often that wide."""

from functools import cache

from matching.vocabulary.lexicon import Lexicon
from matching.vocabulary.materials import MaterialHit, find_materials, materials
from matching.vocabulary.normalise import normalise


@cache
def _headings() -> Lexicon[str]:
    wide = [m for m in materials().values() if m.heading]
    return Lexicon((word, m.id) for m in wide for word in (m.ja, m.en, *m.names, *m.spellings))


def named_materials(text: str) -> tuple[MaterialHit, ...]:
    """Grades, families and headings in the order of the text; a heading inside a longer word is not meant."""
    narrow = find_materials(text)
    folded = normalise(text)
    wide = [MaterialHit(f.value, folded.span(f.start, f.end), f.value) for f in _headings().search(folded)]
    free = [w for w in wide if not any(_overlap(w, n) for n in narrow)]
    return tuple(sorted([*narrow, *free], key=lambda hit: hit.span.start))


def _overlap(one: MaterialHit, two: MaterialHit) -> bool:
    return one.span.start < two.span.end and two.span.start < one.span.end
