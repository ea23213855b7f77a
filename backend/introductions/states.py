"""The words of a case: where it stands, where each leg and each offer stands, who acts, and how an answer came."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands, in the order in which cases move."""

    RECEIVED = "received"
    CLARIFYING = "clarifying"
    SHORTLISTING = "shortlisting"
    ASKING = "asking"
    ANSWERED = "answered"
    AGREED = "agreed"
    INTRODUCED = "introduced"
    NEGOTIATING = "negotiating"
    ORDERED = "ordered"
    MAKING = "making"
    DELIVERED = "delivered"
    CLOSED = "closed"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class LegState(StrEnum):
    """Where one operation of a case stands, from looking for a firm to the accepted work."""

    OPEN = "open"
    FILLED = "filled"
    ORDERED = "ordered"
    MAKING = "making"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"


class OfferState(StrEnum):
    """Where the asking of one firm for one leg stands."""

    ASKED = "asked"
    WILLING = "willing"
    CONDITIONAL = "conditional"
    DECLINED = "declined"
    SILENT = "silent"
    CANCELLED = "cancelled"
    AGREED = "agreed"
    INTRODUCED = "introduced"
    QUOTED = "quoted"
    WON = "won"
    NOT_CHOSEN = "not_chosen"
    DROPPED_OUT = "dropped_out"


class Party(StrEnum):
    """Who acts in a case. `system` is the passing of time."""

    CLIENT = "client"
    FIRM = "firm"
    COORDINATOR = "coordinator"
    SYSTEM = "system"


class Channel(StrEnum):
    """How something reached us. What a coordinator enters for somebody is marked so."""

    WEB = "web"
    LINK = "link"
    PHONE = "phone"
    FAX = "fax"
    VISIT = "visit"
    MAIL = "mail"


class NdaState(StrEnum):
    """Whether secrecy is agreed between the client and the firm of a leg."""

    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    SENT = "sent"
    SIGNED = "signed"


class ClientKind(StrEnum):
    """Who asks, for the reports of a ward."""

    UNKNOWN = "unknown"
    STARTUP = "startup"
    COMPANY = "company"
    WORKSHOP = "workshop"
    SCHOOL = "school"
    PERSON = "person"


class ClientPlace(StrEnum):
    """Where the client sits, seen from the ward that looks after the case."""

    UNKNOWN = "unknown"
    WARD = "ward"
    TOKYO = "tokyo"
    ELSEWHERE = "elsewhere"
    ABROAD = "abroad"


class Inspection(StrEnum):
    """What the receiver found when the work arrived."""

    NONE = "none"
    PASSED = "passed"
    FAILED = "failed"
