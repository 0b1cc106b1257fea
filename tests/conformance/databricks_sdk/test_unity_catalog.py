"""Catalogs, schemas, tables, volumes and grants through the unmodified databricks-sdk, beside SQL."""

import os

import pytest
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound, PermissionDenied
from databricks.sdk.service.catalog import (ColumnInfo, ColumnTypeName, DataSourceFormat, PermissionsChange, Privilege,
                                            TableType, VolumeType)
from databricks.sdk.service.sql import StatementState

UC = "/api/2.1/unity-catalog"


def rows(response):
    assert response.status.state == StatementState.SUCCEEDED, response.status.error
    return response.result.data_array


def message(call):
    with pytest.raises(Exception) as failed:
        call()
    return str(failed.value)


def error_code(client, method, path, body=None):
    """The status and error_code of a call that must fail, as they are on the wire."""
    import requests
    answer = requests.request(method, client.config.host + path, json=body,
                              headers={"Authorization": f"Bearer {client.config.token}"})
    return answer.status_code, answer.json()["error_code"]


def test_catalogs(client, run):
    made = client.catalogs.create("films", comment="moving", properties={"team": "a"})
    assert (made.name, made.comment, made.properties) == ("films", "moving", {"team": "a"})
    assert [s.name for s in client.schemas.list("films")] == ["default"]
    changed = client.catalogs.update("films", comment="pictures", properties={"team": "b"}, new_name="movies")
    assert (changed.name, changed.comment, changed.properties) == ("movies", "pictures", {"team": "b"})
    assert client.catalogs.get("movies").created_at == made.created_at
    assert [s.full_name for s in client.schemas.list("movies")] == ["movies.default"]
    with pytest.raises(NotFound, match="Catalog 'films' does not exist."):
        client.catalogs.get("films")
    with pytest.raises(BadRequest, match="already exists"):
        client.catalogs.create("movies")
    with pytest.raises(BadRequest):
        client.catalogs.delete("movies")
    client.catalogs.delete("movies", force=True)
    assert "movies" not in [c.name for c in client.catalogs.list()]


@pytest.mark.parametrize("member", ["storage_root", "provider_name", "share_name"])
def test_what_catalogs_do_not_have_is_refused_by_name(client, member):
    with pytest.raises(BadRequest, match=member):
        client.catalogs.create("shared", **{member: "x"})
    assert "shared" not in [c.name for c in client.catalogs.list()]


def test_schemas(client, catalog, run):
    made = client.schemas.create("s", catalog, comment="first", properties={"k": "v"})
    assert (made.full_name, made.properties) == (f"{catalog}.s", {"k": "v"})
    rows(run(f"CREATE TABLE {catalog}.s.t (a INT)"))
    changed = client.schemas.update(f"{catalog}.s", comment="second", new_name="r")
    assert (changed.full_name, changed.comment, changed.properties) == (f"{catalog}.r", "second", {"k": "v"})
    assert rows(run(f"SELECT count(*) FROM {catalog}.r.t")) == [["0"]]
    with pytest.raises(BadRequest, match="contains objects"):
        client.schemas.delete(f"{catalog}.r")
    client.schemas.delete(f"{catalog}.r", force=True)
    with pytest.raises(NotFound, match=f"Schema '{catalog}.r' does not exist."):
        client.schemas.get(f"{catalog}.r")


def test_tables(client, catalog, run, tarn_server):
    rows(run(f"CREATE TABLE {catalog}.default.t (a INT COMMENT 'one', b STRING)"))
    name = f"{catalog}.default.t"
    table = client.tables.get(name)
    assert [(c.name, c.type_text, c.comment) for c in table.columns] == [("a", "int", "one"), ("b", "string", None)]
    folder = table.storage_location.removeprefix("file://")
    assert os.path.isdir(folder)
    client.tables.update(name, owner="admin@localhost")
    with pytest.raises(NotFound, match="nobody"):
        client.tables.update(name, owner="nobody@example.com")
    assert client.tables.get(name).owner == "admin@localhost"
    assert client.tables.exists(name).table_exists
    summaries = client.tables.list_summaries(catalog, table_name_pattern="t%")
    assert [s.full_name for s in summaries] == [name]
    client.tables.delete(name)
    assert not os.path.exists(folder)
    assert not client.tables.exists(name).table_exists
    with pytest.raises(NotFound, match=f"Table '{name}' does not exist."):
        client.tables.get(name)


