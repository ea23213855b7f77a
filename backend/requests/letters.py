"""The receipt of a request: the address of its page, for whoever closes the tab."""

from sqlmodel import Session

from backend.core.mail import declare, send_mail
from backend.core.texts import digest_of_address
from backend.requests.models import PartRequest

RECEIPT = "request-receipt"
# It carries the address that opens the request, so its words are forgotten once it is sent.
declare(RECEIPT, secret=True)


def send_receipt(session: Session, request: PartRequest) -> None:
    """Once to each address of a request. It repeats nothing typed: anybody may type the address of somebody else."""
    if not request.contact_email:
        return
    receiver = digest_of_address(request.contact_email)
    context = {"number": request.number, "path": f"/requests/{request.token}"}
    key = f"{RECEIPT}:{request.id}:{receiver}"
    send_mail(session, RECEIPT, request.contact_email, request.lang, context, key)
