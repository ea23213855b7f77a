"""The receipt of a request: the address of its page, for whoever closes the tab."""

import hashlib
from datetime import timedelta

from sqlmodel import Session

from backend.accounts.sign_in_links import count_asking
from backend.core import clock
from backend.core.errors import TooMany
from backend.core.mail import declare, send_mail, written_to
from backend.requests.models import PartRequest

RECEIPT = "request-receipt"
# It carries the address that opens the request, so its words are forgotten once it is sent.
declare(RECEIPT, secret=True)
# So many in so long to one address: who writes several requests in a day gets each, who never wrote any is not flooded.
MOST_RECEIPTS, LATELY = 5, timedelta(days=1)


def send_receipt(session: Session, request: PartRequest, stranger_at: str = "") -> None:
    """Once to each address of a request. It repeats nothing typed: anybody may type the address of somebody else.

    Nor does it go out more often than that, to one address or, for a stranger, from one place on the network. The
    request and its contact are kept all the same.
    """
    if not request.contact_email or not _may_write(session, request.contact_email, stranger_at):
        return
    receiver = hashlib.sha256(request.contact_email.lower().encode()).hexdigest()[:16]
    context = {"number": request.number, "path": f"/requests/{request.token}"}
    key = f"{RECEIPT}:{request.id}:{receiver}"
    send_mail(session, RECEIPT, request.contact_email, request.lang, context, key)


def _may_write(session: Session, email: str, stranger_at: str) -> bool:
    if written_to(session, RECEIPT, email, clock.now() - LATELY) >= MOST_RECEIPTS:
        return False
    try:
        if stranger_at:
            count_asking(session, f"receipt:{email}", stranger_at)
    except TooMany:
        return False
    return True
