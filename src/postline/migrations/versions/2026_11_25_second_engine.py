"""What the engine, webhooks and notices need: lanes, order within a profile, covers, commit times, signals."""

import sqlalchemy as sa
from alembic import op

from postline.db.security import keep_for_workers, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("is_upload", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("commit_began_at", "incident_at"):
        op.add_column("deliveries", sa.Column(name, sa.DateTime(timezone=True)))
    op.drop_index("deliveries_run_at_ix", "deliveries")
    op.create_index(
        "deliveries_run_at_ix",
        "deliveries",
        ["is_upload", "run_at"],
        postgresql_where=sa.text("run_at IS NOT NULL"),
    )
    op.create_index("deliveries_profile_ix", "deliveries", ["profile_id", "due_at"])
    op.create_index(
        "deliveries_begun_ix",
        "deliveries",
        ["due_at"],
        postgresql_where=sa.text("run_at <> due_at OR state = 'unconfirmed'"),
    )
    for column in ("account_id", "post_id", "profile_id"):
        op.drop_index(f"deliveries_{column}_ix", "deliveries")
    # Room in each page, so that the writes between two calls stay in it.
    op.execute("ALTER TABLE deliveries SET (fillfactor = 70)")

    op.add_column("post_media", sa.Column("cover_asset_id", sa.Uuid()))
    op.create_foreign_key("post_media_cover_asset_id_fkey", "post_media", "assets", ["cover_asset_id"], ["id"])
    op.create_index("post_media_cover_asset_id_ix", "post_media", ["cover_asset_id"])

    op.drop_constraint("journal_account_id_fkey", "journal", type_="foreignkey")
    op.drop_constraint("journal_delivery_id_fkey", "journal", type_="foreignkey")
    op.drop_index("journal_account_id_ix", "journal")

    op.create_table(
        "webhooks",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("process_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="webhooks_pkey"),
    )
    op.create_index(
        "webhooks_process_at_ix", "webhooks", ["process_at"], postgresql_where=sa.text("process_at IS NOT NULL")
    )
    op.create_index("webhooks_received_at_ix", "webhooks", ["received_at"])
    op.create_table(
        "deletion_requests",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("connections_deleted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="deletion_requests_pkey"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("mail_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="notices_account_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="notices_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="notices_pkey"),
    )
    op.create_index("notices_account_id_ix", "notices", ["account_id"])
    op.create_index("notices_user_id_ix", "notices", ["user_id"])
    op.create_index("notices_mail_at_ix", "notices", ["mail_at"], postgresql_where=sa.text("mail_at IS NOT NULL"))
    for statement in (*keep_for_workers("webhooks"), *keep_for_workers("deletion_requests"), *protect("notices")):
        op.execute(statement)
