"""R10: the attacks are worth something. Each planted weakness lets one of them through that is refused otherwise."""

from __future__ import annotations

import pytest

from tests.attack.oidc_attacks import ATTACKS
from tests.attack.oidc_scene import Scene
from tests.attack.planted import PLANTS
from tests.attack.test_oidc import tried

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True


@pytest.mark.parametrize("name", PLANTS)
async def test_a_planted_weakness_is_noticed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plant, noticed_by = PLANTS[name]
    assert set(noticed_by) <= set(ATTACKS)
    assert await tried(scene, *noticed_by) == {}, "without the plant it is refused"
    plant(monkeypatch)
    assert set(await tried(scene, *noticed_by)) == set(noticed_by)
