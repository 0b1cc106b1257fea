"""The unmodified databricks-sql-connector, over TLS and the plain loopback port: statements, values, errors."""

import datetime
import decimal
import threading
import time

import deltalake
import pyarrow as pa
import pytest
from databricks import sql
from databricks.sql.backend.thrift_backend import ThriftDatabricksClient
from databricks.sql.exc import RequestError, ServerOperationError
from databricks.sql.parameters.native import BigIntegerParameter, DecimalParameter
from databricks.sql.thrift_api.TCLIService import ttypes

LONG = "SELECT sum(sqrt(a.id * b.id)) FROM range(3000000) a CROSS JOIN range(40000) b"


def test_counts_the_flights(cursor):
    cursor.execute("SELECT count(*) FROM samples.nycflights.flights")
    assert cursor.fetchall() == [(336776,)]
    assert cursor.description[0][:2] == ("count(1)", "bigint")


def test_every_type_arrives_as_it_is(cursor):
    cursor.execute("""
        SELECT CAST(1 AS TINYINT) AS a, CAST(2 AS SMALLINT) AS b, 3 AS c, 4L AS d, CAST(1.5 AS FLOAT) AS e, 2.5D AS f,
               CAST('12345678901234567890.123' AS DECIMAL(38,3)) AS g, 'text' AS h, X'00FF' AS i, true AS j,
               DATE'2024-02-29' AS k, TIMESTAMP'2024-01-02 03:04:05.678901' AS l,
               TIMESTAMP_NTZ'2024-01-02 03:04:05' AS m, array(1, 2) AS n, map('k', 1) AS o,
               named_struct('x', 1, 'y', 'z') AS p, NULL AS q, INTERVAL 1 DAY AS r""")
    row = cursor.fetchone()
    assert [d[1] for d in cursor.description] == [
        "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "string", "binary", "boolean", "date",
        "timestamp", "timestamp", "array", "map", "struct", "null", "interval_day_time"]
    assert cursor.description[6][4:6] == (38, 3)
    assert row[:11] == (1, 2, 3, 4, 1.5, 2.5, decimal.Decimal("12345678901234567890.123"), "text", b"\0\xff", True,
                        datetime.date(2024, 2, 29))
    assert row.l == datetime.datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc)
    assert row.m == datetime.datetime(2024, 1, 2, 3, 4, 5)
    assert list(row.n) == [1, 2] and dict(row.o) == {"k": 1} and row.p == {"x": 1, "y": "z"}
    assert row.q is None and row.r == "INTERVAL '1' DAY"


@pytest.mark.parametrize("lz4", [True, False])
def test_a_large_result_is_the_same_in_arrow(connect, lz4):
    count = 1_000_000
    with connect(enable_query_result_lz4_compression=lz4) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT id, id % 7 AS r, CAST(id AS STRING) AS s FROM range({count})")
        table = cursor.fetchall_arrow().sort_by("id")
    assert table.column("id").to_pylist() == list(range(count))
    assert table.column("s").to_pylist()[-1] == str(count - 1)
    assert table.column("r").to_pylist() == [n % 7 for n in range(count)]


def test_rows_come_in_the_portions_asked_for(cursor):
    cursor.execute("SELECT id FROM range(100000) ORDER BY id")
    assert cursor.fetchone() == (0,)
    assert [row[0] for row in cursor.fetchmany(3)] == [1, 2, 3]
    assert cursor.fetchmany_arrow(2).column("id").to_pylist() == [4, 5]
    assert [row[0] for row in cursor.fetchall()] == list(range(6, 100000))
    assert cursor.fetchone() is None


def test_only_the_first_rows_come_in_a_small_portion(connection, monkeypatch):
    """A client that asks for ten rows with the answer gets them, and the rest of the result at full size."""
    calls = []
    fetch_results = ThriftDatabricksClient.fetch_results

    def counted(*arguments, **keywords):
        calls.append(1)
        return fetch_results(*arguments, **keywords)

    monkeypatch.setattr(ThriftDatabricksClient, "fetch_results", counted)
    with connection.cursor(arraysize=10) as cursor:
        cursor.execute("SELECT id FROM range(200000) ORDER BY id")
        assert [row[0] for row in cursor.fetchmany(10)] == list(range(10)) and calls == []
        assert [row[0] for row in cursor.fetchall()] == list(range(10, 200000))
    assert len(calls) < 200


