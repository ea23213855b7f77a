"""The grades offered first are those in common use for the work, in words both languages understand."""

import pytest

from matching.understanding.grades import grades
from matching.understanding.questions import missing
from matching.understanding.request import read
from matching.vocabulary.materials import find_materials, material_phrase
from tests.unit.understanding.conftest import TODAY


def offered(text: str) -> list[str]:
    (question,) = [q for q in missing(read(text, TODAY)) if q.key == "grade"]
    return [choice.value for choice in question.choices]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("アルミの板を曲げてカバーに", "A5052"),
        ("アルミのつまみを旋盤で", "A5056"),
        ("ステンレスのピンを旋盤で30本", "SUS303"),
        ("ステンレスの部品がほしい", "SUS304"),
        ("鉄の箱を2個", "SPCC"),
        ("鉄の架台を溶接で", "SS400"),
        ("鉄の部品がほしい", "SS400"),
        ("真鍮の部品がほしい", "C3604"),
        ("プラスチックの部品がほしい", "POM"),
    ],
)
def test_the_usual_grade_comes_first(text: str, first: str) -> None:
    assert offered(text)[0] == first
    assert offered(text)[-1] == ""


@pytest.mark.parametrize("family", ["アルミ", "ステンレス", "鉄", "真鍮", "チタン", "ゴム", "樹脂"])
def test_every_grade_is_known_to_the_vocabulary(family: str) -> None:
    assert grades(family)
    assert all(find_materials(grade) for grade in grades(family))


def test_a_grade_has_no_grades() -> None:
    assert grades("SUS304") == ()
    assert grades("ZZ999") == ()


@pytest.mark.parametrize(
    ("word", "english"), [("アルミ", "aluminium"), ("SUS304", "SUS304"), ("POM", "POM"), ("ふしぎな石", "ふしぎな石")]
)
def test_a_material_has_an_english_name(word: str, english: str) -> None:
    assert material_phrase(word).ja == word
    assert material_phrase(word).en == english


def test_a_day_corrects_the_part_of_the_month() -> None:
    due = read("1月中旬の15日までに軸を2本", TODAY).due
    assert due is not None
    assert due.value.isoformat() == "2027-01-15"
