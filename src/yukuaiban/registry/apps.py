"""At start: each listed measure hands over its actions and its permissions."""

from __future__ import annotations

import importlib
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

PERMISSIONS = "permissions.toml"


class RegistryConfig(AppConfig):
    """The room that knows which measures there are."""

    name = "yukuaiban.registry"
    label = "registry"

    def ready(self) -> None:
        """Fill the catalogue of actions and the access policy. A wrong file stops the start."""
        from yukuaiban.cases import warningmodes  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.cases.catalogue import register  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.people.access import load_policy  # noqa: PLC0415
        from yukuaiban.registry.measure import Measure, enlist, measures  # noqa: PLC0415

        for path in settings.YKB_MEASURES:
            measure = importlib.import_module(path).MEASURE
            if not isinstance(measure, Measure):
                message = f"{path}.MEASURE is no Measure; see docs/adding-a-measure.md"
                raise TypeError(message)
            enlist(measure)
            register(measure.code, measure.actions)
            if measure.at_desks:
                warningmodes.enlist(measure.code)
        rooms = [_permissions_of(room) for room in settings.YKB_POLICY_ROOMS]
        load_policy([*rooms, *(measure.permissions for measure in measures())])


def _permissions_of(room: str) -> Path:
    """The permissions file of a room with routes of its own."""
    module = importlib.import_module(room)
    return Path(str(module.__file__)).parent / PERMISSIONS
