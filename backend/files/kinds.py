"""The kinds of file that are taken, and how each is called, named and sent."""

from dataclasses import dataclass
from enum import StrEnum

from backend.core.tables import XLSX


class Kind(StrEnum):
    """What a file is, told by its content."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    STEP = "step"
    IGES = "iges"
    DXF = "dxf"
    DWG = "dwg"
    STL = "stl"
    XLSX = "xlsx"
    TEXT = "text"
    CSV = "csv"


@dataclass(frozen=True)
class Form:
    """Endings that agree with a kind (the first is the usual one), its media type, and what people call it."""

    endings: tuple[str, ...]
    media_type: str
    words: str


FORMS = {
    Kind.PDF: Form(("pdf",), "application/pdf", "PDF"),
    Kind.PNG: Form(("png",), "image/png", "PNG"),
    Kind.JPEG: Form(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg", "JPEG"),
    Kind.WEBP: Form(("webp",), "image/webp", "WebP"),
    Kind.STEP: Form(("step", "stp", "p21"), "model/step", "STEP"),
    Kind.IGES: Form(("igs", "iges"), "model/iges", "IGES"),
    Kind.DXF: Form(("dxf",), "image/vnd.dxf", "DXF"),
    Kind.DWG: Form(("dwg",), "image/vnd.dwg", "DWG"),
    Kind.STL: Form(("stl",), "model/stl", "STL"),
    Kind.XLSX: Form(("xlsx",), XLSX, "XLSX"),
    Kind.TEXT: Form(("txt", "text"), "text/plain; charset=utf-8", "TXT"),
    Kind.CSV: Form(("csv", "tsv"), "text/csv; charset=utf-8", "CSV"),
}
PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP})
# These get the receiver's name on every page; a model of a part has no page to write on.
STAMPED = PICTURES | {Kind.PDF}
# These a browser may show by itself; everything else is only ever saved.
SHOWN = STAMPED


def kind_of_ending(ending: str) -> Kind | None:
    """The kind that an ending promises."""
    return next((kind for kind, form in FORMS.items() if ending.lower() in form.endings), None)
