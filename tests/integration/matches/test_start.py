"""GET and POST /: the box, its live answer, and the draft that keeps what was typed."""

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from tests.integration.matches import firms

HTMX = {"HX-Request": "true"}


def test_shows_the_box_and_three_doors(client: TestClient) -> None:
    page = client.get("/").text
    assert "何をつくりたいですか?" in page
    assert page.count('class="doors"') == 1
    assert "例をためす" in page


def test_shows_what_was_understood_and_who_fits(client: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    page = client.post("/", data={"text": firms.ASKED})
    assert page.status_code == 200
    assert "<mark>A5052</mark>" in page.text
    assert "240 × 160 × 90 mm" in page.text
    assert "有限会社とんぼ板金" in page.text
    assert page.headers["Vary"].startswith("HX-Request")


def test_of_a_job_of_several_steps_all_are_shown(client: TestClient) -> None:
    text = "真鍮の板を切り抜いて、花びらのように叩いて丸みをつけ、金めっき。30個。"
    page = client.post("/", data={"text": text}).text
    assert [words for words in ("切り抜", "花びらのように叩いて", "金めっき") if f"<mark>{words}" not in page] == []
    # What a person says instead is not read over.
    corrected = client.post("/", data={"text": text, "v-process": "旋削", "w-process": ""}).text
    assert "花びらのように叩いて</mark>" not in corrected


def test_a_firm_entered_meanwhile_is_found_by_the_next_question(client: TestClient, database: Database) -> None:
    assert "とんぼ板金" not in client.post("/", data={"text": firms.ASKED}).text
    firms.enter(database, firms.BENDING)
    assert "とんぼ板金" in client.post("/", data={"text": firms.ASKED}, headers=HTMX).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "つくりたいものを、ふだんの言葉で書いてください。"),
        ("  \n ", "つくりたいものを、ふだんの言葉で書いてください。"),
        ("あ" * 100_000, "文が長すぎます。10,000字までに短くしてください(いま100,000字)。"),
        ("箱を\x0010個", "目に見えない制御文字"),
    ],
)
@pytest.mark.parametrize("where", ["/", "/requests"])
def test_refuses_with_one_sentence_and_keeps_the_text(client: TestClient, where: str, text: str, sentence: str) -> None:
    page = client.post(where, data={"text": text})
    assert page.status_code == 422
    assert page.text.count(sentence) == 1
    assert text.replace("\x00", "").strip() in page.text


def test_keeps_what_was_typed_as_a_draft(client: TestClient) -> None:
    client.post("/", data={"text": firms.ASKED, "answer": "drawing:sketch"})
    again = client.get("/").text
    assert "溶接した箱" in again
    assert "手描きの絵がある" in again
    assert 'name="c-a-drawing"' in again


def test_a_draft_belongs_to_one_browser(client: TestClient, outsider: TestClient) -> None:
    client.post("/", data={"text": firms.ASKED})
    assert "溶接した箱" not in outsider.get("/").text


def test_a_changed_field_is_a_correction_and_can_be_undone(client: TestClient) -> None:
    fixed = client.post("/", data={"text": firms.ASKED, "w-quantity": "10個", "v-quantity": "20"}).text
    assert "20個" in fixed
    assert "あなたが直しました" in fixed
    back = client.post("/", data={"text": firms.ASKED, "c-quantity": "20", "reset": "quantity"}).text
    assert "あなたが直しました" not in back


def test_a_correction_nobody_understands_is_told_at_its_field(client: TestClient) -> None:
    page = client.post("/", data={"text": firms.ASKED, "w-quantity": "10個", "v-quantity": "たくさん"})
    assert page.status_code == 422
    assert "読み取れませんでした。例: 10個 のように書いてください。" in page.text
    assert 'value="たくさん"' in page.text


def test_an_example_fills_the_box(client: TestClient) -> None:
    page = client.post("/", data={"text": "", "example": "1"})
    assert page.status_code == 200
    assert '<span class="val">アルミ</span>' in page.text


def test_a_wrong_method_is_refused(client: TestClient) -> None:
    assert client.put("/", data={"text": "x"}).status_code == 405


def test_speaks_english(client: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    page = client.post("/?lang=en", data={"text": "10 boxes of A5052 sheet, bent and welded, 240x160x90 mm."}).text
    assert "What we understood" in page
    assert "10 pcs" in page
    assert '<html lang="en">' in page
