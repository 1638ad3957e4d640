"""Whether the migrations, run on an empty database, give exactly the tables of the models. Exit code 1 if not."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.util import CommandError

from postline import migrations
from postline.db.embedded import ensure_server


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="postline-") as folder:
        server = ensure_server(Path(folder), {"fsync": "off"})
        try:
            url = server.url()
            migrations.upgrade(url)
            command.check(migrations.alembic_config(url))
        except CommandError as error:
            print(f"The models and the migrations disagree: {error}", file=sys.stderr)
            return 1
        finally:
            server.destroy()
    return 0


if __name__ == "__main__":
    sys.exit(main())
