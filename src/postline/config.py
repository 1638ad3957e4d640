"""Every setting, in one place. Environment variables carry the prefix POSTLINE_; docs/settings.md lists them."""

import base64
import binascii
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from postline.networks.apps import Posting

PREFIX = "POSTLINE_"
KEY_BYTES = 32
METRICS_TOKEN_MIN = 16


class SettingsError(Exception):
    """One clear sentence that names the variable at fault."""


class Settings(BaseSettings):
    """What an operator may set. Empty values count as absent."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL (15 or newer) to use, as `postgresql://user:password@host/database`. "
        "Absent: an embedded server under `POSTLINE_DATA_DIR`.",
    )
    data_dir: Path = Field(Path("data"), description="Folder for the embedded database and, by default, for media.")
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Where people and networks reach this server. Networks fetch images from it, so it must be "
        "reachable from outside to publish images to Instagram or photos to TikTok.",
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `serve` listens on.")
    secret_keys: SecretStr = Field(
        description="Comma-separated key ring, each key 32 random bytes in base64. The first encrypts; all decrypt. "
        "Make one with `postline new-key`."
    )
    media_url: str | None = Field(
        None,
        description="Where media is kept: `file:///path`, `s3://bucket/prefix`. Absent: `media` in the data folder.",
    )
    upload_max_bytes: int = Field(4_000_000_000, gt=0, description="Largest file that can be uploaded, in bytes.")
    meta_app_id: str | None = Field(None, description="Id of your Meta app.")
    meta_app_secret: SecretStr | None = Field(None, description="Secret of your Meta app.")
    meta_graph_url: str = Field("https://graph.facebook.com", description="Host of Meta's Graph API.")
    meta_dialog_url: str = Field("https://www.facebook.com", description="Host of Meta's consent dialog.")
    meta_upload_url: str = Field("https://rupload.facebook.com", description="Host that takes Meta's video bytes.")
    meta_verify_token: SecretStr | None = Field(
        None, description="A word of your choice that Meta must say when it checks the webhook address."
    )
    meta_graph_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$", description="Version of Meta's Graph API.")
    tiktok_client_key: str | None = Field(None, description="Client key of your TikTok app.")
    tiktok_client_secret: SecretStr | None = Field(None, description="Client secret of your TikTok app.")
    tiktok_posting: Posting = Field(
        Posting.ALL,
        description="What TikTok has approved your app for: `direct` posts (`video.publish`), `drafts` "
        "(`video.upload`), or `all`, which is both. Nobody is asked for a scope that is not approved, and preflight "
        "refuses what would need it.",
    )
    tiktok_is_audited: bool = Field(
        False,
        description="Whether TikTok has audited your app. Until then TikTok lets it post privately only, "
        "and preflight says so.",
    )
    tiktok_pulls_videos: bool = Field(
        False,
        description="Whether TikTok fetches videos from `POSTLINE_PUBLIC_URL`, which must then be verified in your "
        "TikTok app, instead of being sent them.",
    )
    tiktok_api_url: str = Field("https://open.tiktokapis.com", description="Host of TikTok's API.")
    tiktok_auth_url: str = Field("https://www.tiktok.com", description="Host of TikTok's consent page.")
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server for notices to administrators, as `smtp://user:password@host:587` (STARTTLS) or "
        "`smtps://…` (TLS). Absent: notices are shown on the page only.",
    )
    mail_from: str = Field("postline@localhost", description="Sender of these mails.")
    worker_concurrency: int = Field(
        1000, gt=0, le=10_000, description="Deliveries of one network that one worker has in flight."
    )
    worker_uploads: int = Field(
        20,
        gt=0,
        le=1000,
        description="Deliveries of more than 4 MB of one network that one worker has in flight besides those. "
        "They have places of their own, so that a slow upload delays nothing small.",
    )
    lease_seconds: float = Field(
        30, ge=1, le=3600, description="How long a worker owns a delivery between heartbeats, in seconds."
    )
    late_limit_seconds: float = Field(
        600,
        ge=1,
        le=86_400,
        description="How late a delivery may be before it becomes an incident, in seconds.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Bearer token that `/metrics` asks for, 16 characters or more. Absent: only programs on the same "
        "machine, not behind a proxy, may read it.",
    )
    metrics_host: str = Field("127.0.0.1", description="Address that a worker shows its numbers and health on.")
    metrics_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port that a worker shows its numbers and health on; each worker of a machine needs its own. "
        "Absent: none is opened.",
    )
    log_json: bool = Field(False, description="Write logs as one JSON object a line.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Least severe log to write.")

    @field_validator(
        "public_url", "meta_graph_url", "meta_dialog_url", "meta_upload_url", "tiktok_api_url", "tiktok_auth_url"
    )
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"“{value}” is not a web address such as https://social.example.com")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            scheme = urlsplit(value.get_secret_value()).scheme
        except ValueError:  # its message would quote the password
            raise ValueError("it is not a URL such as postgresql://user:password@host/database") from None
        if scheme not in ("postgresql", "postgres"):
            raise ValueError("it must begin with postgresql:// (Postline uses no other database)")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value else None
        if parts is not None and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("it is not a URL such as smtp://user:password@mail.example.com:587")
        return value

    @field_validator("secret_keys")
    @classmethod
    def _is_key_ring(cls, value: SecretStr) -> SecretStr:
        decode_keys(value.get_secret_value())
        return value

    @field_validator("metrics_token")
    @classmethod
    def _is_hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value) < METRICS_TOKEN_MIN:
            raise ValueError(f"it has {len(value)} characters; use {METRICS_TOKEN_MIN} or more, made at random")
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def keys(self) -> list[bytes]:
        return decode_keys(self.secret_keys.get_secret_value())

    @property
    def storage_url(self) -> str:
        return self.media_url or (self.data_dir / "media").as_uri()

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises SettingsError."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            if first["type"] == "missing":
                raise SettingsError(f"{name} is not set. {cls._describe(str(first['loc'][0]))}") from None
            raise SettingsError(f"{name} is not usable: {first['msg'].removeprefix('Value error, ')}.") from None

    @classmethod
    def _describe(cls, field: str) -> str:
        return cls.model_fields[field].description or ""


def decode_keys(text: str) -> list[bytes]:
    """The keys of a ring, first one first. Raises ValueError with a sentence that never quotes a key."""
    keys = []
    for place, part in enumerate(text.split(","), 1):
        try:
            key = base64.b64decode(part.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f"key {place} is not base64; make one with `postline new-key`") from None
        if len(key) != KEY_BYTES:
            raise ValueError(f"key {place} has {len(key)} bytes instead of {KEY_BYTES}; use `postline new-key`")
        keys.append(key)
    return keys
