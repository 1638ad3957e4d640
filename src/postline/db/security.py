"""Row-level security as SQL, for migrations. Forced, so that the tables' owner is bound by it too."""

from postline.db.engine import APP_ROLE, WORKER_ROLE

CURRENT_ACCOUNT = "NULLIF(current_setting('postline.account_id', true), '')::uuid"
CURRENT_USER = "NULLIF(current_setting('postline.user_id', true), '')::uuid"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
OWN_ACCOUNT = f"account_id = {CURRENT_ACCOUNT}"


def create_roles() -> list[str]:
    """The two roles that connections take on; the one who migrates may act as either."""
    return [
        *(
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            for role in (APP_ROLE, WORKER_ROLE)
        ),
        f"GRANT {APP_ROLE}, {WORKER_ROLE} TO CURRENT_USER",
        f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {WORKER_ROLE}",
    ]


def protect(table: str, *, visible: str = OWN_ACCOUNT, writable: str = OWN_ACCOUNT) -> list[str]:
    """Let the app role see the rows for which `visible` holds and write those for which `writable` does.

    The worker role sees and writes all.
    """
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY app_sees_its_account ON {table} TO {APP_ROLE} USING ({visible}) WITH CHECK ({writable})",
        f"CREATE POLICY worker_sees_all ON {table} TO {WORKER_ROLE} USING (true)",
        *grant(table),
    ]


def grant(table: str, rights: str = EVERYTHING) -> list[str]:
    return [f"GRANT {rights} ON {table} TO {APP_ROLE}, {WORKER_ROLE}"]


def keep_for_workers(table: str) -> list[str]:
    """Rows of no account, which no account's request may see."""
    return [f"GRANT {EVERYTHING} ON {table} TO {WORKER_ROLE}"]


def append_only(table: str) -> list[str]:
    """What was written there stays as it is."""
    return [f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}, {WORKER_ROLE}"]
