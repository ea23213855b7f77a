"""The mails of this slice; their words stand in templates/emails."""

from backend.core.i18n import mark
from backend.core.mail import declare

INVITATION = "invitation"
INVITATION_ACCEPTED = "invitation-accepted"
SIGN_IN_LINK = "sign-in-link"

declare(INVITATION, secret=True)
declare(INVITATION_ACCEPTED, optional=mark("招待を受けたお知らせ"))
declare(SIGN_IN_LINK, secret=True)
