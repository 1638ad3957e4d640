import pytest

from tests.networks.support import Ticks


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()
