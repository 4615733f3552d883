"""Values on their way through the engine: unknown ones, whole numbers."""

from __future__ import annotations

import json

from emulator import Emulator
from tests.engine.specimens import API_KEY, SERVICE, SOURCE, example, subuser
from tests.engine.support import Small


def test_an_output_that_is_unknown_in_a_preview_updates_and_does_not_replace(small: Small) -> None:
    """An update makes its resource's output-only fields unknown until it is done."""

    def resources(*, disabled: bool) -> dict[str, object]:
        source = example(SOURCE, name={"text": "home.user_id"}, settings={"number": {"ref": "home.user_id"}})
        return {"home": subuser("engage_test", disabled=disabled), "source": source}

    project = small(resources(disabled=False))
    assert (up := project.up()).ok, up.output
    project.declare(resources(disabled=True))
    assert project.preview().changes == {"home": "update", "source": "update"}
    done = project.up()
    assert done.ok, done.output
    assert done.changes == {"home": "update"}, "the value turned out to be the same"


def test_a_whole_number_is_an_int_wherever_it_arrives(small: Small, emulator: Emulator) -> None:
    project = small(
        {
            "home": subuser("engage_test"),
            "key": example(API_KEY, subuser={"ref": "home.id"}, generation=2),
            "service": example(SERVICE, validity_period=600),
            "source": example(SOURCE, settings={"deep": [{"number": 7}], "half": 0.5}),
        }
    )
    up = project.up()
    assert up.ok, up.output
    outputs = project.outputs()
    assert outputs["home types"]["user_id"] == "int"
    assert outputs["key types"]["generation"] == "int"
    assert outputs["service types"]["validity_period"] == "int"
    (service,) = [entry.body for entry in up.requests if entry.method == "POST" and entry.path == "/v1/Services"]
    assert service["ValidityPeriod"] == "600"
    (source,) = emulator.state.collection("segment", "sources").values()
    assert json.dumps(source["settings"], sort_keys=True) == '{"deep": [{"number": 7}], "half": 0.5}'
