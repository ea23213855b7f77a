"""What a page asks of the site it belongs to: its settings, the key by which it signs, the numbers of the desk."""

from fastapi import Request

from backend.core.settings import Settings

DEMO_PHONE = "03-0000-0000"


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def secret_of(request: Request) -> str:
    return settings_of(request).secret_key.get_secret_value()


def desk_phone(request: Request) -> str:
    """The number to call for help; a made-up one in the demo."""
    settings = settings_of(request)
    return settings.help_phone or (DEMO_PHONE if settings.demo else "")


def desk_fax(request: Request) -> str:
    """The number to which a sheet is sent back."""
    settings = settings_of(request)
    return settings.help_fax or (DEMO_PHONE if settings.demo else "")
