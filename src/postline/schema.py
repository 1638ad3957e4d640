"""All tables together: importing this module registers every model."""

from sqlalchemy import MetaData

from postline.accounts import models as accounts
from postline.approvals import models as approvals
from postline.connections import models as connections
from postline.db import idempotency
from postline.db.base import Base
from postline.events import models as events
from postline.media import models as media
from postline.metrics import models as metrics
from postline.notices import models as notices
from postline.posts import models as posts
from postline.profiles import models as profiles
from postline.webhooks import models as webhooks

MODULES = (accounts, approvals, connections, events, idempotency, media, metrics, notices, posts, profiles, webhooks)

metadata: MetaData = Base.metadata


def tenant_tables() -> list[str]:
    """Tables whose rows belong to one account, in a fixed order."""
    return sorted(table.name for table in metadata.tables.values() if "account_id" in table.columns)
