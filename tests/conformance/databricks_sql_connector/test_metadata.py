"""The unmodified databricks-sql-connector: catalogs, schemas, tables and columns, filtered by what one may see."""

import pytest

from fixtures.people import user_token


@pytest.fixture
def listed(cursor):
    def listed(call, **keywords):
        getattr(cursor, call)(**keywords)
        return cursor.fetchall()
    return listed


def test_catalogs(listed):
    assert {row.TABLE_CAT for row in listed("catalogs")} >= {"main", "samples"}


def test_schemas(listed):
    rows = listed("schemas", catalog_name="samples")
    assert {(row.TABLE_CATALOG, row.TABLE_SCHEM) for row in rows} == {("samples", "default"), ("samples", "nycflights")}
    assert [row.TABLE_SCHEM for row in listed("schemas", catalog_name="samples", schema_name="nyc%")] == ["nycflights"]
    assert listed("schemas", catalog_name="no_such_catalog") == []


def test_tables(listed):
    rows = listed("tables", catalog_name="samples", schema_name="nycflights")
    assert [row.TABLE_NAME for row in rows] == ["airlines", "airports", "flights", "planes", "weather"]
    assert {row.TABLE_TYPE for row in rows} == {"TABLE"} and all(row.REMARKS for row in rows)
    names = [row.TABLE_NAME for row in listed("tables", catalog_name="samples", table_name="air_____")]
    assert names == ["airlines", "airports"]
    assert listed("tables", catalog_name="samples", table_types=["VIEW"]) == []


def test_columns(listed):
    rows = listed("columns", catalog_name="samples", schema_name="nycflights", table_name="flights")
    assert [row.ORDINAL_POSITION for row in rows] == list(range(len(rows))) and len(rows) == 19
    by_name = {row.COLUMN_NAME: row for row in rows}
    assert (by_name["dep_delay"].TYPE_NAME, by_name["dep_delay"].IS_NULLABLE) == ("INT", "YES")
    assert (by_name["time_hour"].TYPE_NAME, by_name["time_hour"].DATA_TYPE) == ("TIMESTAMP", 93)
    only = listed("columns", catalog_name="samples", schema_name="nycflights", table_name="flights", column_name="arr\\_%")
    assert {row.COLUMN_NAME for row in only} == {"arr_time", "arr_delay"}


def test_what_one_may_not_see_is_not_listed(tarn_server, connect, request):
    admin_token = open(tarn_server["token_file"]).read().strip()
    name = f"metadata.{request.node.callspec.params['connect']}@example.com"
    token = user_token(tarn_server["http_url"], admin_token, name)
    with connect(access_token=token) as connection, connection.cursor() as cursor:
        cursor.tables(catalog_name="samples")
        assert cursor.fetchall() == []
