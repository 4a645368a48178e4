"""Whatever the description allows, and much that it does not, is sent to the running service: nothing breaks it."""

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import EngineFinished, FatalError, NonFatalError, ScenarioFinished

from tests.serving import served

EXAMPLES = 25
PHASES = {"examples", "coverage", "fuzzing", "stateful"}
# What JSON Schema cannot say is refused with 422: a price that is not known, a name that stands twice. 404 and 412:
# there is no saved architecture of a made-up id, or not in the made-up version.
REFUSALS = {
    "positive_data_acceptance": ["2xx", 304, 404, 412, 422],
    "negative_data_rejection": [400, 404, 405, 406, 412, 413, 415, 422, 428],
    "missing_required_header": [422, 428],
}


def test_the_service_does_what_its_description_says(tmp_path):
    with served(tmp_path, "--worker-class", "gthread", "--threads", "4") as address:
        events = list(from_schema(described_at(address)).execute())
        assert failures(events) == []
    finished = [event for event in events if isinstance(event, ScenarioFinished)]
    assert {event.phase.value.lower().split()[0] for event in finished} == PHASES
    estimates = [status for event in finished for status in statuses(event, "/api/v1/estimates")]
    assert estimates.count(200) > EXAMPLES, "documents that can be computed are among them"
    assert isinstance(events[-1], EngineFinished)


def described_at(address):
    config = {
        "generation": {"max-examples": EXAMPLES, "deterministic": True},
        "checks": {name: {"expected-statuses": statuses} for name, statuses in REFUSALS.items()},
        "phases": {"stateful": {"generation": {"max-examples": EXAMPLES}}},
    }
    return schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", config=SchemathesisConfig.from_dict(config))


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