def test_an_external_table_is_registered(client, catalog, run, tarn_server):
    location = os.path.join(tarn_server["allowed_folder"], catalog)
    rows(run(f"CREATE TABLE {catalog}.default.made LOCATION '{location}' AS SELECT 1 AS a"))
    client.tables.delete(f"{catalog}.default.made")
    table = client.tables.create("again", catalog, "default", TableType.EXTERNAL, DataSourceFormat.DELTA, location,
                                 columns=[ColumnInfo(name="a", type_name=ColumnTypeName.INT, type_text="int",
                                                     type_json='{"name":"a","type":"integer","nullable":true,"metadata":{}}')])
    assert table.columns[0].type_text == "int"
    assert rows(run(f"SELECT * FROM {catalog}.default.again")) == [["1"]]
    with pytest.raises(BadRequest, match="overlaps"):
        client.tables.create("inner", catalog, "default", TableType.EXTERNAL, DataSourceFormat.DELTA, location + "/x")
    with pytest.raises(BadRequest, match="EXTERNAL"):
        client.tables.create("managed", catalog, "default", TableType.MANAGED, DataSourceFormat.DELTA, location)


def test_volumes(client, catalog, tarn_server):
    made = client.volumes.create(catalog, "default", "v", VolumeType.MANAGED, comment="files")
    assert os.path.isdir(made.storage_location.removeprefix("file://"))
    changed = client.volumes.update(f"{catalog}.default.v", comment="more", new_name="w")
    assert (changed.full_name, changed.comment) == (f"{catalog}.default.w", "more")
    assert [v.name for v in client.volumes.list(catalog, "default")] == ["w"]
    client.volumes.delete(f"{catalog}.default.w")
    assert not os.path.exists(made.storage_location.removeprefix("file://"))
    with pytest.raises(NotFound, match="does not exist"):
        client.volumes.read(f"{catalog}.default.w")
    with pytest.raises(BadRequest, match="in a volume"):
        client.volumes.create(catalog, "default", "x", VolumeType.EXTERNAL,
                              storage_location="/Volumes/main/default/y")


def test_error_codes(client, catalog):
    codes = {}
    for kind, name in (("catalogs", "nothing"), ("schemas", f"{catalog}.nothing"),
                       ("tables", f"{catalog}.default.nothing"), ("volumes", f"{catalog}.default.nothing")):
        for method in ("GET", "PATCH", "DELETE"):
            codes.setdefault(kind, set()).add(error_code(client, method, f"{UC}/{kind}/{name}"))
    assert codes == {"catalogs": {(404, "CATALOG_DOES_NOT_EXIST")}, "schemas": {(404, "SCHEMA_DOES_NOT_EXIST")},
                     "tables": {(404, "TABLE_DOES_NOT_EXIST")}, "volumes": {(404, "VOLUME_DOES_NOT_EXIST")}}
    assert error_code(client, "POST", f"{UC}/catalogs", {"name": catalog}) == (400, "CATALOG_ALREADY_EXISTS")
    assert error_code(client, "POST", f"{UC}/schemas", {"name": "default", "catalog_name": catalog}) \
        == (400, "SCHEMA_ALREADY_EXISTS")
    for body in ({"name": 1}, {"name": "x", "comment": 1}, {"name": "x", "properties": {"a": 1}}, {}):
        assert error_code(client, "POST", f"{UC}/catalogs", body) == (400, "INVALID_PARAMETER_VALUE"), body


def test_pages_go_on_after_the_last_name(client, catalog):
    for letter in "abcde":
        client.schemas.create(letter, catalog)
    assert [s.name for s in client.schemas.list(catalog, max_results=2)] == ["a", "b", "c", "d", "default", "e"]
    assert len(list(client.schemas.list(catalog, max_results=0))) == 6
    first = client.api_client.do("GET", f"{UC}/schemas", query={"catalog_name": catalog, "max_results": 2})
    # What was dropped and made meanwhile neither hides nor repeats one.
    client.schemas.delete(f"{catalog}.a")
    client.schemas.create("aa", catalog)
    second = client.api_client.do("GET", f"{UC}/schemas", query={"catalog_name": catalog, "max_results": 2,
                                                                "page_token": first["next_page_token"]})
    assert [s["name"] for s in second["schemas"]] == ["c", "d"]
    for query in ({"max_results": -1}, {"max_results": "x"}, {"page_token": "x"}):
        with pytest.raises(BadRequest):
            client.api_client.do("GET", f"{UC}/schemas", query={"catalog_name": catalog, **query})