def test_a_synchronous_call_waits_for_its_statement(connection):
    """runAsync false, as old drivers have it: the answer comes when the statement has ended."""
    backend = connection.session.backend
    request = ttypes.TExecuteStatementReq(
        sessionHandle=connection.session._session_id.to_thrift_handle(), runAsync=False, canReadArrowResult=True,
        statement="SELECT sum(sqrt(a.id * b.id)) FROM range(30000) a CROSS JOIN range(40000) b")
    answer = backend.make_request(backend._client.ExecuteStatement, request)
    state = backend.make_request(backend._client.GetOperationStatus,
                                 ttypes.TGetOperationStatusReq(operationHandle=answer.operationHandle))
    assert state.operationState == ttypes.TOperationState.FINISHED_STATE
    backend.make_request(backend._client.CloseOperation,
                         ttypes.TCloseOperationReq(operationHandle=answer.operationHandle))


def test_values_are_those_of_the_table(tarn_server, cursor):
    cursor.execute("SELECT * FROM samples.nycflights.flights")
    ours = cursor.fetchall_arrow()
    cursor.execute("DESCRIBE EXTENDED samples.nycflights.flights")
    folder = next(row[1] for row in cursor.fetchall() if row[0] == "Location").removeprefix("file:")
    theirs = deltalake.DeltaTable(folder).to_pyarrow_table()
    keys = [("time_hour", "ascending"), ("carrier", "ascending"), ("flight", "ascending"),
            ("sched_dep_time", "ascending"), ("tailnum", "ascending"), ("dep_time", "ascending")]
    assert ours.column_names == theirs.column_names
    ours, theirs = ours.sort_by(keys), theirs.sort_by(keys)
    for name in ours.column_names:
        assert ours.column(name).cast(theirs.schema.field(name).type).equals(theirs.column(name)), name


def test_without_arrow_rows_come_in_columns(tarn_server, connect, monkeypatch):
    from databricks.sql.backend import thrift_backend
    monkeypatch.setattr(thrift_backend, "pyarrow", None)
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, CAST(id AS STRING) AS s, CAST(id AS DECIMAL(10,2)) AS d, id > 1 AS b, "
                       "nullif(id, 2) AS n, CAST(id AS DOUBLE) / 4 AS f FROM range(4) ORDER BY id")
        rows = cursor.fetchall()
    assert [tuple(row) for row in rows] == [
        (n, str(n), decimal.Decimal(f"{n}.00"), n > 1, None if n == 2 else n, n / 4) for n in range(4)]


def test_parameters_by_name_and_by_position(cursor):
    cursor.execute("SELECT :a + 1, :b, :c, :d", {"a": 41, "b": None, "c": "it's", "d": datetime.date(2024, 1, 2)})
    assert cursor.fetchone() == (42, None, "it's", datetime.date(2024, 1, 2))
    cursor.execute("SELECT ?, ? + 1", [decimal.Decimal("1.25"), 2])
    assert cursor.fetchone() == (decimal.Decimal("1.25"), 3)
    cursor.execute("SELECT :n, :m", [BigIntegerParameter(name="n", value=1 << 40),
                                     DecimalParameter(name="m", value=decimal.Decimal("3.10"))])
    assert cursor.fetchone() == (1 << 40, decimal.Decimal("3.10"))


def test_writes_are_seen_at_once(cursor):
    cursor.execute("CREATE OR REPLACE TABLE main.default.connector_writes (n INT, t STRING)")
    cursor.execute("INSERT INTO main.default.connector_writes VALUES (1, 'a'), (2, NULL)")
    assert cursor.fetchall() == [(2, 2)]
    cursor.execute("SELECT * FROM main.default.connector_writes ORDER BY n")
    assert cursor.fetchall() == [(1, "a"), (2, None)]
    cursor.execute("DROP TABLE main.default.connector_writes")


def test_a_session_remembers_its_schema(connect):
    with connect(catalog="samples", schema="nycflights") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM airlines")
        assert cursor.fetchone() == (16,)
        cursor.execute("USE SCHEMA main.default")
        cursor.execute("SELECT current_catalog(), current_schema()")
        assert cursor.fetchone() == ("main", "default")
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_catalog(), current_schema()")
        assert cursor.fetchone() == ("main", "default")


