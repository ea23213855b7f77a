"""Settings that would be dangerous are refused."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from backend.core.settings import DEFAULT_SECRET, Environment, Settings

GOOD = SecretStr("a secret of one's own, long enough to sign")


def test_production_with_a_secret_of_its_own() -> None:
    settings = Settings(environment=Environment.PRODUCTION, secret_key=GOOD, demo=False)
    assert settings.production


@pytest.mark.parametrize("secret", [DEFAULT_SECRET, "short", ""])
def test_production_refuses_a_weak_secret(secret: str) -> None:
    with pytest.raises(ValidationError, match="NAKAMAWA_SECRET_KEY"):
        Settings(environment=Environment.PRODUCTION, secret_key=SecretStr(secret))


def test_production_refuses_demo_people() -> None:
    with pytest.raises(ValidationError, match="NAKAMAWA_DEMO"):
        Settings(environment=Environment.PRODUCTION, secret_key=GOOD, demo=True)


def test_nothing_changes_settings_later() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().demo = True  # type: ignore[misc]


def test_state_lies_in_the_data_folder() -> None:
    settings = Settings(data_dir=Path("elsewhere"), database_url="", encoder="")
    assert settings.database_address.endswith("elsewhere/nakamawa.db")
    assert settings.encoder_path == "elsewhere/models/multilingual-e5-small"


def test_a_named_database_and_model_win() -> None:
    settings = Settings(database_url="postgresql://db/x", encoder="some/model")
    assert settings.database_address == "postgresql://db/x"
    assert settings.encoder_path == "some/model"
