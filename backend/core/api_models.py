"""What the bodies of the programs' interface share: nothing goes in or out that is not named."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class ApiIn(BaseModel):
    """A body that a program sends; a field that does not exist is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid")


class ApiOut(BaseModel):
    """A body that a program receives; nothing leaves that the document does not name."""

    model_config = ConfigDict(extra="forbid")


def like(*examples: Any) -> ConfigDict:  # noqa: ANN401 - anything that can stand in JSON
    """The settings of a body with examples for the document."""
    return ConfigDict(json_schema_extra={"examples": list(examples)})
