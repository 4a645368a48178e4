"""Whatever the description allows, and much that it does not, is sent to the running service: nothing breaks it."""

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import EngineFinished, FatalError, NonFatalError, ScenarioFinished

from calculator import component_types
from tests.helpers.serving import served

EXAMPLES = 25
PHASES = {"examples", "coverage", "fuzzing", "stateful"}
# Types with choices, conditions, texts, numbers that may be unset, and none of these.
FEW = ("custom_line", "dynamodb_table", "lambda_function", "metered_usage", "state_machine")
# Inputs whose numbers are tried as numbers that vary and that are not known; of all it would be ten times as much.
VARIED = ("item_kb",)
NUMBERS = ("#/components/schemas/VaryingNumber", "#/components/schemas/NumberNotKnown")
# What JSON Schema cannot say is refused with 422: a price that is not known, a name that stands twice. 404 and 412:
# there is no saved architecture of a made-up id, or not in the made-up version.
REFUSALS = {
    "positive_data_acceptance": ["2xx", 304, 404, 412, 422],
    "negative_data_rejection": [400, 404, 405, 406, 412, 413, 415, 422, 428],
    "missing_required_header": [422, 428],
}


def test_the_service_does_what_its_description_says(tmp_path):
    with served(tmp_path, "--worker-class", "gthread", "--threads", "4") as address:
        events = [*from_schema(described_at(address, types=FEW)).execute()]
        every_type = described_at(address, types=component_types(), phases=("examples", "fuzzing"))
        events += from_schema(every_type.include(operation_id="post_estimate")).execute()
        assert failures(events) == []
    finished = [event for event in events if isinstance(event, ScenarioFinished)]
    assert {event.phase.value.lower().split()[0] for event in finished} == PHASES
    answered = [status for event in finished for status in statuses(event, "/api/v1/estimates")]
    assert answered.count(200) > EXAMPLES, "documents that can be computed are among them"
    assert sum(isinstance(event, EngineFinished) for event in events) == 2


def described_at(address, *, types, phases=PHASES):
    """The description as if there were only these types.

    Of each type the coverage phase makes hundreds of documents for each operation that takes one: it has a few types.
    tests/test_api.py holds the bounds of every input of every type against the description without HTTP.
    """
    config = {
        "base-url": address,
        "generation": {"max-examples": EXAMPLES, "deterministic": True},
        "checks": {name: {"expected-statuses": statuses} for name, statuses in REFUSALS.items()},
        "phases": {name: {"enabled": name in phases} for name in PHASES}
        | {"stateful": {"enabled": "stateful" in phases, "generation": {"max-examples": EXAMPLES}}},
    }
    description = requests.get(f"{address}/api/v1/openapi.json", timeout=30).json()
    component = description["components"]["schemas"]["Component"]
    component["anyOf"] = [{"$ref": f"#/components/schemas/{name}"} for name in types]
    for schema in description["components"]["schemas"].values():
        for name, known in schema.get("properties", {}).items():
            if name not in VARIED and isinstance(known.get("anyOf"), list):
                known["anyOf"] = [one for one in known["anyOf"] if one.get("$ref", "") not in NUMBERS]
    return schemathesis.openapi.from_dict(description, config=SchemathesisConfig.from_dict(config))


def failures(events):
    """What went wrong, each with the request that shows it."""
    told = [repr(event.value) for event in events if isinstance(event, NonFatalError)]
    told += [repr(event.exception) for event in events if isinstance(event, FatalError)]
    for event in events:
        if isinstance(event, ScenarioFinished):
            told += [
                f"{event.label}: {check.name}: {check.failure_info.failure.message}\n{check.failure_info.code_sample}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.status is Status.FAILURE
            ]
    return told


def statuses(event, path):
    return [
        interaction.response.status_code
        for interaction in event.recorder.interactions.values()
        if interaction.response is not None and interaction.request.uri.endswith(path)
    ]
