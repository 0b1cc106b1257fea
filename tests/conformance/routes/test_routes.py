"""Every route of the program's own table, asked by callers who may not.

A route that is added without a row in RIGHTS fails here: whoever adds one says what a user without any
right gets from it.
"""

import pathlib
import re
import subprocess
import uuid

import pytest
from fixtures.people import user_token
from fixtures.rest import Rest

ROOT = pathlib.Path(__file__).resolve().parents[3]


def route_table():
    """(method, path, caller) of each route, as `tarn coverage` prints them."""
    text = subprocess.run([str(ROOT / "bin" / "tarn"), "coverage"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^\| (\w+|\*) \| `([^`]+)` \| (\w+) \|$", text, re.MULTILINE)


ROUTES = route_table()
CLOSED = [(method, path) for method, path, caller in ROUTES if caller != "anyone"]

OWN = "the caller's own, and nothing of anybody else"
HIDDEN = "404, as if there were nothing"
REFUSED = "403 PERMISSION_DENIED"
CLOSED_TO = "403 or 404, as the catalog decides"
FILTERED = "a list without what the caller may not see"
SHARED = "what every user of the workspace may see"

UC = "/api/2.1/unity-catalog"
STATEMENTS = "/api/2.0/sql/statements"
WAREHOUSES = "/api/2.0/sql/warehouses"
PERMISSIONS = "/api/2.0/permissions"
SCIM = "/api/2.0/preview/scim/v2"

# What a user without any right gets. The values for the captures of a path are of an object that the
# administrator made (see `world`); a body is what the route needs before it looks at rights.
RIGHTS = {
    ("GET", f"{SCIM}/Me"): (OWN, None),
    ("GET", f"{SCIM}/Users"): (SHARED, None),
    ("POST", f"{SCIM}/Users"): (REFUSED, {"userName": "new@example.com"}),
    ("POST", f"{SCIM}/ServicePrincipals"): (REFUSED, {"displayName": "mine"}),
    ("POST", f"{SCIM}/Groups"): (REFUSED, {"displayName": "mine"}),
    ("GET", f"{SCIM}/ServicePrincipals"): (SHARED, None),
    ("GET", f"{SCIM}/Groups"): (SHARED, None),
    **{(method, f"{SCIM}/{kind}/{{id}}"): row
       for kind in ("Users", "ServicePrincipals", "Groups")
       for method, row in (("GET", (SHARED, None)), ("DELETE", (REFUSED, None)),
                           ("PATCH", (REFUSED, {"Operations": [
                               {"op": "replace", "path": "externalId", "value": "x"}]})),
                           ("PUT", (REFUSED, {"userName": "x@example.com", "displayName": "x"})))},
    ("POST", "/logout"): (OWN, {}),
    ("POST", STATEMENTS): (REFUSED, {"statement": "SELECT 1", "warehouse_id": "{warehouse}"}),
    ("POST", f"{STATEMENTS}/"): (REFUSED, {"statement": "SELECT 1", "warehouse_id": "{warehouse}"}),
    ("GET", f"{STATEMENTS}/{{id}}"): (HIDDEN, None),
    ("GET", f"{STATEMENTS}/{{id}}/result/chunks/{{index}}"): (HIDDEN, None),
    ("POST", f"{STATEMENTS}/{{id}}/cancel"): (HIDDEN, {}),
    ("DELETE", f"{STATEMENTS}/{{id}}"): (HIDDEN, None),
    ("POST", "/api/2.0/sql/sessions"): (REFUSED, {"warehouse_id": "{warehouse}"}),
    ("POST", "/api/2.0/sql/sessions/"): (REFUSED, {"warehouse_id": "{warehouse}"}),
    ("POST", f"{WAREHOUSES}/{{id}}/sessions"): (REFUSED, {}),
    ("DELETE", "/api/2.0/sql/sessions/{id}"): (HIDDEN, None),
    ("POST", "/sql/1.0/warehouses/{id}"): (REFUSED, b""),
    ("POST", "/sql/1.0/endpoints/{id}"): (REFUSED, b""),
    ("GET", "/api/2.0/connector-service/feature-flags/{client}/{version}"): (SHARED, None),
    ("GET", WAREHOUSES): (FILTERED, None),
    ("POST", WAREHOUSES): (REFUSED, {"name": "mine"}),
    ("GET", f"{WAREHOUSES}/{{id}}"): (REFUSED, None),
    ("POST", f"{WAREHOUSES}/{{id}}/edit"): (REFUSED, {"auto_stop_mins": 0}),
    ("POST", f"{WAREHOUSES}/{{id}}/start"): (REFUSED, {}),
    ("POST", f"{WAREHOUSES}/{{id}}/stop"): (REFUSED, {}),
    ("DELETE", f"{WAREHOUSES}/{{id}}"): (REFUSED, None),
    **{(method, f"{PERMISSIONS}/{kind}/{{id}}{rest}"): (REFUSED, body)
       for kind in ("warehouses", "sql/warehouses")
       for method, rest, body in (("GET", "", None), ("GET", "/permissionLevels", None),
                                  ("PUT", "", {"access_control_list": []}),
                                  ("PATCH", "", {"access_control_list": []}))},
    ("GET", f"{UC}/catalogs"): (FILTERED, None),
    ("POST", f"{UC}/catalogs"): (REFUSED, {"name": "mine"}),
    ("GET", f"{UC}/catalogs/{{name}}"): (CLOSED_TO, None),
    ("DELETE", f"{UC}/catalogs/{{name}}"): (CLOSED_TO, None),
    ("GET", f"{UC}/schemas?catalog_name={{catalog}}"): (CLOSED_TO, None),
    ("POST", f"{UC}/schemas"): (CLOSED_TO, {"catalog_name": "{catalog}", "name": "mine"}),
    ("GET", f"{UC}/schemas/{{name}}"): (CLOSED_TO, None),
    ("DELETE", f"{UC}/schemas/{{name}}"): (CLOSED_TO, None),
    ("GET", f"{UC}/tables?catalog_name={{catalog}}&schema_name=inner"): (CLOSED_TO, None),
    ("GET", f"{UC}/tables/{{name}}"): (CLOSED_TO, None),
    ("GET", f"{UC}/volumes?catalog_name={{catalog}}&schema_name=inner"): (CLOSED_TO, None),
    ("POST", f"{UC}/volumes"): (CLOSED_TO, {"catalog_name": "{catalog}", "schema_name": "inner", "name": "mine",
                                         "volume_type": "MANAGED"}),
    ("GET", f"{UC}/volumes/{{name}}"): (CLOSED_TO, None),
    ("DELETE", f"{UC}/volumes/{{name}}"): (CLOSED_TO, None),
    **{("PATCH", f"{UC}/{kind}/{{name}}"): (CLOSED_TO, {"comment": "mine"})
       for kind in ("catalogs", "schemas", "tables", "volumes")},
    ("DELETE", f"{UC}/tables/{{name}}"): (CLOSED_TO, None),
    ("POST", f"{UC}/tables"): (CLOSED_TO, {"catalog_name": "{catalog}", "schema_name": "inner", "name": "mine",
                                        "table_type": "EXTERNAL", "data_source_format": "DELTA",
                                        "storage_location": "/tmp/mine"}),
    ("GET", f"{UC}/tables/{{name}}/exists"): (CLOSED_TO, None),
    ("GET", f"{UC}/table-summaries?catalog_name={{catalog}}"): (CLOSED_TO, None),
    ("GET", f"{UC}/permissions/{{kind}}/{{name}}"): (CLOSED_TO, None),
    ("GET", f"{UC}/effective-permissions/{{kind}}/{{name}}"): (CLOSED_TO, None),
    ("PATCH", f"{UC}/permissions/{{kind}}/{{name}}"): (CLOSED_TO, {"changes": []}),
    ("POST", "/api/2.0/token/create"): (OWN, {"comment": "mine"}),
    ("GET", "/api/2.0/token/list"): (OWN, None),
    ("POST", "/api/2.0/token/delete"): (HIDDEN, {"token_id": "{token}"}),
    ("POST", "/api/2.0/token-management/on-behalf-of/tokens"): (REFUSED, {"application_id": "admin@localhost"}),
    ("PUT", "/api/2.0/fs/files/{path...}"): (CLOSED_TO, b"x"),
    ("GET", "/api/2.0/fs/files/{path...}"): (CLOSED_TO, None),
    ("DELETE", "/api/2.0/fs/files/{path...}"): (CLOSED_TO, None),
    ("GET", "/api/2.0/fs/directories/{path...}"): (CLOSED_TO, None),
    ("PUT", "/api/2.0/fs/directories/{path...}"): (CLOSED_TO, None),
    ("DELETE", "/api/2.0/fs/directories/{path...}"): (CLOSED_TO, None),
    ("POST", "/api/2.0/fs/files/{path...}?action=initiate-upload"): (CLOSED_TO, None),
    ("POST", "/api/2.0/fs/create-upload-part-urls"): (HIDDEN, {"session_token": "x"}),
    ("POST", "/api/2.0/fs/create-abort-upload-url"): (HIDDEN, {"session_token": "x"}),
}
ROWS = {(method, path.split("?")[0]): (path, *row) for (method, path), row in RIGHTS.items()}


@pytest.fixture(scope="module")
def admin(tarn_server):
    return Rest(tarn_server["http_url"], open(tarn_server["token_file"]).read().strip())


@pytest.fixture(scope="module")
def world(admin, tarn_server):
    """One object of each kind, made by the administrator and shared with nobody."""
    catalog = "hidden_" + uuid.uuid4().hex[:8]

    def make(path, body):
        answer = admin("POST", path, body)
        assert answer.status == 200, answer
        return answer.json

    make(f"{UC}/catalogs", {"name": catalog})
    make(f"{UC}/schemas", {"catalog_name": catalog, "name": "inner"})
    make(f"{UC}/volumes", {"catalog_name": catalog, "schema_name": "inner", "name": "files", "volume_type": "MANAGED"})
    starter = tarn_server["warehouses"][0]["id"]
    made = make(STATEMENTS, {"statement": f"CREATE TABLE {catalog}.inner.things (a INT)", "warehouse_id": starter})
    assert made["status"]["state"] == "SUCCEEDED", made
    statement = make(STATEMENTS, {"statement": "SELECT 1", "warehouse_id": starter})["statement_id"]
    session = make("/api/2.0/sql/sessions", {"warehouse_id": starter})["session_id"]
    token = make("/api/2.0/token/create", {"comment": "the administrator's"})["token_info"]["token_id"]
    warehouse = make(WAREHOUSES, {"name": "hidden " + catalog})["id"]
    admin("POST", f"{WAREHOUSES}/{warehouse}/stop", {})
    people = {"Users": admin("GET", f"{SCIM}/Me").json["id"],
              "ServicePrincipals": admin("POST", f"{SCIM}/ServicePrincipals", {"displayName": catalog}).json["id"],
              "Groups": admin("POST", f"{SCIM}/Groups", {"displayName": catalog + " group"}).json["id"]}
    yield {**people, "catalog": catalog, "statement": statement, "session": session, "token": token, "warehouse": warehouse}
    admin("DELETE", f"{WAREHOUSES}/{warehouse}")


@pytest.fixture(scope="module")
def nobody(admin, tarn_server):
    """A user of the workspace to whom nothing was granted."""
    name = f"nobody-{uuid.uuid4().hex[:8]}@example.com"
    admin_token = open(tarn_server["token_file"]).read().strip()
    return Rest(tarn_server["http_url"], user_token(tarn_server["http_url"], admin_token, name))


def filled(method, path, world):
    """The path of a route with the captures of the hidden objects."""
    full = {"catalogs": world["catalog"], "schemas": f"{world['catalog']}.inner",
            "tables": f"{world['catalog']}.inner.things", "volumes": f"{world['catalog']}.inner.files"}
    kind = path.split("/")[4] if path.startswith(UC) and len(path.split("/")) > 4 else ""
    values = {"name": full.get(kind, f"{world['catalog']}.inner.things"), "kind": "table", "index": "0",
              "path...": f"Volumes/{world['catalog']}/inner/files/one.txt", "client": "PYTHON", "version": "1",
              "catalog": world["catalog"], "id": world["warehouse"]}
    if path.startswith(STATEMENTS):
        values["id"] = world["statement"]
    if path.startswith("/api/2.0/sql/sessions"):
        values["id"] = world["session"]
    if path.startswith(SCIM):
        values["id"] = world.get(path.split("/")[-2])
    return re.sub(r"\{([^}]+)\}", lambda m: values.get(m.group(1), "x"), path)


def body_of(body, world):
    if not isinstance(body, dict):
        return body
    return {key: value.format(**world) if isinstance(value, str) else value for key, value in body.items()}


def plain(path):
    return re.sub(r"\{[^}]+\}", "x", path)


@pytest.mark.parametrize("method, path", CLOSED)
@pytest.mark.parametrize("authorization, expected", [
    (None, (401, "UNAUTHENTICATED", "UNAUTHENTICATED")),
    ("Basic dG9rZW46eA==", (401, "UNAUTHENTICATED", "UNAUTHENTICATED")),
    ("Bearer dapijunk", (403, 403, "TOKEN_UNKNOWN")),
])
def test_without_a_good_token_nothing_opens(tarn_server, method, path, authorization, expected):
    answer = Rest(tarn_server["http_url"], authorization=authorization)(method, plain(path), b"{}")
    assert answer.error == expected
    challenge = 'Bearer realm="DatabricksRealm"' if answer.status == 401 else None
    assert answer.headers["WWW-Authenticate"] == challenge
    assert answer.headers["x-request-id"] and answer.headers["x-databricks-org-id"] == "1"


def test_every_route_has_a_row_and_every_row_a_route():
    assert set(CLOSED) - set(ROWS) == set()
    assert set(ROWS) - set(CLOSED) == set()


@pytest.mark.parametrize("method, path", CLOSED)
def test_a_user_without_rights(nobody, admin, world, method, path):
    shape, expected, body = ROWS[method, path]
    answer = nobody(method, filled(method, shape, world), body_of(body, world))
    if expected == REFUSED and path.startswith(SCIM):
        assert (answer.status, answer.json["status"]) == (403, "403"), answer
        assert len(answer.json["detail"]) > 20
    elif expected == REFUSED:
        assert answer.error[:2] == (403, "PERMISSION_DENIED"), answer
        assert len(answer.message) > 20
    elif expected == HIDDEN:
        assert answer.status == 404, answer
        assert answer.json["error_code"].endswith(("_NOT_EXIST", "NOT_FOUND")), answer
    elif expected == CLOSED_TO:
        assert answer.status in (403, 404), answer
        assert answer.json["error_code"] and answer.json["details"][0]["reason"], answer
    else:
        assert answer.status in (200, 201), answer
    for secret in (world["catalog"], world["statement"], world["session"], world["token"]):
        if expected in (OWN, FILTERED):
            assert secret not in answer.text


def test_what_was_refused_left_everything_as_it_was(admin, world):
    """Runs after the rows above, which tried to drop, stop and change all of it."""
    assert admin("GET", f"{UC}/volumes/{world['catalog']}.inner.files").status == 200
    assert admin("GET", f"{UC}/tables/{world['catalog']}.inner.things").status == 200
    assert admin("GET", f"{STATEMENTS}/{world['statement']}").json["status"]["state"] == "SUCCEEDED"
    warehouse = admin("GET", f"{WAREHOUSES}/{world['warehouse']}").json
    assert warehouse["auto_stop_mins"] == 120 and warehouse["state"] in ("STOPPED", "STOPPING")
    access = admin("GET", f"{PERMISSIONS}/warehouses/{world['warehouse']}").json["access_control_list"]
    assert [entry.get("user_name") or entry["group_name"] for entry in access] == ["admin@localhost", "admins"]
    assert world["token"] in [t["token_id"] for t in admin("GET", "/api/2.0/token/list").json["token_infos"]]


@pytest.mark.parametrize("method, path", [
    ("GET", "/api/2.0/nothing"), ("POST", "/api/2.0/sql/statement"), ("GET", "/api/9.9/unity-catalog/catalogs"),
    ("PATCH", STATEMENTS), ("PUT", f"{SCIM}/Me"), ("DELETE", "/api/2.0/token/list"), ("BREW", WAREHOUSES),
])
def test_paths_and_methods_that_are_not_there(nobody, method, path):
    answer = nobody(method, path, b"{}" if method != "GET" else None)
    assert answer.error == (404, "ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_FOUND")
    assert f"{method} {path}" in answer.message


def test_a_user_without_rights_uses_the_starter_warehouse(nobody, tarn_server):
    starter = tarn_server["warehouses"][0]["id"]
    assert starter in [w["id"] for w in nobody("GET", WAREHOUSES).json["warehouses"]]
    assert nobody("POST", f"{WAREHOUSES}/{starter}/start", {}).status == 200
    answer = nobody("POST", STATEMENTS, {"statement": "SELECT 1", "warehouse_id": starter})
    assert answer.json["status"]["state"] == "SUCCEEDED"
    assert nobody("POST", f"{WAREHOUSES}/{starter}/stop", {}).error[:2] == (403, "PERMISSION_DENIED")


def test_a_warehouse_is_shared_by_a_grant(nobody, admin, world):
    me = nobody("GET", f"{SCIM}/Me").json["userName"]
    path = f"{PERMISSIONS}/warehouses/{world['warehouse']}"

    def may(method, rest, body=None):
        return nobody(method, f"{WAREHOUSES}/{world['warehouse']}{rest}", body).status == 200

    for level, sees, starts, edits in (("CAN_VIEW", True, False, False), ("CAN_USE", True, True, False),
                                       ("CAN_MANAGE", True, True, True)):
        granted = admin("PATCH", path, {"access_control_list": [{"user_name": me, "permission_level": level}]})
        assert granted.status == 200, granted
        entry = next(e for e in granted.json["access_control_list"] if e.get("user_name") == me)
        assert entry["all_permissions"] == [{"permission_level": level, "inherited": False}]
        assert (may("GET", ""), may("POST", "/start", {}), may("POST", "/edit", {"auto_stop_mins": 120})) == (
            sees, starts, edits), level
    admin("POST", f"{WAREHOUSES}/{world['warehouse']}/stop", {})
    owner = [{"user_name": "admin@localhost", "permission_level": "IS_OWNER"}]
    assert admin("PUT", path, {"access_control_list": owner}).status == 200
    assert not may("GET", "")
    assert "exactly one owner" in admin("PUT", path, {"access_control_list": []}).message
    assert admin("PATCH", path, {"access_control_list": [
        {"user_name": "ghost@example.com", "permission_level": "CAN_USE"}]}).status == 404
