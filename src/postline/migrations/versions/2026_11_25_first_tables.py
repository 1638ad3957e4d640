"""First tables, with row-level security forced on every tenant table."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from postline.db.security import (
    CURRENT_ACCOUNT,
    CURRENT_USER,
    OWN_ACCOUNT,
    append_only,
    create_roles,
    grant,
    protect,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


IS_MEMBER = f"EXISTS (SELECT FROM members AS m WHERE m.account_id = accounts.id AND m.user_id = {CURRENT_USER})"
IS_CURRENT = f"id = {CURRENT_ACCOUNT}"
TENANT_TABLES = (
    "api_tokens",
    "approvals",
    "assets",
    "audit_events",
    "connections",
    "consent_requests",
    "deliveries",
    "idempotency_keys",
    "journal",
    "metric_samples",
    "post_media",
    "posts",
    "profiles",
    "variants",
)


def upgrade() -> None:
    create_tables()
    statements = [
        *create_roles(),
        *protect("accounts", visible=f"{IS_CURRENT} OR {IS_MEMBER}", writable=IS_CURRENT),
        *protect("members", visible=f"{OWN_ACCOUNT} OR user_id = {CURRENT_USER}"),
        *(statement for table in TENANT_TABLES for statement in protect(table)),
        *grant("users"),
        *grant("sign_ins"),
        *grant("alembic_version", "SELECT"),
        *append_only("audit_events"),
        *append_only("journal"),
    ]
    for statement in statements:
        op.execute(statement)


def create_tables() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("requires_approval", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("accounts_pkey")),
    )
    op.create_table(
        "users",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.UniqueConstraint("email", name=op.f("users_email_key")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'editor', 'viewer')",
            name=op.f("api_tokens_role_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("api_tokens_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("api_tokens_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("api_tokens_token_hash_key")),
    )
    op.create_index(op.f("api_tokens_account_id_ix"), "api_tokens", ["account_id"], unique=False)
    op.create_table(
        "assets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("video_codec", sa.String(), nullable=True),
        sa.Column("audio_codec", sa.String(), nullable=True),
        sa.Column("frame_rate", sa.Double(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('image', 'video')", name=op.f("assets_kind_check")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("assets_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("assets_pkey")),
    )
    op.create_index(op.f("assets_account_id_ix"), "assets", ["account_id"], unique=False)
    op.create_table(
        "audit_events",
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("audit_events_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_events_pkey")),
    )
    op.create_index(op.f("audit_events_account_id_ix"), "audit_events", ["account_id"], unique=False)
    op.create_index(
        "audit_events_subject_ix",
        "audit_events",
        ["account_id", "subject_id"],
        unique=False,
    )
    op.create_table(
        "connections",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("provider IN ('meta', 'tiktok')", name=op.f("connections_provider_check")),
        sa.CheckConstraint(
            "status IN ('active', 'needs_reconnect', 'revoked')",
            name=op.f("connections_status_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("connections_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("connections_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "provider",
            "subject_id",
            name=op.f("connections_account_id_provider_subject_id_key"),
        ),
    )
    op.create_index(op.f("connections_account_id_ix"), "connections", ["account_id"], unique=False)
    op.create_index(
        "connections_refresh_at_ix",
        "connections",
        ["refresh_at"],
        unique=False,
        postgresql_where="refresh_at IS NOT NULL",
    )
    op.create_table(
        "consent_requests",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("member_name", sa.String(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("code_verifier", sa.LargeBinary(), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("consent_requests_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("consent_requests_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("consent_requests_pkey")),
    )
    op.create_index(
        op.f("consent_requests_account_id_ix"),
        "consent_requests",
        ["account_id"],
        unique=False,
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column(
            "answer",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("idempotency_keys_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("idempotency_keys_pkey")),
    )
    op.create_table(
        "members",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'editor', 'viewer')",
            name=op.f("members_role_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("members_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("members_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("members_pkey")),
        sa.UniqueConstraint("account_id", "user_id", name=op.f("members_account_id_user_id_key")),
    )
    op.create_index(op.f("members_account_id_ix"), "members", ["account_id"], unique=False)
    op.create_index(op.f("members_user_id_ix"), "members", ["user_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("local_time", sa.DateTime(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("origin_note", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("format IN ('feed', 'reel', 'story')", name=op.f("posts_format_check")),
        sa.CheckConstraint("origin IN ('composer', 'creative')", name=op.f("posts_origin_check")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("posts_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("posts_pkey")),
    )
    op.create_index(op.f("posts_account_id_ix"), "posts", ["account_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("sign_ins_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("sign_ins_pkey")),
    )
    op.create_index(op.f("sign_ins_user_id_ix"), "sign_ins", ["user_id"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("content_hashes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_note", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('none', 'pending', 'approved', 'rejected', 'withdrawn')",
            name=op.f("approvals_state_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("approvals_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("approvals_post_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("approvals_pkey")),
    )
    op.create_index(op.f("approvals_account_id_ix"), "approvals", ["account_id"], unique=False)
    op.create_index(
        "approvals_one_open_ix",
        "approvals",
        ["post_id"],
        unique=True,
        postgresql_where="state IN ('pending', 'approved')",
    )
    op.create_index(
        "approvals_pending_ix",
        "approvals",
        ["account_id", "requested_at"],
        unique=False,
        postgresql_where="state = 'pending'",
    )
    op.create_index(op.f("approvals_post_id_ix"), "approvals", ["post_id"], unique=False)
    op.create_table(
        "post_media",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("alt_text", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("post_media_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("post_media_asset_id_fkey")),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("post_media_post_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "position", name=op.f("post_media_pkey")),
    )
    op.create_index(op.f("post_media_account_id_ix"), "post_media", ["account_id"], unique=False)
    op.create_index(op.f("post_media_asset_id_ix"), "post_media", ["asset_id"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("avatar_url", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "network IN ('facebook', 'instagram', 'tiktok')",
            name=op.f("profiles_network_check"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'needs_reconnect', 'unbound')",
            name=op.f("profiles_status_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("profiles_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("profiles_connection_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("profiles_pkey")),
        sa.UniqueConstraint(
            "account_id",
            "network",
            "remote_id",
            name=op.f("profiles_account_id_network_remote_id_key"),
        ),
    )
    op.create_index(op.f("profiles_account_id_ix"), "profiles", ["account_id"], unique=False)
    op.create_index(op.f("profiles_connection_id_ix"), "profiles", ["connection_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ordered",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("approved_hash", sa.String(), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column(
            "checkpoint",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("open_step", sa.String(), nullable=True),
        sa.Column("open_effect", sa.String(), nullable=True),
        sa.Column("is_committed", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lookups", sa.Integer(), nullable=False),
        sa.Column("first_call_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("metrics_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("metrics_rung", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "network IN ('facebook', 'instagram', 'tiktok')",
            name=op.f("deliveries_network_check"),
        ),
        sa.CheckConstraint(
            "state IN ('held', 'scheduled', 'publishing', 'unconfirmed', 'published', 'failed', 'blocked', "
            "'cancelled')",
            name=op.f("deliveries_state_check"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('held', 'published', 'failed', 'blocked', 'cancelled') OR run_at IS NULL",
            name=op.f("deliveries_nobody_acts_check"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('scheduled', 'publishing') OR run_at IS NOT NULL",
            name=op.f("deliveries_machine_acts_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("deliveries_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("deliveries_post_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profiles.id"],
            name=op.f("deliveries_profile_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("deliveries_pkey")),
        sa.UniqueConstraint("post_id", "profile_id", name=op.f("deliveries_post_id_profile_id_key")),
    )
    op.create_index(op.f("deliveries_account_id_ix"), "deliveries", ["account_id"], unique=False)
    op.create_index("deliveries_due_ix", "deliveries", ["account_id", "due_at"], unique=False)
    op.create_index(
        "deliveries_metrics_at_ix",
        "deliveries",
        ["metrics_at"],
        unique=False,
        postgresql_where="metrics_at IS NOT NULL",
    )
    op.create_index(op.f("deliveries_post_id_ix"), "deliveries", ["post_id"], unique=False)
    op.create_index(op.f("deliveries_profile_id_ix"), "deliveries", ["profile_id"], unique=False)
    op.create_index(
        "deliveries_run_at_ix",
        "deliveries",
        ["run_at"],
        unique=False,
        postgresql_where="run_at IS NOT NULL",
    )
    op.create_table(
        "variants",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("caption", sa.String(), nullable=True),
        sa.Column(
            "options",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("variants_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("variants_post_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profiles.id"],
            name=op.f("variants_profile_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "profile_id", name=op.f("variants_pkey")),
    )
    op.create_index(op.f("variants_account_id_ix"), "variants", ["account_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("journal_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("journal_delivery_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("journal_pkey")),
    )
    op.create_index(op.f("journal_account_id_ix"), "journal", ["account_id"], unique=False)
    op.create_index(op.f("journal_delivery_id_ix"), "journal", ["delivery_id"], unique=False)
    op.create_table(
        "metric_samples",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "metric IN ('views', 'reach', 'likes', 'comments', 'shares', 'saves', 'clicks', 'watch_time_ms')",
            name=op.f("metric_samples_metric_check"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("metric_samples_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("metric_samples_delivery_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "metric", "observed_at", name=op.f("metric_samples_pkey")),
    )
    op.create_index(
        op.f("metric_samples_account_id_ix"),
        "metric_samples",
        ["account_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("metric_samples_account_id_ix"), table_name="metric_samples")
    op.drop_table("metric_samples")
    op.drop_index(op.f("journal_delivery_id_ix"), table_name="journal")
    op.drop_index(op.f("journal_account_id_ix"), table_name="journal")
    op.drop_table("journal")
    op.drop_index(op.f("variants_account_id_ix"), table_name="variants")
    op.drop_table("variants")
    op.drop_index(
        "deliveries_run_at_ix",
        table_name="deliveries",
        postgresql_where="run_at IS NOT NULL",
    )
    op.drop_index(op.f("deliveries_profile_id_ix"), table_name="deliveries")
    op.drop_index(op.f("deliveries_post_id_ix"), table_name="deliveries")
    op.drop_index(
        "deliveries_metrics_at_ix",
        table_name="deliveries",
        postgresql_where="metrics_at IS NOT NULL",
    )
    op.drop_index("deliveries_due_ix", table_name="deliveries")
    op.drop_index(op.f("deliveries_account_id_ix"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(op.f("profiles_connection_id_ix"), table_name="profiles")
    op.drop_index(op.f("profiles_account_id_ix"), table_name="profiles")
    op.drop_table("profiles")
    op.drop_index(op.f("post_media_asset_id_ix"), table_name="post_media")
    op.drop_index(op.f("post_media_account_id_ix"), table_name="post_media")
    op.drop_table("post_media")
    op.drop_index(op.f("approvals_post_id_ix"), table_name="approvals")
    op.drop_index(
        "approvals_pending_ix",
        table_name="approvals",
        postgresql_where="state = 'pending'",
    )
    op.drop_index(
        "approvals_one_open_ix",
        table_name="approvals",
        postgresql_where="state IN ('pending', 'approved')",
    )
    op.drop_index(op.f("approvals_account_id_ix"), table_name="approvals")
    op.drop_table("approvals")
    op.drop_index(op.f("sign_ins_user_id_ix"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index(op.f("posts_account_id_ix"), table_name="posts")
    op.drop_table("posts")
    op.drop_index(op.f("members_user_id_ix"), table_name="members")
    op.drop_index(op.f("members_account_id_ix"), table_name="members")
    op.drop_table("members")
    op.drop_table("idempotency_keys")
    op.drop_index(op.f("consent_requests_account_id_ix"), table_name="consent_requests")
    op.drop_table("consent_requests")
    op.drop_index(
        "connections_refresh_at_ix",
        table_name="connections",
        postgresql_where="refresh_at IS NOT NULL",
    )
    op.drop_index(op.f("connections_account_id_ix"), table_name="connections")
    op.drop_table("connections")
    op.drop_index("audit_events_subject_ix", table_name="audit_events")
    op.drop_index(op.f("audit_events_account_id_ix"), table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_index(op.f("assets_account_id_ix"), table_name="assets")
    op.drop_table("assets")
    op.drop_index(op.f("api_tokens_account_id_ix"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_table("users")
    op.drop_table("accounts")
