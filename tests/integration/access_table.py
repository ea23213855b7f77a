"""Who may go where: every route stands in one class. test_access.py holds the application to it."""

from tests.integration.routes import Route

OPEN: frozenset[Route] = frozenset(
    {
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/healthz"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("POST", "/sign-in/demo"),
        ("POST", "/sign-out"),
        ("GET", "/"),
        ("POST", "/"),
        ("GET", "/requests/{token}/outcome"),
        ("POST", "/requests/{token}/outcome"),
        ("GET", "/o/{offer_link}/outcome"),
        ("POST", "/o/{offer_link}/outcome"),
        ("GET", "/guide"),
        ("GET", "/privacy"),
        ("GET", "/accessibility"),
        ("GET", "/firms"),
        ("GET", "/firms/points"),
        ("GET", "/sign-in/link"),
        ("POST", "/sign-in/link"),
        ("GET", "/sign-in/link/{link_token}"),
        ("POST", "/sign-in/link/{link_token}"),
        # Whoever has the code of an invitation may use it, once.
        ("GET", "/i/{code}"),
        ("POST", "/i/{code}"),
        ("GET", "/unsubscribe/{letter}"),
        ("POST", "/unsubscribe/{letter}"),
        ("GET", "/firms/{firm_id}"),
        ("GET", "/firms/{firm_id}/pictures/{picture_id}"),
        # Whoever has the token of a request may read and change it: the token is the key.
        ("POST", "/requests"),
        ("GET", "/requests/{token}"),
        ("POST", "/requests/{token}"),
        ("POST", "/requests/{token}/contact"),
        ("GET", "/requests/{token}/progress"),
        ("POST", "/requests/{token}/progress"),
        ("POST", "/requests/{token}/progress/messages"),
        ("GET", "/requests/{token}/progress/files/{version_id}"),
        ("GET", "/requests/{token}/progress/files/{version_id}/view"),
        ("POST", "/requests/{token}/progress/files"),
        ("POST", "/requests/{token}/progress/documents/{document_id}/versions"),
        ("POST", "/requests/{token}/progress/documents/{document_id}/show"),
        ("POST", "/requests/{token}/progress/documents/{document_id}/withdraw"),
        ("POST", "/requests/{token}/progress/documents/{document_id}/audience"),
        ("POST", "/requests/{token}/progress/documents/{document_id}/remove"),
        ("GET", "/requests/{token}/chain"),
        ("GET", "/requests/{token}/chain/sheet"),
        ("GET", "/api/v1/requests/{token}/teams"),
        ("POST", "/api/v1/requests/{token}/teams"),
        # The signed link of a firm is the key to its free hours, and to nothing else.
        ("POST", "/c/fresh"),
        ("GET", "/c/demo"),
        ("GET", "/c/{link}"),
        ("POST", "/c/{link}"),
        ("GET", "/c/{link}/sent"),
        ("POST", "/c/{link}/undo"),
        # The signed link of a firm in one case opens what it was asked there, and nothing else.
        ("GET", "/o/{offer_link}"),
        ("POST", "/o/{offer_link}/answer"),
        ("POST", "/o/{offer_link}/act"),
        ("POST", "/o/{offer_link}/messages"),
        ("GET", "/o/{offer_link}/files/{version_id}"),
        ("GET", "/o/{offer_link}/files/{version_id}/view"),
        ("GET", "/api/v1/firms"),
        ("GET", "/api/v1/firms/{firm_id}"),
        ("POST", "/api/v1/requests"),
        ("GET", "/api/v1/requests/{token}"),
        ("PATCH", "/api/v1/requests/{token}"),
        ("GET", "/api/v1/requests/{token}/matches"),
        ("GET", "/api/v1/requests/{token}/route"),
        ("POST", "/api/v1/matches"),
    }
)
SIGNED_IN: frozenset[Route] = frozenset(
    {
        ("GET", "/account"),
        ("GET", "/my-requests"),
        ("GET", "/notices"),
        ("POST", "/notices/read"),
        ("POST", "/notices/{notice_id}"),
        ("POST", "/account/sessions/revoke-others"),
        ("POST", "/account/sessions/{sign_in_id}/revoke"),
        ("GET", "/organisations"),
        ("GET", "/handovers"),
        ("GET", "/api/v1/requests"),
        ("GET", "/api/v1/cases"),
        ("GET", "/api/v1/offers"),
        ("POST", "/i/{code}/join"),
    }
)
STAFF: frozenset[Route] = frozenset(
    {
        # An organisation is there for its own people too; here it is somebody else's.
        ("POST", "/organisations"),
        ("GET", "/organisations/{organisation_id}"),
        ("POST", "/organisations/{organisation_id}/invitations"),
        ("GET", "/organisations/{organisation_id}/invitations/{invitation_id}/letter"),
        ("POST", "/organisations/{organisation_id}/invitations/{invitation_id}/revoke"),
        ("POST", "/organisations/{organisation_id}/members/{user_id}/remove"),
        ("GET", "/invitations/letters/{batch}"),
        ("GET", "/firms/invitations"),
        ("POST", "/firms/invitations"),
        ("GET", "/firms/import"),
        ("POST", "/firms/import"),
        ("GET", "/firms/import/template.csv"),
        ("GET", "/firms/import/template.xlsx"),
        ("GET", "/firms/import/{import_id}"),
        ("GET", "/firms/import/{import_id}/faults.csv"),
        ("POST", "/firms/import/{import_id}/confirm"),
        ("POST", "/firms/import/{import_id}/cancel"),
        ("GET", "/firms/new"),
        ("POST", "/firms/new"),
        ("POST", "/firms/new/equipment"),
        ("GET", "/firms/{firm_id}/edit"),
        ("POST", "/firms/{firm_id}/edit"),
        ("POST", "/firms/{firm_id}/equipment"),
        ("POST", "/firms/{firm_id}/pictures"),
        ("POST", "/firms/{firm_id}/delete"),
        ("GET", "/firms/{firm_id}/deleted"),
        ("POST", "/firms/{firm_id}/undo"),
        ("GET", "/capacity"),
        ("POST", "/capacity"),
        ("POST", "/firms/{firm_id}/capacity"),
        ("GET", "/requests"),
        ("GET", "/requests/{token}/candidates"),
        ("POST", "/requests/{token}/ward"),
        ("POST", "/requests/{token}/shares/{organisation_id}/withdraw"),
        ("POST", "/requests/{token}/chain"),
        ("GET", "/requests/{token}/chain/team.json"),
        ("GET", "/requests/{token}/chain/team.xlsx"),
        ("POST", "/requests/{token}/chain/decide"),
        ("POST", "/requests/{token}/chain/plans/{plan_id}/withdraw"),
        ("POST", "/requests/{token}/chain/plans/{plan_id}/restore"),
        ("POST", "/handovers"),
        ("POST", "/handovers/{handover_id}/withdraw"),
        ("POST", "/handovers/{handover_id}/restore"),
        ("PUT", "/api/v1/requests/{token}/route"),
        ("GET", "/joint-plan"),
        ("POST", "/joint-plan"),
        ("GET", "/joint-plan/{run_id}"),
        ("GET", "/joint-plan/{run_id}/plan.xlsx"),
        ("GET", "/reports"),
        ("GET", "/reports/report.{kind}"),
        ("GET", "/cases/{case_id}/outcome"),
        ("POST", "/cases/{case_id}/outcome"),
        ("GET", "/desk"),
        ("GET", "/board"),
        ("POST", "/board/move"),
        ("GET", "/cases"),
        ("GET", "/cases/cases.{kind}"),
        ("POST", "/cases/filters"),
        ("POST", "/cases/filters/{filter_id}/remove"),
        ("GET", "/cases/{case_id}"),
        ("GET", "/cases/{case_id}/messages"),
        ("POST", "/cases/{case_id}/messages"),
        ("GET", "/cases/{case_id}/letter"),
        ("GET", "/cases/{case_id}/summary"),
        ("GET", "/offers/{offer_id}/sheet"),
        ("GET", "/cases/{case_id}/files/{version_id}"),
        ("GET", "/cases/{case_id}/files/{version_id}/view"),
        ("POST", "/cases/{case_id}/files"),
        ("POST", "/cases/{case_id}/documents/{document_id}/versions"),
        ("POST", "/cases/{case_id}/documents/{document_id}/show"),
        ("POST", "/cases/{case_id}/documents/{document_id}/withdraw"),
        ("POST", "/cases/{case_id}/documents/{document_id}/audience"),
        ("POST", "/cases/{case_id}/documents/{document_id}/remove"),
        ("POST", "/cases/{case_id}/move"),
        ("POST", "/cases/{case_id}/owner"),
        ("POST", "/cases/{case_id}/describe"),
        ("POST", "/cases/{case_id}/remark"),
        ("POST", "/cases/{case_id}/legs"),
        ("GET", "/cases/{case_id}/legs/{leg_id}/candidates"),
        ("POST", "/cases/{case_id}/legs/{leg_id}/candidates"),
        ("POST", "/cases/{case_id}/legs/{leg_id}/move"),
        ("POST", "/cases/{case_id}/legs/{leg_id}/nda"),
        ("POST", "/cases/{case_id}/offers/{offer_id}/answer"),
        ("POST", "/cases/{case_id}/offers/{offer_id}/act"),
    }
)
# For staff, and for the people of the firm itself.
OWN_FIRM: frozenset[Route] = frozenset(
    {
        ("GET", "/firms/{firm_id}/capacity"),
        ("GET", "/firms/{firm_id}/capacity/sheet"),
        ("POST", "/firms/{firm_id}/capacity/undo"),
        ("POST", "/firms/{firm_id}/capacity/wishes"),
        ("POST", "/firms/{firm_id}/capacity/revoke"),
        ("PATCH", "/api/v1/firms/{firm_id}"),
        ("GET", "/api/v1/firms/{firm_id}/capacity"),
        ("PUT", "/api/v1/firms/{firm_id}/capacity"),
    }
)
# For the people of any workshop.
WORKSHOP: frozenset[Route] = frozenset({("GET", "/offers")})
# For the people of the one firm that was asked; here it is another one's.
ASKED_FIRM: frozenset[Route] = frozenset(
    {
        ("GET", "/offers/{offer_id}"),
        ("POST", "/offers/{offer_id}/answer"),
        ("POST", "/offers/{offer_id}/act"),
        ("POST", "/offers/{offer_id}/messages"),
        ("GET", "/offers/{offer_id}/files/{version_id}"),
        ("GET", "/offers/{offer_id}/files/{version_id}/view"),
        ("GET", "/offers/{offer_id}/outcome"),
        ("POST", "/offers/{offer_id}/outcome"),
        ("POST", "/api/v1/offers/{offer_id}/answers"),
    }
)
# For staff and whoever asked; here it is somebody else's.
CASE_PARTIES: frozenset[Route] = frozenset(
    {("GET", "/api/v1/cases/{case_id}"), ("POST", "/api/v1/cases/{case_id}/moves")}
)
# For staff and the firm that was asked; here it is another one's.
OFFER_PARTIES: frozenset[Route] = frozenset({("GET", "/api/v1/offers/{offer_id}")})
ADMIN: frozenset[Route] = frozenset(
    {
        ("GET", "/admin/users"),
        ("POST", "/admin/users"),
        ("POST", "/admin/users/{user_id}/active"),
        ("GET", "/admin/invitations"),
        ("GET", "/admin/audit"),
        ("GET", "/admin/audit.csv"),
        ("GET", "/admin/jobs"),
        ("POST", "/admin/jobs/{job_id}/retry"),
        ("POST", "/admin/jobs/retry"),
        ("GET", "/admin/mails"),
        ("GET", "/admin/mails/{mail_id}"),
        ("POST", "/organisations/{organisation_id}/wards"),
        # For those who keep the organisation; here it is somebody else's.
        ("GET", "/organisations/{organisation_id}/tokens"),
        ("POST", "/organisations/{organisation_id}/tokens"),
        ("POST", "/organisations/{organisation_id}/tokens/{api_token_id}/rename"),
        ("POST", "/organisations/{organisation_id}/tokens/{api_token_id}/revoke"),
    }
)
PARTIES = CASE_PARTIES | OFFER_PARTIES
CLASSES = (OPEN, SIGNED_IN, OWN_FIRM, WORKSHOP, ASKED_FIRM, PARTIES, STAFF, ADMIN)
# What each role may not enter, beyond what a stranger may not.
REFUSED = {
    "startup": OWN_FIRM | WORKSHOP | ASKED_FIRM | PARTIES | STAFF | ADMIN,
    "shop": ASKED_FIRM | PARTIES | STAFF | ADMIN,
    "coordinator": WORKSHOP | ASKED_FIRM | ADMIN,
    "admin": WORKSHOP | ASKED_FIRM,
}
