"""A lane for each network, so that one that hangs holds up no other."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("deliveries_run_at_ix", "deliveries")
    op.create_index(
        "deliveries_run_at_ix",
        "deliveries",
        ["network", "is_upload", "run_at"],
        postgresql_where=sa.text("run_at IS NOT NULL"),
    )
