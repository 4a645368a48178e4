"""The faces of the connections: the command, the API and the page of the documentation tell what the data say."""

import io
import json

import pytest
from click.testing import CliRunner

from api.catalogue_schemas import IntegrationSchema
from api.store import migrate
from app import create_app
from calculator.command.main import main
from pricing.catalogue.integrations import integration_record, integrations
from tests.tools.connections_page import PAGE, cases_by_pair, page

PATH = "/api/v1/connections"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/connections.db"
    migrate(url)
    return create_app({"DATABASE_URL": url, "LOG": io.StringIO(), "WARM": False}).test_client()


def run(*arguments):
    return CliRunner().invoke(main, ["connections", *arguments], catch_exceptions=False)


def test_the_command_lists_every_pair():
    done = run()
    rows = done.stdout.splitlines()
    assert (done.exit_code, len(rows)) == (0, len(integrations()) + 1)
    assert rows[0].split() == ["FROM", "TO", "HOW", "DEFAULTS", "WHAT", "ARRIVES"]


def test_the_command_lists_the_pairs_of_a_type():
    rows = [row.split() for row in run("kinesis_stream").stdout.splitlines()[1:]]
    assert rows
    assert all("kinesis_stream" in row[:2] for row in rows)
    (told,) = [row for row in rows if row[:2] == ["kinesis_stream", "lambda_function"]]
    assert told[2:5] == ["poll", "batch=100", "batch_window_s=0"]
    refused = run("sns_topic").stdout
    assert "a standard topic cannot deliver to a FIFO queue; put lambda_function between" in refused
    assert "(source fifo false, target fifo true)" in refused


def test_the_command_as_json_is_the_answer_of_the_api(client):
    told = json.loads(run("sqs_queue", "--format", "json").stdout)
    assert told == client.get(f"{PATH}?type=sqs_queue").json
    assert {"sqs_queue"} <= {end for pair in told for end in (pair["from"], pair["to"])}


def test_a_type_that_there_is_not(client):
    done = run("teapot")
    assert done.exit_code == 2
    assert done.stderr.startswith("nothing is known to lead from or to 'teapot'; expected one of ")
    refused = client.get(f"{PATH}?type=teapot")
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/type"]


def test_the_api_lists_what_the_data_say(client):
    told = client.get(PATH).json
    assert told == json.loads(json.dumps([integration_record(row) for row in integrations()]))
    (queue,) = [pair for pair in told if (pair["from"], pair["to"]) == ("sqs_queue", "event_pipe")]
    assert (queue["supported"], queue["how"]) == (True, "poll")
    assert queue["defaults"] == {"batch": 10, "batch_window_s": 0}
    assert queue["limits"] == {"batch_max": 10000, "batch_window_max_s": 300}
    (refused,) = [pair for pair in told if (pair["from"], pair["to"]) == ("iot_core", "event_bus")]
    assert (refused["supported"], refused["instead"]) == (False, ["lambda_function", "sqs_queue"])
    assert refused["why"]


def test_every_answer_is_as_described(client):
    schema = IntegrationSchema(many=True)
    told = client.get(PATH).json
    assert not schema.validate(told)
    assert set(told[0]) == {field.data_key or name for name, field in IntegrationSchema().fields.items()}


def test_the_page_says_what_the_data_say():
    assert PAGE.read_text("utf-8") == page(), "write it again: python -m tests.tools.connections_page"


def test_as_many_pairs_have_a_case_by_value_as_are_promised():
    carried = {(row.from_type, row.to_type) for row in integrations() if row.supported}
    assert len(carried & cases_by_pair().keys()) >= 150
