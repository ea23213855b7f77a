"""What firms are shown tells nobody who asks; searches are read from addresses."""

import pytest

from backend.core.errors import Invalid
from backend.core.i18n import speaking
from backend.introductions.changes import wording
from backend.introductions.desk.filters import CaseFilter, read_filter, request_id_in
from backend.introductions.legs import summary
from backend.introductions.legs.summary import Secrets

SECRETS = Secrets(("山田 花子", "株式会社ほしぞら工房"), ("hanako@example.jp",))


@pytest.mark.parametrize(
    "text",
    [
        "山田さんの依頼",
        "花子より",
        "ほしぞら工房の新製品",
        "ほしぞら 工房",
        "HANAKO@EXAMPLE.JP",
        "other@mail.example.com へ",
        "電話 03-1234-5678",
        "090 1234 5678",
        "090ー1234ー5678",
        "090−1234−5678",
        "\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH DIGIT THREE}-1234-5678",
        "0312345678",
    ],
)
def test_what_tells_who_asks_is_found(text: str) -> None:
    assert summary.tells(text, SECRETS)
    with pytest.raises(Invalid):
        summary.check((("備考", text),), SECRETS)


@pytest.mark.parametrize(
    "text",
    ["A5052 板厚1.5", "240×160×90 mm", "穴の位置は±0.05", "株式会社", "2027-01-15まで", "SUS304 0.5t 100個", "12個"],
)
def test_sizes_and_dates_tell_nothing(text: str) -> None:
    assert summary.tells(text, SECRETS) == ()


def test_of_what_a_client_wrote_only_stretches_that_name_nobody_are_shown() -> None:
    told = ("円筒研削は5ミクロンで、", "山田さんの指示で、", "㈱みずたまの図面どおり、", "\n角を丸く。")
    assert summary.unnamed(told, SECRETS) == "円筒研削は5ミクロンで、 角を丸く。"
    assert summary.unnamed(("花", "子の部品"), SECRETS) == summary.unnamed((), SECRETS) == ""
    assert len(summary.unnamed(("長い" * 999,), SECRETS)) == summary.LONGEST_LINE


def test_only_whole_words_are_forms_of_a_company() -> None:
    assert summary.unnamed(("Zinc plating, inclined by 5 degrees",), SECRETS) == "Zinc plating, inclined by 5 degrees"
    assert summary.unnamed(("as Foo Inc. does it",), SECRETS) == ""
    assert summary.tells("cement", Secrets(("Vincent",))) == ()


@pytest.mark.parametrize("name", ["Studio 303", "Al Cast", "studio SUS", "12"])
def test_a_number_or_a_short_word_of_a_name_within_another_tells_nobody(name: str) -> None:
    assert summary.tells("SUS303の軸、aluminium、casters, 303個、A5052、12mm", Secrets((name,))) == ()


@pytest.mark.parametrize("text", ["Studio303の軸", "for studio 303", "株式会社 Al の軸", "AL-3", "ST ＡＬ"])
def test_the_same_as_words_of_their_own_do(text: str) -> None:
    assert summary.tells(text, Secrets(("Studio 303", "Al Werk")))


def test_lines_are_read_as_they_are_written() -> None:
    lines = (("工程", "曲げ"), ("材質", "A5052"))
    assert summary.read(summary.written(lines)) == lines
    assert summary.read("工程\N{FULLWIDTH COLON}曲げ\n\n 黒く塗る\n材質:") == (("工程", "曲げ 黒く塗る"),)
    assert summary.read("曲げだけ") == (("内容", "曲げだけ"),)
    # What stands before a colon far into a sentence is no label.
    sentence = "とても長い前置きのある一文で、これを名前とは言えません: こう"
    assert summary.read(sentence) == (("内容", sentence),)
    assert len(summary.read("a: b\n" * 99)) == summary.MOST_LINES
    with pytest.raises(Invalid):
        summary.check((), SECRETS)


@pytest.mark.parametrize(
    ("word", "number"),
    [("26-0412", 412), ("412", 412), ("0412", 412), ("A5052", None), ("9999999999", None), ("0", None)],
)
def test_numbers_of_cases(word: str, number: int | None) -> None:
    assert request_id_in(word) == number


def test_searches_in_addresses() -> None:
    wanted = read_filter(
        {"q": "  真鍮  歯車 ", "state": "asking", "whose": "mine", "due": "over", "page": "3", "x": "y"}
    )
    assert wanted == CaseFilter("真鍮 歯車", "asking", "", "mine", "over")
    assert read_filter(dict(wanted.pairs())) == wanted
    assert (
        wanted.address("/cases", state="lost") == wanted.address("/cases").replace("state=asking&", "") + "&state=lost"
    )
    assert read_filter({"state": "x", "whose": "x", "due": "x"}).is_open
    assert CaseFilter().address("/cases") == "/cases"
    assert CaseFilter("A B C D E F G").words == ("A", "B", "C", "D", "E")


@pytest.mark.parametrize(
    ("kept", "english"),
    [
        ("2027年1月15日(金)", "Fri 15 Jan 2027"),
        ("2027年2月30日(火)", "2027年2月30日(火)"),
        ("2027年1月15日(月)", "2027年1月15日(月)"),
        ("2027年1月15日(金)までに", "2027年1月15日(金)までに"),
        ("12個", "12 pcs"),
        ("1,200個", "1,200 pcs"),
        ("12個まで", "12個まで"),
        ("個", "個"),
    ],
)
def test_days_and_pieces_read_in_the_language_of_the_reader_words_as_they_were_written(kept: str, english: str) -> None:
    with speaking("en"):
        assert summary.labelled([("納期", kept)]) == [("Needed by", english)]
        assert wording.named([("due", kept, "")]) == [("Needed by", english, "")]
    assert summary.labelled([("納期", kept)]) == [("納期", kept)]
