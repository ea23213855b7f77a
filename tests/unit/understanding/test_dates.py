"""When parts are due, in the wording of people; today is Tuesday 1 December 2026."""

from datetime import date

import pytest

from matching.types import Reading
from matching.understanding.dates import find_dates, read_due
from matching.understanding.source import fold


def read(text: str, today: date) -> Reading[date] | None:
    source = fold(text)
    return read_due(source, today, find_dates(source, today))


def due(text: str, today: date) -> str | None:
    reading = read(text, today)
    return str(reading.value) if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12月18日までに納品してください。", "2026-12-18"),
        ("納期は１２／１８です。", "2026-12-18"),
        ("2027/1/15必着", "2027-01-15"),
        ("2027-02-03 までに。", "2027-02-03"),
        ("令和9年2月10日納期", "2027-02-10"),
        ("R9.2.10までに", "2027-02-10"),
        ("十二月二十日までにお願いします", "2026-12-20"),
        ("1月15日（金）必着", "2027-01-15"),
        ("来年3月10日までに", "2027-03-10"),
        ("12/25(金)迄", "2026-12-25"),
        ("年内に欲しい。", "2026-12-31"),
        ("年末までに手元に届けば。", "2026-12-31"),
        ("今月末まで", "2026-12-31"),
        ("今月中に納品", "2026-12-31"),
        ("来月末納期", "2027-01-31"),
        ("来月20日までに", "2027-01-20"),
        ("再来月の10日までに", "2027-02-10"),
        ("来月中旬に受け取りたい", "2027-01-20"),
        ("2月上旬までに", "2027-02-10"),
        ("2月末", "2027-02-28"),
        ("1月いっぱいで", "2027-01-31"),
        ("月末までに", "2026-12-31"),
        ("今週の金曜まで", "2026-12-04"),
        ("今週中に", "2026-12-04"),
        ("金曜日までに欲しい", "2026-12-04"),
        ("来週の水曜に納品希望", "2026-12-09"),
        ("来週中に必要です", "2026-12-11"),
        ("再来週の月曜日まで", "2026-12-14"),
        ("再来週中に", "2026-12-18"),
        ("三週間以内に", "2026-12-22"),
        ("2週間後に使いたい", "2026-12-15"),
        ("10日以内", "2026-12-11"),
        ("5営業日以内で", "2026-12-08"),
        ("一か月以内に", "2027-01-01"),
        ("納期：3週間", "2026-12-22"),
        ("クリスマスまでに", "2026-12-25"),
        ("クリスマス前に見たい", "2026-12-24"),
        ("バレンタインに間に合わせたい", "2027-02-14"),
        ("年度末までに", "2027-03-31"),
        ("3月期末までに", "2027-03-31"),
        ("GW前に欲しい", "2027-04-28"),
        ("1月の最終金曜まで", "2027-01-29"),
        ("2月の第2水曜まで", "2027-02-10"),
        ("2月第3週まで", "2027-02-19"),
        ("明後日までに", "2026-12-03"),
        ("20日までに納品", "2026-12-20"),
        ("1月25日の展示会に間に合わせたい", "2027-01-25"),
        ("展示会は2月5日。1月29日までにお願いします。", "2027-01-29"),
        ("2月20日に発売なので、1月末には受け取りたい", "2027-01-31"),
        ("前回は11月30日納品でした。今回は12月20日までに。", "2026-12-20"),
    ],
)
def test_japanese_dates(text: str, expected: str, today: date) -> None:
    assert due(text, today) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Needed by January 22, 2027.", "2027-01-22"),
        ("Please deliver by Jan 22nd.", "2027-01-22"),
        ("Due 22 January.", "2027-01-22"),
        ("by the 5th of February", "2027-02-05"),
        ("Ship by 2027-01-29.", "2027-01-29"),
        ("by 1/22", "2027-01-22"),
        ("by 22/1", "2027-01-22"),
        ("By the end of January.", "2027-01-31"),
        ("delivery mid-January", "2027-01-15"),
        ("by early February", "2027-02-10"),
        ("before February", "2027-01-31"),
        ("within three weeks", "2026-12-22"),
        ("We need them in 10 days.", "2026-12-11"),
        ("in about 2 weeks", "2026-12-15"),
        ("within 5 business days", "2026-12-08"),
        ("lead time of 6 weeks", "2027-01-12"),
        ("by the end of next month", "2027-01-31"),
        ("by the end of the year", "2026-12-31"),
        ("by end of this week", "2026-12-04"),
        ("by Friday", "2026-12-04"),
        ("by next Friday", "2026-12-11"),
        ("Friday next week at the latest", "2026-12-11"),
        ("the week after next", "2026-12-18"),
        ("by Christmas", "2026-12-25"),
        ("before Christmas", "2026-12-24"),
        ("for a show on February 5, please deliver by January 28", "2027-01-28"),
        ("We will send you the parts next week; return them by 12/25.", "2026-12-25"),
    ],
)
def test_english_dates(text: str, expected: str, today: date) -> None:
    assert due(text, today) == expected


@pytest.mark.parametrize(
    "text",
    [
        "なるべく早くお願いします。",
        "至急。",
        "No rush, ASAP is fine.",
        "昨年12月20日に購入しました。",
        "創業30年の会社です。",
        "1日100個ほど作れますか。",
        "12月10日に図面を送ります。",
        "見積は12月4日までにください。",
        "年明けの展示会に並べます。",
        "縮尺1/10スケールの模型です。",
        "1/4インチの管用ねじ",
        "色は5Y7/1です。",
        "",
    ],
)
def test_no_delivery_date(text: str, today: date) -> None:
    assert due(text, today) is None


@pytest.mark.parametrize(
    "text",
    [
        "9999年12月31日までにほしい",
        "2099年1月15日までにほしい",
        "令和99年2月10日納期",
        "0000年1月10日までに",
        "999年以内に",
        "99999999日以内に",
        "2月30日までに",
        "4月31日までに",
        "within 900 months",
        "by 31 June",
    ],
)
def test_a_day_that_no_plan_reaches_is_asked_for(text: str, today: date) -> None:
    assert due(text, today) is None


def test_working_days_leave_out_holidays_and_new_year() -> None:
    assert due("5営業日以内で", date(2026, 12, 25)) == "2027-01-07"
    assert due("within 3 business days", date(2026, 4, 30)) == "2026-05-08"


def test_the_words_are_kept(today: date) -> None:
    text = "金具を５個、１２月１８日（金）までに。"
    reading = read(text, today)
    assert reading is not None
    assert [s.text for s in reading.spans] == ["１２月１８日"]
    assert text[reading.spans[0].start : reading.spans[0].end] == "１２月１８日"


def test_a_year_turns_over() -> None:
    assert due("1月10日まで", date(2026, 1, 10)) == "2026-01-10"
    assert due("1月9日まで", date(2026, 1, 10)) == "2027-01-09"
    assert due("2月29日まで", date(2028, 1, 10)) == "2028-02-29"
