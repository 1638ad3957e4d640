"""Who acts, and what their role allows."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from postline.core.words import Role
from postline.refusals import Refusal, Why

RANKS: Final = {Role.VIEWER: 0, Role.EDITOR: 1, Role.ADMINISTRATOR: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A member, a program with a token, or Postline itself, acting in one account."""

    account_id: UUID
    name: str
    role: Role
    id: UUID | None = None
    user_id: UUID | None = None

    def require(self, role: Role, what: str) -> None:
        """Raises Refusal unless the actor has at least this role. `what` completes “… may {what}”."""
        if RANKS[self.role] < RANKS[role]:
            who = "Only an administrator" if role is Role.ADMINISTRATOR else "Only an editor or administrator"
            raise Refusal(Why.FORBIDDEN, "role-too-low", f"{who} may {what}. Ask one to do it or to change your role.")


def postline_itself(account_id: UUID) -> Actor:
    return Actor(account_id=account_id, name="Postline", role=Role.ADMINISTRATOR)
