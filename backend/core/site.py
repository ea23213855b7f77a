"""What a page asks of the site it belongs to: its settings, and the key by which it signs."""

from fastapi import Request

from backend.core.settings import Settings


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def secret_of(request: Request) -> str:
    return settings_of(request).secret_key.get_secret_value()
