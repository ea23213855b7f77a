"""The columns of the register's tables: what each is called in both languages, and an example of what goes in."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.core.i18n import language
from backend.firms.wording import word_key


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is the field of the draft; `others` are further names that are understood."""

    field: str
    ja: str
    en: str
    example: str = ""
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in the present language."""
        return self.en if language() == "en" else self.ja


COLUMNS = (
    Column("code", "コード", "code", "T-0001", ("id", "企業コード", "管理番号", "番号")),
    Column(
        "name", "会社名", "name", "株式会社見本精機(架空)", ("名称", "企業名", "工場名", "事業所名", "商号", "company")
    ),
    Column("kana", "ふりがな", "kana", "かぶしきがいしゃみほんせいき", ("フリガナ", "よみ", "カナ")),
    Column("corporate_number", "法人番号", "corporate number", "", ("corporate_number", "houjin bangou")),
    Column("address", "住所", "address", "東京都大田区大森南2-3-5", ("所在地",)),
    Column("ward", "区市町村", "ward", "大田区", ("区", "市区町村", "city")),
    Column("lat", "緯度", "lat", "", ("latitude",)),
    Column("lng", "経度", "lng", "", ("longitude", "lon")),
    Column("employees", "従業員数", "employees", "6", ("従業員", "人数")),
    Column("capital_yen", "資本金", "capital yen", "1000万円", ("資本金(円)", "capital", "capital_yen")),
    Column("phone", "電話", "phone", "03-0000-0000", ("電話番号", "代表電話", "TEL", "telephone")),
    Column("website", "ホームページ", "website", "https://example.jp/", ("url", "HP", "web")),
    Column(
        "own_words",
        "紹介",
        "own words",
        "アルミの小物を1個から削ります。",
        ("text", "PR", "自社紹介", "紹介文"),
    ),
    Column(
        "techniques",
        "工程",
        "processes",
        "マシニング加工、NC旋盤加工",
        ("加工", "できる加工", "process", "techniques", "工程名"),
    ),
    Column(
        "equipment",
        "設備",
        "equipment",
        "マシニング 牧野 V33i ×2 (650×450×350)\nNC旋盤 オークマ LB3000 1台 φ300×500",
        ("設備一覧", "機械", "machines"),
    ),
    Column("materials", "材質", "materials", "A5052、A6061、SUS304", ("材料", "material")),
    Column("tolerance_mm", "公差", "tolerance mm", "0.02", ("公差(mm)", "tolerance", "tolerance_mm", "精度")),
    Column("lot_min", "数量から", "lot min", "1", ("最小ロット", "ロット下限", "lot_min", "最小数量")),
    Column("lot_max", "数量まで", "lot max", "300", ("最大ロット", "ロット上限", "lot_max", "最大数量")),
    Column(
        "certificates",
        "認証",
        "certificates",
        "ISO9001 (2028-03-31まで)",
        ("certifications", "資格", "認定"),
    ),
    Column("capacity", "空き", "capacity", "2026-12-07:12、2026-12-14:16", ("空き時間", "週の空き")),
    Column("can_lead", "幹事", "can lead", "はい", ("幹事会社", "can_lead", "取りまとめ")),
    Column("public_facility", "公設", "public facility", "いいえ", ("公設施設", "public_facility")),
    Column("representative_age_band", "代表者の年代", "age of the head", "60代", ("代表年代",)),
    Column("succession_state", "後継ぎ", "succession", "探している", ("succession_state", "事業承継")),
)
_NAMES: Mapping[str, str] = {
    word_key(name).replace("_", ""): column.field
    for column in COLUMNS
    for name in (column.ja, column.en, column.field, *column.others)
}


def field_of(heading: str) -> str | None:
    """The field that a column heading means; None for a column that is not ours."""
    return _NAMES.get(word_key(heading).replace("_", ""))
