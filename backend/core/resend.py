"""What somebody typed into a form that could not be saved, so that it can be sent once more as it is."""

from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# A page of this many characters still opens on an old telephone.
MOST_CHARACTERS = 1_000_000
# The fields of every form in which a password is typed; none of them goes back into a page.
PASSWORDS = ("current", "password")
MOST_FIELDS = 8000


@dataclass(frozen=True)
class KeptForm:
    """Where the form goes, its texts, and what has to be given again: passwords, a file."""

    action: str
    fields: tuple[tuple[str, str], ...]
    passwords: tuple[str, ...] = ()
    # The name of the field of a file; blank when there was none.
    file: str = ""


async def kept_form(request: Request) -> KeptForm | None:
    """The form of this request; None when it carries none that can be shown again."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(FORMS):
        return None
    try:
        # Read before by whoever answers; asked again, the same form comes back.
        form = await request.form(max_fields=MOST_FIELDS)
    except (HTTPException, RuntimeError, OSError):
        return None
    texts = tuple(
        (name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in PASSWORDS
    )
    if sum(len(name) + len(value) for name, value in texts) > MOST_CHARACTERS:
        return None
    file = next((name for name, value in form.multi_items() if not isinstance(value, str)), "")
    query = f"?{request.url.query}" if request.url.query else ""
    return KeptForm(request.url.path + query, texts, tuple(name for name in PASSWORDS if name in form), file)
