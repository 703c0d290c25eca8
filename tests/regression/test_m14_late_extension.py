"""An extension after expiry turned red to green; it is refused, and the red stays."""

from __future__ import annotations

import pytest

from tests.cast import Office, fresh
from yukuaiban.cases import queries
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.lights import Light


@pytest.mark.django_db
def test_after_expiry_an_extension_is_refused_and_the_light_stays():
    office = Office()
    case = office.in_review()
    office.tick("2026-03-31T09:00")
    before = queries.light_of(fresh(case), office.now)
    with pytest.raises(InputInvalid, match="已经届满"):
        office.do(case, "request_extension", "handler", limit="5wd", reason="需要外地机关协助核实")
    assert before is queries.light_of(fresh(case), office.now) is Light.BREACH
    assert office.due(case, "statutory") == "2026-03-30T17:30"