def test_a_namespace_that_does_not_exist(connect):
    with pytest.raises(sql.DatabaseError, match="SCHEMA_NOT_FOUND"):
        with connect(catalog="samples", schema="nope"):
            pass


def test_session_configuration(connect):
    with connect(session_configuration={"ansi_mode": "true"}) as connection, connection.cursor() as cursor:
        with pytest.raises(ServerOperationError, match="DIVIDE_BY_ZERO"):
            cursor.execute("SELECT 1 / 0")
    with pytest.raises(sql.DatabaseError, match="CONFIG_NOT_AVAILABLE"):
        with connect(session_configuration={"no_such_setting": "1"}):
            pass


@pytest.mark.parametrize("text, error_class, state", [
    ("SELEC 1", "PARSE_SYNTAX_ERROR", "42601"),
    ("SELECT * FROM nowhere.at.all", "TABLE_OR_VIEW_NOT_FOUND", "42P01"),
    ("SELECT no_such_column FROM samples.nycflights.airlines", "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"),
    ("SELECT 1 / 0", "DIVIDE_BY_ZERO", "22012"),
    ("SELECT CAST('x' AS INT)", "CAST_INVALID_INPUT", "22018"),
])
def test_errors_have_their_class(cursor, text, error_class, state):
    with pytest.raises(ServerOperationError) as error:
        cursor.execute(text)
    assert error.value.message.startswith(f"[{error_class}]")
    assert f"SQLSTATE: {state}" in error.value.message
    cursor.execute("SELECT 1")  # the connection still works
    assert cursor.fetchone() == (1,)


def test_cancel_from_another_thread(connection):
    with connection.cursor() as cursor:
        errors = []

        def run():
            try:
                cursor.execute(LONG)
            except Exception as error:  # noqa: BLE001 - whatever the client makes of it
                errors.append(error)
        thread = threading.Thread(target=run)
        begin = time.monotonic()
        thread.start()
        time.sleep(1)
        cursor.cancel()
        thread.join(timeout=20)
        assert not thread.is_alive() and time.monotonic() - begin < 15
        assert errors
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_asynchronous_statements(connection):
    with connection.cursor() as cursor:
        cursor.execute_async("SELECT sum(id) FROM range(1000000)")
        while cursor.is_query_pending():
            time.sleep(0.01)
        cursor.get_async_execution_result()
        assert cursor.fetchone() == (499999500000,)


def test_a_longer_statement_than_one_call_waits(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(sqrt(a.id * b.id)) > 0 FROM range(20000) a CROSS JOIN range(40000) b")
        assert cursor.fetchone() == (True,)


def test_eight_connections_at_once(connect):
    results = {}

    def work(number):
        with connect() as connection, connection.cursor() as cursor:
            for _ in range(5):
                cursor.execute(f"SELECT {number}, count(*) FROM samples.nycflights.flights WHERE month = {number}")
                results.setdefault(number, set()).add(tuple(cursor.fetchone()))
    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results) == list(range(1, 9)) and all(len(seen) == 1 for seen in results.values())


def test_closed_means_closed(connect):
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        with pytest.raises(sql.Error):
            cursor.fetchone()
    with pytest.raises(sql.Error):
        connection.cursor()


def test_a_wrong_token_is_told_so(connect):
    with pytest.raises(RequestError) as error:
        with connect(access_token="dapi" + "0" * 64):
            pass
    assert error.value.context["http-code"] == 403
    assert "Invalid access token" in error.value.context["error-message"]


def test_a_warehouse_that_does_not_exist(connect):
    with pytest.raises(RequestError) as error:
        with connect(http_path="/sql/1.0/warehouses/0000000000000000"):
            pass
    assert error.value.context["http-code"] == 404


def test_the_arrow_schema_is_the_declared_one(cursor):
    cursor.execute("SELECT carrier, name FROM samples.nycflights.airlines LIMIT 0")
    assert cursor.fetchall_arrow().schema.equals(pa.schema([("carrier", pa.string()), ("name", pa.string())]))
