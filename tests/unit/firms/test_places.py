"""From an address to a ward and a point."""

import pytest

from backend.firms.places import known_ward, locate


@pytest.mark.parametrize(
    ("address", "ward", "town", "precision"),
    [
        ("東京都大田区大森南２丁目３−５", "大田区", "大森南", "chome"),
        ("大田区大森南二丁目3-5", "大田区", "大森南", "chome"),
        ("〒144-0035 東京都大田区南蒲田1-20-20", "大田区", "南蒲田", "chome"),
        ("墨田区八広", "墨田区", "八広", "town"),
        ("西多摩郡瑞穂町箱根ヶ崎", "瑞穂町", "箱根ケ崎", "town"),
        ("目黒区自由が丘1-1", "目黒区", "自由ケ丘", "chome"),
        ("千代田区一番町5", "千代田区", "一番町", "town"),
        ("大森南3-1", "大田区", "大森南", "chome"),
        ("板橋区", "板橋区", "", "ward"),
    ],
)
def test_finds_the_place(address: str, ward: str, town: str, precision: str) -> None:
    place = locate(address)
    assert place is not None
    assert (place.ward, place.town, place.precision) == (ward, town, precision)
    assert 35 < place.lat < 36
    assert 138 < place.lng < 140.5


@pytest.mark.parametrize("address", ["", "大阪府大阪市北区梅田1-1", "どこか", "本町1-1", "1-2-3"])
def test_says_nothing_of_what_it_does_not_know(address: str) -> None:
    assert locate(address) is None


def test_the_chome_is_not_the_middle_of_the_town() -> None:
    whole, part = locate("大田区大森南"), locate("大田区大森南5丁目")
    assert whole is not None
    assert part is not None
    assert (whole.lat, whole.lng) != (part.lat, part.lng)


@pytest.mark.parametrize(
    ("name", "ward"), [("大田区", "大田区"), ("西多摩郡瑞穂町", "瑞穂町"), ("東京都北区", "北区"), ("横浜市", None)]
)
def test_knows_the_wards(name: str, ward: str | None) -> None:
    assert known_ward(name) == ward
