"""The unmodified databricks-sdk against a started server, over the plain loopback port and over TLS."""

import datetime
import io
import json

import pytest
import requests
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound, PermissionDenied
from databricks.sdk.service.sql import (Disposition, ExecuteStatementRequestOnWaitTimeout, Format,
                                        ServiceErrorCode, StatementParameterListItem, StatementState)

from fixtures.people import user_token


def rows(response):
    assert response.status.state == StatementState.SUCCEEDED, response.status.error
    return response.result.data_array


def test_counts_the_flights(run):
    response = run("SELECT count(*) FROM samples.nycflights.flights")
    assert rows(response) == [["336776"]]
    column = response.manifest.schema.columns[0]
    assert (column.name, column.type_text) == ("count(1)", "BIGINT")


def test_joins_the_carriers(run):
    response = run("""
        SELECT a.name, count(*) AS flights, round(avg(f.dep_delay), 2) AS delay
        FROM samples.nycflights.flights f JOIN samples.nycflights.airlines a USING (carrier)
        WHERE f.month = 1 GROUP BY a.name ORDER BY delay DESC LIMIT 3""")
    assert [c.type_text for c in response.manifest.schema.columns] == ["STRING", "BIGINT", "DOUBLE"]
    assert len(rows(response)) == 3


def test_profile_file_is_enough(tarn_server, monkeypatch):
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", tarn_server["profile_file"])
    assert WorkspaceClient().current_user.me().user_name == "admin@localhost"


