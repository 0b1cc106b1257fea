"""The queries of the tour and further ones over the flights answer what Apache Spark answers, at both doors."""

import datetime
import decimal
import json
import math
import pathlib
import urllib.parse

import pytest
import tour
from databricks import sql as connector
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.sql import StatementState

_RECORDED = json.loads(pathlib.Path(__file__).with_name("flight_answers.json").read_text())
_ANSWERS = _RECORDED["answers"]
_LEAST_QUERIES = 18


@pytest.fixture(scope="module")
def token(tarn_server):
    return pathlib.Path(tarn_server["token_file"]).read_text().strip()


@pytest.fixture(scope="module")
def client(tarn_server, token):
    return WorkspaceClient(host=tarn_server["http_url"], token=token)


@pytest.fixture(scope="module")
def cursor(tarn_server, token):
    port = urllib.parse.urlsplit(tarn_server["https_url"]).port
    with connector.connect(server_hostname="localhost", _port=port, access_token=token, enable_telemetry=False,
                           http_path=tarn_server["warehouses"][0]["http_path"],
                           _tls_trusted_ca_file=tarn_server["ca_file"]) as connection:
        with connection.cursor() as cursor:
            yield cursor


def _of_text(text, kind):
    """A value of the Statement API, which sends texts, as the recording writes it."""
    if text is None:
        return None
    if kind == "double":
        return float(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None).isoformat()
    return int(text) if kind in ("int", "bigint") else text


def _of_value(value):
    """A value of the connector as the recording writes it."""
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, decimal.Decimal) else value


def _same(ours, theirs):
    if isinstance(theirs, float) and isinstance(ours, float):
        # Sums of doubles depend on the order of the rows in their last digits.
        return math.isclose(ours, theirs, rel_tol=1e-11, abs_tol=1e-12)
    return type(ours) is type(theirs) and ours == theirs


def _compare(ours, theirs):
    assert len(ours) == len(theirs)
    for number, (mine, row) in enumerate(zip(ours, theirs)):
        assert len(mine) == len(row) and all(map(_same, mine, row)), f"row {number}: {mine}, Spark says {row}"


def test_every_query_has_been_recorded():
    assert [answer["sql"] for answer in _ANSWERS] == tour.flight_queries(), "run record_tour.py"
    assert len(_ANSWERS) >= _LEAST_QUERIES


@pytest.mark.parametrize("answer", _ANSWERS, ids=range(len(_ANSWERS)))
def test_through_the_statement_api(client, tarn_server, answer):
    said = client.statement_execution.execute_statement(answer["sql"], tarn_server["warehouses"][0]["id"],
                                                        wait_timeout="50s")
    assert said.status.state == StatementState.SUCCEEDED, said.status.error
    columns = [[c.name, c.type_text.lower()] for c in said.manifest.schema.columns]
    assert columns == answer["columns"]
    kinds = [kind for _, kind in columns]
    _compare([list(map(_of_text, row, kinds)) for row in said.result.data_array or []], answer["rows"])


@pytest.mark.parametrize("answer", _ANSWERS, ids=range(len(_ANSWERS)))
def test_through_the_thrift_door(cursor, answer):
    cursor.execute(answer["sql"])
    names = [[column[0], column[1]] for column in cursor.description]
    assert names == [[name, kind.split("(")[0]] for name, kind in answer["columns"]]
    _compare([[_of_value(value) for value in row] for row in cursor.fetchall()], answer["rows"])
