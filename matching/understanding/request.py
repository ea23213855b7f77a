"""Read a request in free text, Japanese or English, into a `Need`."""

from datetime import date

from matching.types import Need
from matching.understanding.certificates import read_certifications
from matching.understanding.dates import find_dates, read_due
from matching.understanding.materials import read_material
from matching.understanding.operations import read_operations
from matching.understanding.quantities import read_quantity
from matching.understanding.sizes import read_size
from matching.understanding.source import Source, fold
from matching.understanding.tolerances import find_tolerances, read_tolerance, signed


def read(text: str, today: date, lang: str | None = None) -> Need:
    """What `text` asks for, each reading with the exact words it came from.

    Lengths are millimetres; relative dates count from `today`. Fields on which the text is silent stay `None`.
    Never raises, whatever the text; time is linear in its length. `lang` overrides the language found in the text.
    """
    source = fold(text)
    dates, figures = find_dates(source, today), find_tolerances(source)
    taken = [(d.start, d.end) for d in dates] + [(f.start, f.end) for f in signed(source, figures)]
    size = read_size(source, taken)
    size_places = [(source.place(s.start), source.place(s.end)) for s in size.spans] if size else []
    material = read_material(source, size_places[0][0] if size_places else None)
    wanted, refused = read_operations(source, size.value if size else (), material.value if material else "")
    return Need(
        text=text,
        today=today,
        lang=lang or language(source),
        material=material,
        size_mm=size,
        tolerance_mm=read_tolerance(source, figures, size),
        quantity=read_quantity(source, taken, size_places),
        due=read_due(source, today, dates),
        certifications=read_certifications(source),
        processes=wanted,
        refused=refused,
    )


def language(source: Source) -> str:
    """ "ja" as soon as one character in twenty is kana or kanji, else "en"; an empty text is Japanese."""
    japanese = sum("ぁ" <= c <= "ヿ" or "一" <= c <= "鿿" for c in source.text)
    letters = sum("a" <= c <= "z" for c in source.text)
    return "en" if letters and japanese * 20 < letters else "ja"