def test_a_client_that_does_not_know_the_authority_refuses(tarn_server, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(tarn_server["https_url"] + "/healthz", timeout=10, verify=True)


def test_named_parameters(run):
    response = run("SELECT :n + 1 AS n, :s AS s, :missing AS m", parameters=[
        StatementParameterListItem(name="n", type="INT", value="41"),
        StatementParameterListItem(name="s", value="it's"),
        StatementParameterListItem(name="missing", type="DATE")])
    assert rows(response) == [["42", "it's", None]]


def test_values_and_types(run):
    response = run("SELECT true, 1Y, 1S, 1, 1L, 1.5F, 1.5D, 1.50, 'x', X'00ff', DATE'2024-02-29', "
                   "TIMESTAMP'2024-02-29 12:00:00.5', NULL, array(1, 2), named_struct('a', 1), map('k', 'v')")
    assert [c.type_text for c in response.manifest.schema.columns] == [
        "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(3,2)", "STRING", "BINARY",
        "DATE", "TIMESTAMP", "VOID", "ARRAY<INT>", "STRUCT<a: INT NOT NULL>", "MAP<STRING, STRING>"]
    assert rows(response) == [["true", "1", "1", "1", "1", "1.5", "1.5", "1.50", "x", "AP8=", "2024-02-29",
                               "2024-02-29T12:00:00.500Z", None, "[1,2]", '{"a":1}', '{"k":"v"}']]


@pytest.mark.parametrize("text, reason", [
    ("SELEC 1", "PARSE_SYNTAX_ERROR"),
    ("SELECT 1/0", "DIVIDE_BY_ZERO"),
    ("SELECT CAST('x' AS INT)", "CAST_INVALID_INPUT"),
    ("SELECT 2147483647 + 1", "ARITHMETIC_OVERFLOW"),
    ("SELECT * FROM samples.nycflights.nothing", "TABLE_OR_VIEW_NOT_FOUND"),
    ("SELECT nothing FROM samples.nycflights.flights", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
    ("SELECT carrier, count(*) FROM samples.nycflights.flights", "MISSING_GROUP_BY"),
    ("SELECT carrier, count(*) FROM samples.nycflights.flights GROUP BY origin", "MISSING_AGGREGATION"),
    ("SELECT nothing(1)", "UNRESOLVED_ROUTINE"),
    ("SELECT * FROM samples.nycflights.flights VERSION AS OF 99", "DELTA_VERSION_NOT_FOUND"),
])
def test_a_failed_statement_says_why(run, text, reason):
    response = run(text)
    assert response.status.state == StatementState.FAILED
    assert response.status.error.message.startswith(f"[{reason}]")


def test_asynchronous_wait_and_chunks(client, run):
    response = run("SELECT id FROM range(100000)", wait_timeout="0s")
    while response.status.state in (StatementState.PENDING, StatementState.RUNNING):
        response = client.statement_execution.get_statement(response.statement_id)
    assert response.manifest.total_row_count == 100_000
    seen, chunk = list(response.result.data_array), response.result
    while chunk.next_chunk_index is not None:
        chunk = client.statement_execution.get_statement_result_chunk_n(response.statement_id, chunk.next_chunk_index)
        seen += chunk.data_array
    assert sorted(int(row[0]) for row in seen) == list(range(100_000))


def test_arrow_through_external_links(run, follow):
    import pyarrow.ipc
    response = run("SELECT id, CAST(id AS STRING) AS s FROM range(10)", disposition=Disposition.EXTERNAL_LINKS,
                   format=Format.ARROW_STREAM)
    assert response.status.state == StatementState.SUCCEEDED
    table = pyarrow.ipc.open_stream(follow(response.result.external_links[0].external_link)).read_all()
    assert sorted(table.column("s").to_pylist()) == sorted(str(n) for n in range(10))


def test_a_link_opens_one_chunk_and_nothing_else(run, follow):
    response = run("SELECT id FROM range(100000)", disposition=Disposition.EXTERNAL_LINKS, format=Format.CSV)
    link = response.result.external_links[0]
    expires = datetime.datetime.fromisoformat(link.expiration)
    assert datetime.timedelta(0) < expires - datetime.datetime.now(datetime.timezone.utc) <= datetime.timedelta(minutes=15)
    *start, index, expiry, signature = link.external_link.split("/")
    for altered in ([str(int(index) + 1), expiry, signature], [index, str(int(expiry) + 1), signature],
                    [index, expiry, "0" * len(signature)]):
        with pytest.raises(requests.HTTPError) as refused:
            follow("/".join(start + altered))
        assert refused.value.response.status_code == 403


def test_a_result_larger_than_memory_for_results(client, run, follow):
    count = 700_000
    response = run(f"SELECT id, repeat('x', 100) AS s FROM range({count})", disposition=Disposition.EXTERNAL_LINKS,
                   format=Format.CSV)
    assert response.manifest.total_byte_count > 64 << 20
    ids = set()
    for chunk in range(response.manifest.total_chunk_count):
        links = client.statement_execution.get_statement_result_chunk_n(response.statement_id, chunk).external_links
        ids.update(line.split(b",")[0] for line in follow(links[0].external_link).splitlines())
    assert len(ids - {b"id"}) == count


def test_row_limit_truncates(run):
    response = run("SELECT id FROM range(1000)", row_limit=7)
    assert response.manifest.truncated and len(rows(response)) == 7


def chunk_bodies(client, follow, response):
    """What the links of a result lead to, in order."""
    for chunk in range(response.manifest.total_chunk_count):
        links = client.statement_execution.get_statement_result_chunk_n(response.statement_id, chunk).external_links
        yield follow(links[0].external_link)


@pytest.mark.parametrize("format", [Format.JSON_ARRAY, Format.CSV, Format.ARROW_STREAM])
def test_byte_limit_cuts_rows_at_the_limit(client, run, follow, format):
    limit = 100_000
    response = run("SELECT id, repeat('x', 50) AS s FROM range(300000)", byte_limit=limit, format=format,
                   disposition=Disposition.EXTERNAL_LINKS)
    assert response.manifest.truncated
    # Short of the limit by less than a row, and what is cut is whole rows. Arrow pads its buffers.
    assert limit - 1000 < response.manifest.total_byte_count <= limit
    bodies = list(chunk_bodies(client, follow, response))
    if format == Format.JSON_ARRAY:
        found = sum(len(json.loads(body)) for body in bodies)
    elif format == Format.CSV:
        found = sum(len(body.splitlines()) for body in bodies) - 1
    else:
        import pyarrow.ipc
        found = sum(pyarrow.ipc.open_stream(body).read_all().num_rows for body in bodies)
    assert found == response.manifest.total_row_count > 1000


def test_byte_limit_that_is_not_reached(run):
    response = run("SELECT id FROM range(10)", byte_limit=1000)
    assert not response.manifest.truncated and len(rows(response)) == 10


def test_an_inline_result_over_25_mib_fails_and_says_what_to_do(client, run):
    text = "SELECT id, repeat('x', 1000) AS s FROM range(100000000)"  # a hundred gigabytes
    response = run(text)
    assert response.status.state == StatementState.FAILED
    assert response.status.error.error_code == ServiceErrorCode.BAD_REQUEST
    assert "at most 26214400 bytes" in response.status.error.message
    assert "disposition=EXTERNAL_LINKS" in response.status.error.message
    # Whoever asks again is told the same.
    again = client.statement_execution.get_statement(response.statement_id)
    assert again.status == response.status and again.manifest is None
    assert len(rows(run(text, byte_limit=1 << 20))) > 1000


def test_a_result_in_links_stays_in_links(client, run):
    """JSON_ARRAY too, which could be inline as well."""
    response = run("SELECT id FROM range(10)", disposition=Disposition.EXTERNAL_LINKS)
    again = client.statement_execution.get_statement(response.statement_id)
    assert again.result.external_links and not again.result.data_array


def test_cancel(client, run):
    response = run("SELECT sum(sqrt(a.id * b.id)) FROM range(3000000) a CROSS JOIN range(40000) b", wait_timeout="0s")
    client.statement_execution.cancel_execution(response.statement_id)
    for _ in range(100):
        state = client.statement_execution.get_statement(response.statement_id).status.state
        if state == StatementState.CANCELED:
            return
    pytest.fail(f"still {state}")


def test_cancel_on_timeout(run):
    response = run("SELECT sum(sqrt(a.id * b.id)) FROM range(3000000) a CROSS JOIN range(40000) b", wait_timeout="5s",
                   on_wait_timeout=ExecuteStatementRequestOnWaitTimeout.CANCEL)
    assert response.status.state == StatementState.CANCELED


def test_a_wrong_token_is_refused(connect):
    with pytest.raises(PermissionDenied, match="Invalid access token"):
        connect("dapi0").current_user.me()


def test_unknown_paths_are_not_found(client):
    with pytest.raises(NotFound, match="No API found"):
        client.api_client.do("GET", "/api/2.0/nothing")


def test_files_and_copy_into_load_once(client, run, schema):
    rows(run(f"CREATE TABLE {schema}.loaded (a INT, b STRING)"))
    rows(run(f"CREATE VOLUME {schema}.inbox"))
    inbox = f"/Volumes/{schema.replace('.', '/')}/inbox"
    client.files.upload(f"{inbox}/one.csv", io.BytesIO(b"a,b\n1,x\n2,\n"))
    assert client.files.download(f"{inbox}/one.csv").contents.read() == b"a,b\n1,x\n2,\n"
    copy = f"COPY INTO {schema}.loaded FROM '{inbox}' FILEFORMAT = CSV FORMAT_OPTIONS ('header'='true')"
    assert rows(run(copy))[0][0] == "2"
    assert rows(run(copy))[0][0] == "0"
    client.files.upload(f"{inbox}/two.csv", io.BytesIO(b"a,b\n3,z\n"))
    assert rows(run(copy))[0][0] == "1"
    assert rows(run(f"SELECT a, b FROM {schema}.loaded ORDER BY a")) == [["1", "x"], ["2", None], ["3", "z"]]
    with pytest.raises(Exception, match="leads out|not a path"):
        client.files.upload(f"{inbox}/../../../../etc/x", io.BytesIO(b""))


def test_grants_decide(client, run, connect, door, tarn_server):
    name = f"ada.{door.split(':')[0]}@example.com"
    ada = connect(user_token(tarn_server["http_url"], client.config.token, name))
    warehouse = tarn_server["warehouses"][0]["id"]

    def ask(text):
        return ada.statement_execution.execute_statement(text, warehouse)

    hidden = ask("SELECT count(*) FROM samples.nycflights.flights")
    assert "TABLE_OR_VIEW_NOT_FOUND" in hidden.status.error.message
    for grant in ("USE CATALOG ON CATALOG samples", "USE SCHEMA ON SCHEMA samples.nycflights",
                  "SELECT ON SCHEMA samples.nycflights"):
        rows(run(f"GRANT {grant} TO `{name}`"))
    assert rows(ask("SELECT count(*) FROM samples.nycflights.flights")) == [["336776"]]
    refused = ask("DELETE FROM samples.nycflights.flights")
    assert "[PERMISSION_DENIED]" in refused.status.error.message and "MODIFY" in refused.status.error.message
    assert "main" not in [c.name for c in ada.catalogs.list()]
    with pytest.raises(PermissionDenied):
        ada.catalogs.create("mine")
    rows(run(f"REVOKE SELECT ON SCHEMA samples.nycflights FROM `{name}`"))
    assert ask("SELECT count(*) FROM samples.nycflights.flights").status.state == StatementState.FAILED
