"""Corrections and answers are read like the request; the sentence is cut where its words were understood."""

from datetime import date

import pytest

from backend.core.i18n import speaking
from backend.matches import corrections, rules, service
from backend.matches.reading import Piece, view
from backend.requests.forms import Wording
from matching.types import Aspect, Check, Need, Phrase, Reading, Span, Verdict
from matching.understanding.request import read

TODAY = date(2026, 12, 1)
NEED = read("アルミの箱を10個。", TODAY)
FACT = Phrase("事実", "fact")


@pytest.mark.parametrize(
    ("aspect", "said", "field", "value"),
    [
        ("material", "SUS304", "material", "SUS304"),
        ("material", "秘密の合金", "material", "秘密の合金"),
        ("size", "240×160×90", "size_mm", (240, 160, 90)),
        ("size", "24×16×9センチ", "size_mm", (240, 160, 90)),
        ("size", "3cmくらい", "size_mm", (30,)),
        ("size", "about 3 cm", "size_mm", (30,)),
        ("tolerance", "±0.05", "tolerance_mm", 0.05),
        ("tolerance", "0.05くらい", "tolerance_mm", 0.05),
        ("tolerance", "5μm", "tolerance_mm", 0.005),
        ("quantity", "20", "quantity", 20),
        ("quantity", "1,000個", "quantity", 1000),
        ("quantity", "十個くらい", "quantity", 10),
        ("quantity", "2ダース", "quantity", 24),
        ("due", "2027-01-15", "due", date(2027, 1, 15)),
        ("due", "2027年1月15日(金)", "due", date(2027, 1, 15)),
        ("due", "Fri 15 Jan 2027", "due", date(2027, 1, 15)),
        ("due", "来月末", "due", date(2027, 1, 31)),
        ("certification", "JIS Q 9100", "certifications", ("JIS Q 9100",)),
        ("a-quantity", "100", "quantity", 100),
        ("a-grade", "A5052", "material", "A5052"),
        ("a-size", "300", "size_mm", (300, 300, 300)),
        ("a-due", "2026-12-15", "due", date(2026, 12, 15)),
        ("a-tolerance", "0.02", "tolerance_mm", 0.02),
    ],
)
def test_a_correction_is_read(aspect: str, said: str, field: str, value: object) -> None:
    need, wrong = corrections.apply(NEED, {aspect: said})
    assert wrong == frozenset()
    assert getattr(need, field).value == value


@pytest.mark.parametrize(
    ("aspect", "said"),
    [
        ("size", "大きめ"),
        ("size", "0"),
        ("tolerance", "きっちり"),
        ("tolerance", "0"),
        ("quantity", "たくさん"),
        ("quantity", "2.5"),
        ("quantity", "99999999999"),
        ("due", "そのうち"),
        ("process", "いい感じに"),
    ],
)
def test_a_correction_that_says_nothing_changes_nothing(aspect: str, said: str) -> None:
    assert corrections.apply(NEED, {aspect: said}) == (NEED, frozenset({aspect}))


def test_a_blank_correction_lifts_the_condition() -> None:
    need, _wrong = corrections.apply(NEED, {"material": "", "process": ""})
    assert need.material is None
    assert need.processes == ()


def test_processes_are_read_in_their_order() -> None:
    need, _wrong = corrections.apply(NEED, {"process": "曲げ加工、溶接"})
    assert [mention.process_id for mention in need.processes] == ["bending", "welding"]


def test_the_finish_takes_the_place_of_a_guess() -> None:
    need, _wrong = corrections.apply(read("アルミの板を曲げて黒くしたい", TODAY), {"a-finish": "硬質アルマイト"})
    assert "hard_anodising" in [mention.process_id for mention in need.processes]


def test_answers_that_concern_no_part_change_nothing() -> None:
    assert corrections.apply(NEED, {"a-drawing": "sketch", "a-supply": "", "a-due": "none"}) == (NEED, frozenset())


def test_overlapping_words_are_marked_once() -> None:
    text = "アルミの箱10個"
    need = Need(
        text,
        TODAY,
        material=Reading("アルミ", (Span(0, 3, "アルミ"),)),
        quantity=Reading(10, (Span(5, 8, "10個"), Span(6, 8, "0個"))),
    )
    assert view(need, {}).pieces == (Piece("アルミ", 1), Piece("の箱"), Piece("10個", 2))


@pytest.mark.parametrize("aspect", list(Aspect))
def test_a_hidden_field_hides_every_check_that_may_rest_on_it(aspect: Aspect) -> None:
    check = Check(aspect, Verdict.OK, FACT)
    assert rules.may_show(check, frozenset())
    for field in rules.RESTS_ON[aspect]:
        assert not rules.may_show(check, frozenset({field}))


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [((), "unknown"), (("ok",), "ok"), (("ok", "unknown"), "unknown"), (("ok", "unknown", "no"), "no")],
)
def test_the_worst_verdict_counts(verdicts: tuple[str, ...], whole: str) -> None:
    assert rules.verdict_of(Check(Aspect.SIZE, Verdict(v), FACT) for v in verdicts) == whole


def test_the_parts_of_a_page_understand_a_text_once() -> None:
    corrected = {"quantity": "20", "material": "SUS304"}
    first, again = (service.understand(Wording("箱を10個。", dict(words))) for words in (corrected, corrected))
    assert again is first
    assert service.understand(Wording("箱を10個。"))[0] != first[0]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("3cmくらいの輪っか、太さ4mm。穴の位置は0.05くらい。", {"size", "tolerance"}),
        (
            "\N{FULLWIDTH DIGIT THREE}\N{FULLWIDTH LATIN SMALL LETTER C}\N{FULLWIDTH LATIN SMALL LETTER M}の輪っか。",
            {"size"},
        ),
        ("アルミの箱。納期はなるべく早めで。", {"due"}),
        ("アルミの箱。納期はいつでも。", set()),
        ("アルミの箱を10個。", set()),
    ],
)
def test_what_is_written_but_not_understood_is_not_called_unwritten(text: str, unread: set[str]) -> None:
    assert {chip.aspect for chip in view(read(text, TODAY), {}).silent if chip.unread} == unread


@pytest.mark.parametrize(("lang", "said"), [("ja", "真鍮"), ("en", "brass")])
@pytest.mark.parametrize("text", ["真鍮の軸を10本。", "10 shafts of brass."])
def test_a_material_is_said_in_the_readers_language(text: str, lang: str, said: str) -> None:
    with speaking(lang):
        chip = next(chip for chip in view(read(text, TODAY), {}).chips if chip.aspect == "material")
    assert chip.value == said
