"""Names are shown, never followed: no path, nothing invisible, an ending that tells the truth."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.files.kinds import FORMS, Kind, kind_of_ending
from backend.files.names import LONGEST, ending_of, shown_name

LTR_TURN = "\u202e"


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("図面 A-100.pdf", "図面 A-100.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\x.PDF", "x.pdf"),
        ("/abs/図面.pdf", "図面.pdf"),
        ("C:\\fakepath\\図面.pdf", "図面.pdf"),
        ("a\0.exe.pdf", "a_exe.pdf"),
        ("図面.pdf\0.exe", "図面.pdf_exe.pdf"),
        (f"図面{LTR_TURN}fdp.exe.pdf", "図面fdp_exe.pdf"),
        ("setup.exe.pdf", "setup_exe.pdf"),
        ("v1.2.pdf", "v1.2.pdf"),
        ("page.html.pdf", "page_html.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.x.pdf", "_lpt1.x.pdf"),
        ("a<b>:c|d?.pdf", "a_b__c_d.pdf"),
        (" . . .pdf", "file.pdf"),
        (".pdf", "file.pdf"),
        ("", "file.pdf"),
        ("無題", "無題.pdf"),
        ("ガ.pdf", "ガ.pdf"),
        ("㈱髙橋.pdf", "㈱髙橋.pdf"),
        ("line\r\nbreak\u2028.pdf", "linebreak.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_is_shown_as(given_name: str, shown: str) -> None:
    assert shown_name(given_name, Kind.PDF) == shown


@pytest.mark.parametrize(
    ("given_name", "ending"),
    [
        ("a.pdf", "pdf"),
        ("a.pdf.exe", "exe"),
        (f"a{LTR_TURN}fdp.exe", "exe"),
        ("a.pdf .", "pdf"),
        ("x/.pdf", "pdf"),
        ("a", ""),
        ("a.exe\0", "exe"),
    ],
)
def test_the_ending_is_what_the_receiver_would_see(given_name: str, ending: str) -> None:
    assert ending_of(given_name) == ending


NASTY = st.text(st.one_of(st.characters(), st.sampled_from('./\\\0\u202e\u200b:*?"<>|\r\n ')), max_size=200)


@given(given_name=NASTY, kind=st.sampled_from(Kind))
def test_any_name_is_made_harmless(given_name: str, kind: Kind) -> None:
    shown = shown_name(given_name, kind)
    stem, _dot, ending = shown.rpartition(".")
    assert stem
    assert len(shown) <= LONGEST
    assert kind_of_ending(ending) is kind
    assert ending in FORMS[kind].endings
    assert not set('/\\:*?"<>|\r\n\0') & set(shown)
    assert all(unicodedata.category(char)[0] != "C" for char in shown)
    assert shown not in {".", ".."}
    assert shown_name(shown, kind) == shown
    shown.encode()
