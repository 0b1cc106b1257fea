"""What answers of the Statement Execution API hold where a client looks only sometimes."""

import uuid

from databricks.sdk.service.sql import Disposition, Format, ServiceErrorCode, StatementState


def test_json_through_external_links_stays_so(client, run, follow):
    import json
    started = run("SELECT id FROM range(3) ORDER BY id", disposition=Disposition.EXTERNAL_LINKS)
    assert started.manifest.format == Format.JSON_ARRAY
    for response in (started, client.statement_execution.get_statement(started.statement_id)):
        assert response.result.data_array is None
        assert json.loads(follow(response.result.external_links[0].external_link)) == [["0"], ["1"], ["2"]]
    chunk = client.statement_execution.get_statement_result_chunk_n(started.statement_id, 0)
    assert chunk.data_array is None and chunk.external_links[0].row_count == 3


def test_a_statement_without_rows_has_an_empty_result(client, run, tarn_server):
    table = "main.default.no_rows_" + uuid.uuid4().hex[:8]
    made = client.api_client.do("POST", "/api/2.0/sql/statements", body={
        "statement": f"CREATE TABLE {table} (a INT)", "warehouse_id": tarn_server["warehouses"][0]["id"]})
    assert made["status"] == {"state": "SUCCEEDED"}
    assert made["manifest"]["schema"]["column_count"] == 0 and made["manifest"]["total_chunk_count"] == 0
    assert made["result"] == {}
    none = run(f"SELECT a FROM {table}")
    assert none.status.state == StatementState.SUCCEEDED
    assert none.result.data_array == [] and none.manifest.total_row_count == 0
    run(f"DROP TABLE {table}")


def test_a_failed_statement_has_the_code_of_its_reason(run):
    for text in ("SELECT * FROM main.default.nothing", "SELECT 1/0", "SELEC 1"):
        assert run(text).status.error.error_code == ServiceErrorCode.BAD_REQUEST
