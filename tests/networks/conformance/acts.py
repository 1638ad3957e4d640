"""What scenarios do again and again."""

from typing import Any

import pytest

from postline.core.errors import NetworkError
from postline.sandbox.settings import Settings
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery


async def failure(delivery: Delivery) -> NetworkError:
    """What publishing raises."""
    with pytest.raises(NetworkError) as caught:
        await delivery.publish()
    return caught.value


def settle(world: World, **changes: Any) -> None:
    """Change the sandbox's settings."""
    settings: Settings = world.sandbox.world.settings
    world.sandbox.world.settings = settings.changed(changes)