def test_grants(client, catalog, other_user, run):
    other, name = other_user
    table = f"{catalog}.default.t"
    rows(run(f"CREATE TABLE {table} (a INT)"))
    client.grants.update("CATALOG", catalog, changes=[
        PermissionsChange(principal=name, add=[Privilege.USE_CATALOG, Privilege.USE_SCHEMA])])
    seen = client.grants.update("TABLE", table, changes=[
        PermissionsChange(principal=name, add=[Privilege.SELECT, Privilege.MODIFY])])
    assert [(a.principal, a.privileges) for a in seen.privilege_assignments] \
        == [(name, [Privilege.MODIFY, Privilege.SELECT])]
    effective = client.grants.get_effective("TABLE", table, principal=name).privilege_assignments[0].privileges
    assert {(p.privilege, p.inherited_from_name) for p in effective} \
        == {(Privilege.SELECT, None), (Privilege.MODIFY, None)}
    assert rows(run(f"SHOW GRANTS ON TABLE {table}")) == [[name, "MODIFY", "TABLE", table], [name, "SELECT", "TABLE", table]]
    rows(run(f"REVOKE MODIFY ON TABLE {table} FROM `{name}`"))
    assert client.grants.get("TABLE", table).privilege_assignments[0].privileges == [Privilege.SELECT]
    assert client.grants.get("TABLE", table, principal="admin@localhost").privilege_assignments == []
    with pytest.raises(PermissionDenied):
        other.grants.update("TABLE", table, changes=[PermissionsChange(principal=name, add=[Privilege.MODIFY])])


def test_a_change_of_grants_is_made_whole_or_not_at_all(client, catalog, other_user):
    _, name = other_user
    good = {"principal": name, "add": ["USE_CATALOG"]}
    for bad in ({"principal": "nobody@example.com", "add": ["USE_CATALOG"]}, {"principal": name, "add": ["SELECTED"]},
                {"principal": name, "add": "USE_CATALOG"}, {"principal": name, "add": [1]}, {"add": ["USE_CATALOG"]}, 1):
        with pytest.raises((BadRequest, NotFound)):
            client.api_client.do("PATCH", f"{UC}/permissions/catalog/{catalog}", body={"changes": [good, bad]})
        assert client.grants.get("CATALOG", catalog).privilege_assignments == [], bad
    with pytest.raises(BadRequest):
        client.api_client.do("PATCH", f"{UC}/permissions/catalog/{catalog}", body={"changes": good})


def test_pages_of_grants_hold_whole_principals(client, catalog):
    names = [f"{catalog}-{n:03}@example.com" for n in range(60)]
    for name in names:
        client.api_client.do("POST", "/api/2.0/preview/scim/v2/Users", body={"userName": name})
    client.grants.update("CATALOG", catalog, changes=[
        PermissionsChange(principal=name, add=[Privilege.USE_CATALOG, Privilege.USE_SCHEMA, Privilege.SELECT])
        for name in names])
    first = client.grants.get("CATALOG", catalog, max_results=150)
    assert len(first.privilege_assignments) == 50
    second = client.grants.get("CATALOG", catalog, max_results=150, page_token=first.next_page_token)
    assert [a.principal for a in first.privilege_assignments + second.privilege_assignments] == names
    assert not second.next_page_token
    with pytest.raises(InvalidParameterValue):
        client.grants.get("CATALOG", catalog, max_results=10)


def test_rest_and_sql_answer_alike(client, catalog, other_user, run, tarn_server):
    other, name = other_user
    rows(run(f"CREATE TABLE {catalog}.default.hidden (a INT)"))
    warehouse = tarn_server["warehouses"][0]["id"]

    def sql(text):
        response = other.statement_execution.execute_statement(text, warehouse)
        return None if response.status.state == StatementState.SUCCEEDED else response.status.error.message

    def told(table):
        """What the other user is told of a table at each door, but for its name."""
        answers = (message(lambda: other.tables.get(f"{catalog}.default.{table}")),
                   sql(f"SELECT * FROM {catalog}.default.{table}"), sql(f"DESCRIBE {catalog}.default.{table}"))
        return [answer.replace(table, "it") for answer in answers]

    for grants in ([], ["USE_CATALOG"], ["USE_SCHEMA"]):
        client.grants.update("CATALOG", catalog, changes=[
            PermissionsChange(principal=name, add=[Privilege(p) for p in grants])])
        assert told("hidden") == told("absent")
    client.grants.update("TABLE", f"{catalog}.default.hidden", changes=[
        PermissionsChange(principal=name, add=[Privilege.SELECT])])
    assert other.tables.get(f"{catalog}.default.hidden").name == "hidden"
    assert sql(f"SELECT * FROM {catalog}.default.hidden") is None
    with pytest.raises(PermissionDenied, match="MANAGE"):
        other.tables.delete(f"{catalog}.default.hidden")
    assert "MANAGE" in sql(f"DROP TABLE {catalog}.default.hidden")
    with pytest.raises(PermissionDenied, match="CREATE SCHEMA"):
        other.schemas.create("mine", catalog)
    assert "CREATE SCHEMA" in sql(f"CREATE SCHEMA {catalog}.mine")
