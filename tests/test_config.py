"""A setting that cannot be used is told in one sentence that names its variable and no secret."""

import base64
import os
from pathlib import Path
from typing import Final

import pytest

from postline.config import Settings, SettingsError, decode_keys

KEY: Final = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY: Final = base64.b64encode(bytes(range(32, 64))).decode()
SECRET: Final = "hunter2"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Only what a test sets, and a usable key ring."""
    for name in [name for name in os.environ if name.upper().startswith("POSTLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("POSTLINE_SECRET_KEYS", KEY)
    return monkeypatch


MALFORMED: Final = {  # name: (variable, value, part of the sentence)
    "a public address without a scheme": ("PUBLIC_URL", "social.example.com", "is not a web address"),
    "a public address of another scheme": ("PUBLIC_URL", "ftp://social.example.com", "is not a web address"),
    "a public address without a host": ("PUBLIC_URL", "https://", "is not a web address"),
    "a Graph address without a scheme": ("META_GRAPH_URL", "graph.facebook.com", "is not a web address"),
    "a dialog address without a scheme": ("META_DIALOG_URL", "facebook", "is not a web address"),
    "an upload address without a scheme": ("META_UPLOAD_URL", "facebook", "is not a web address"),
    "a TikTok address without a scheme": ("TIKTOK_API_URL", "tiktok", "is not a web address"),
    "a TikTok consent address without a scheme": ("TIKTOK_AUTH_URL", "tiktok", "is not a web address"),
    "a port that is no number": ("PORT", "http", "valid integer"),
    "a port beyond the last": ("PORT", "65536", "less than or equal to 65535"),
    "a negative port": ("PORT", "-1", "greater than or equal to 0"),
    "another database": ("DATABASE_URL", f"mysql://u:{SECRET}@h/d", "must begin with postgresql://"),
    "a database without a scheme": ("DATABASE_URL", f"u:{SECRET}@h/d", "must begin with postgresql://"),
    "a Graph version without its v": ("META_GRAPH_VERSION", "26.0", "pattern"),
    "an upload limit of nothing": ("UPLOAD_MAX_BYTES", "0", "greater than 0"),
    "no concurrency": ("WORKER_CONCURRENCY", "0", "greater than 0"),
    "too much concurrency": ("WORKER_CONCURRENCY", "10001", "less than or equal to 10000"),
    "a lease that is too short": ("LEASE_SECONDS", "0.5", "greater than or equal to 1"),
    "a lease that is too long": ("LEASE_SECONDS", "3601", "less than or equal to 3600"),
    "a log level nobody knows": ("LOG_LEVEL", "loud", "pattern"),
    "a log format that is neither": ("LOG_JSON", "perhaps", "valid boolean"),
    "a key that is not base64": ("SECRET_KEYS", f"{SECRET}!", "key 1 is not base64"),
    "a key that is too short": ("SECRET_KEYS", base64.b64encode(b"short").decode(), "key 1 has 5 bytes instead of 32"),
    "a second key that is too long": (
        "SECRET_KEYS",
        f"{KEY},{base64.b64encode(bytes(33)).decode()}",
        "key 2 has 33 bytes instead of 32",
    ),
    "a comma too many": ("SECRET_KEYS", f"{KEY},", "key 2 has 0 bytes"),
}


def _complaint(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> str:
    monkeypatch.setenv(f"POSTLINE_{variable}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    return str(caught.value)


@pytest.mark.parametrize(("variable", "value", "part"), MALFORMED.values(), ids=MALFORMED)
def test_one_sentence_names_the_variable(environment: pytest.MonkeyPatch, variable: str, value: str, part: str) -> None:
    complaint = _complaint(environment, variable, value)
    assert complaint.startswith(f"POSTLINE_{variable} is not usable: ")
    assert part in complaint
    assert complaint.endswith(".")
    assert "\n" not in complaint


SECRETS: Final = {
    "a password of another database": ("DATABASE_URL", f"mysql://u:{SECRET}@h/d"),
    "a key that is not base64": ("SECRET_KEYS", f"{SECRET}!"),
    "a key that is too short": ("SECRET_KEYS", SECRET + "a"),
    "a key with a letter of another alphabet": ("SECRET_KEYS", f"{SECRET}é"),
}


@pytest.mark.parametrize(("variable", "value"), SECRETS.values(), ids=SECRETS)
def test_a_complaint_never_quotes_a_secret(environment: pytest.MonkeyPatch, variable: str, value: str) -> None:
    assert SECRET not in _complaint(environment, variable, value)


def test_a_password_in_brackets_is_not_quoted(environment: pytest.MonkeyPatch) -> None:
    assert SECRET not in _complaint(environment, "DATABASE_URL", f"postgresql://u:[{SECRET}]@h/d")


def test_the_missing_key_ring_is_told_with_the_way_to_make_one(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("POSTLINE_SECRET_KEYS")
    with pytest.raises(SettingsError, match=r"^POSTLINE_SECRET_KEYS is not set\. .*`postline new-key`\.$"):
        Settings.load()


def test_an_empty_value_counts_as_absent(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POSTLINE_DATABASE_URL", "")
    assert Settings.load().database_url is None


def test_an_empty_key_ring_counts_as_missing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POSTLINE_SECRET_KEYS", "")
    with pytest.raises(SettingsError, match="is not set"):
        Settings.load()


def test_only_the_key_ring_must_be_set() -> None:
    assert Settings.load().port == 8000


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_both_names_of_postgresql_are_taken(environment: pytest.MonkeyPatch, scheme: str) -> None:
    environment.setenv("POSTLINE_DATABASE_URL", f"{scheme}://u:p@h/d")
    database_url = Settings.load().database_url
    assert database_url is not None
    assert database_url.get_secret_value() == f"{scheme}://u:p@h/d"


def test_a_slash_at_the_end_of_an_address_does_not_matter(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POSTLINE_PUBLIC_URL", "https://social.example.com/")
    assert Settings.load().public_url == "https://social.example.com"


def test_media_is_kept_in_the_data_folder_unless_told_otherwise(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("POSTLINE_DATA_DIR", str(tmp_path))
    assert Settings.load().storage_url == (tmp_path / "media").as_uri()


def test_a_relative_data_folder_is_made_absolute(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.chdir(tmp_path)
    environment.setenv("POSTLINE_DATA_DIR", "somewhere")
    assert Settings.load().data_dir == tmp_path / "somewhere"


def test_the_first_key_of_the_ring_comes_first() -> None:
    assert decode_keys(f"{OTHER_KEY}, {KEY}") == [bytes(range(32, 64)), bytes(range(32))]


def test_settings_shown_in_a_log_hide_their_secrets(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POSTLINE_DATABASE_URL", f"postgresql://u:{SECRET}@h/d")
    environment.setenv("POSTLINE_META_APP_SECRET", SECRET)
    environment.setenv("POSTLINE_TIKTOK_CLIENT_SECRET", SECRET)
    shown = repr(Settings.load())
    assert SECRET not in shown
    assert KEY not in shown
