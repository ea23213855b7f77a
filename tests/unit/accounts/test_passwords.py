"""How passwords are kept. All other tests hash with the least work there is, see `tests/conftest.py`."""

from runpy import run_path

from backend.accounts import passwords


def test_the_program_itself_hashes_with_as_much_work_as_is_advised() -> None:
    """Read anew, past what the tests put in its place: 64 MB, three times over (RFC 9106)."""
    stored = run_path(passwords.__file__)["hash_password"]("a long enough password")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches("a long enough password", stored)
    assert not passwords.matches("another password", stored)
