"""Requests that are wrong: each is told so under a stable reason, with what to do, and changes nothing."""

import json
import socket
import struct
import time
import uuid

import pytest
from fixtures.rest import Rest

STATEMENTS = "/api/2.0/sql/statements"
WAREHOUSES = "/api/2.0/sql/warehouses"
TOKENS = "/api/2.0/token/create"
MIB = 1 << 20


@pytest.fixture(scope="module")
def admin(tarn_server):
    return Rest(tarn_server["http_url"], open(tarn_server["token_file"]).read().strip())


@pytest.fixture(scope="module")
def warehouse(tarn_server):
    return tarn_server["warehouses"][0]["id"]


@pytest.fixture
def run(admin, warehouse):
    def run(text, **more):
        return admin("POST", STATEMENTS, {"statement": text, "warehouse_id": warehouse, **more})
    return run


@pytest.fixture
def state(admin, run):
    """What a wrong request must leave as it is: the workspace's lists and the rows of a table."""
    table = "main.default.kept_" + uuid.uuid4().hex[:8]
    assert run(f"CREATE TABLE {table} AS SELECT 1 AS a").json["status"]["state"] == "SUCCEEDED"

    def look():
        warehouses = [(w["id"], w["name"], w["auto_stop_mins"], w["tags"])
                      for w in admin("GET", WAREHOUSES).json["warehouses"] if w["state"] not in ("DELETING", "DELETED")]
        tokens = [t["token_id"] for t in admin("GET", "/api/2.0/token/list").json["token_infos"]]
        catalogs = [c["name"] for c in admin("GET", "/api/2.1/unity-catalog/catalogs").json["catalogs"]]
        rows = run(f"SELECT a FROM {table}").json["result"]["data_array"]
        return warehouses, tokens, catalogs, rows

    before = look()
    yield table
    assert look() == before
    run(f"DROP TABLE {table}")


def check(answer, status, error_code, reason, *words):
    assert answer.error == (status, error_code, reason), answer
    for word in words:
        assert word in answer.message, answer
    assert "Unexpected error" not in answer.message  # clients would try again


@pytest.mark.parametrize("path", [STATEMENTS, WAREHOUSES, TOKENS])
@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"7", b"{'a': 1}", b'{"a": "\xff\xfe"}', b"\x00\x01",
                                  b'{"a": 1} trailing', b"[" * 600])
def test_bodies_that_are_no_json_object(admin, state, path, body):
    check(admin("POST", path, body), 400, "MALFORMED_REQUEST", "MALFORMED_REQUEST", "request")


@pytest.mark.parametrize("field, value, wanted", [
    ("row_limit", "7", "whole number"), ("row_limit", 1.5, "whole number"), ("byte_limit", [], "whole number"),
    ("wait_timeout", 10, "a string"), ("on_wait_timeout", False, "a string"), ("disposition", 7, "a string"),
    ("format", {}, "a string"), ("catalog", 1, "a string"), ("schema", [], "a string"), ("statement", 1, "a string"),
    ("warehouse_id", 1, "a string"), ("parameters", {}, "a list"), ("parameters", ["x"], "an object"),
    ("parameters", [{"name": "n", "type": "INT", "value": 41}], "parameters[0].value must be a string"),
    ("parameters", [{"name": 1}], "parameters[0].name must be a string"),
    ("parameters", [{"name": "n", "type": 1}], "parameters[0].type must be a string"),
    ("session_id", 1, "a string"), ("result_compression", 1, "a string"), ("query_tags", "x", "a list"),
])
def test_a_statement_with_a_field_of_the_wrong_type(admin, warehouse, state, field, value, wanted):
    answer = admin("POST", STATEMENTS, {"statement": f"DELETE FROM {state}", "warehouse_id": warehouse, field: value})
    check(answer, 400, "INVALID_PARAMETER_VALUE", "INVALID_PARAMETER_VALUE", field, wanted)


@pytest.mark.parametrize("more, words", [
    ({"wait_timeout": "4s"}, ["wait_timeout", "5s and 50s"]),
    ({"wait_timeout": "soon"}, ["wait_timeout", "soon"]),
    ({"wait_timeout": "0s", "on_wait_timeout": "CANCEL"}, ["on_wait_timeout", "CONTINUE"]),
    ({"disposition": "OUTLINE"}, ["OUTLINE", "EXTERNAL_LINKS"]),
    ({"format": "XML"}, ["XML", "ARROW_STREAM"]),
    ({"format": "CSV"}, ["INLINE", "JSON_ARRAY"]),
    ({"row_limit": -1}, ["row_limit", "negative"]),
    ({"parameters": [{"type": "INT"}]}, ["parameters[0].name"]),
])
def test_a_statement_with_a_value_that_there_is_not(run, state, more, words):
    check(run(f"DELETE FROM {state}", **more), 400, "INVALID_PARAMETER_VALUE", "INVALID_PARAMETER_VALUE", *words)


@pytest.mark.parametrize("body, words", [
    ({"name": 7}, ["name", "a string"]), ({"name": "x", "auto_stop_mins": "10"}, ["auto_stop_mins", "whole number"]),
    ({"name": "x", "min_num_clusters": 1.5}, ["min_num_clusters", "whole number"]),
    ({"name": "x", "enable_photon": "true"}, ["enable_photon", "true or false"]),
    ({"name": "x", "tags": []}, ["tags", "an object"]), ({"name": "x", "tags": {"custom_tags": [1]}}, ["custom_tags[0]"]),
    ({"name": "x", "channel": "CURRENT"}, ["channel", "an object"]),
    ({"name": "x", "channel": {"name": "CHANNEL_NAME_OLD"}}, ["CHANNEL_NAME_OLD", "CHANNEL_NAME_CURRENT"]),
    ({"name": "x", "spot_instance_policy": "CHEAP"}, ["CHEAP", "COST_OPTIMIZED"]),
    ({"name": "x", "cluster_size": "Huge"}, ["Huge", "2X-Small"]),
    ({"name": "x", "warehouse_type": "CLASSIC", "enable_serverless_compute": True}, ["PRO"]),
    ({"name": "x", "auto_stop_mins": 3}, ["auto_stop_mins", "at least 10"]), ({}, ["name"]),
    ({"name": "x", "creator_name": "somebody@else"}, ["creator_name"]),
])
def test_a_warehouse_with_a_wrong_field(admin, state, body, words):
    answer = admin("POST", WAREHOUSES, body)
    check(answer, 400, "INVALID_PARAMETER_VALUE", "INVALID_PARAMETER_VALUE", *words)


@pytest.mark.parametrize("body, words", [
    ({"name": "x", "instance_profile_arn": "arn:aws:iam::1:x"}, ["instance_profile_arn"]),
    ({"name": "x", "channel": {"dbsql_version": "2024.1"}}, ["channel.dbsql_version"]),
])
def test_a_known_field_that_is_not_honoured_is_refused_by_name(admin, state, body, words):
    check(admin("POST", WAREHOUSES, body), 400, "BAD_REQUEST", "UNSUPPORTED_FEATURE", *words)


def test_unknown_fields_are_let_through(admin, run):
    answer = run("SELECT 1", invented_tomorrow={"deep": [1]})
    assert answer.json["result"]["data_array"] == [["1"]]
    name = "unknown " + uuid.uuid4().hex[:8]
    made = admin("POST", WAREHOUSES, {"name": name, "invented_tomorrow": True})
    assert made.status == 200, made
    assert admin("DELETE", f"{WAREHOUSES}/{made.json['id']}").status == 200
    assert admin("GET", "/api/2.0/token/list?invented_tomorrow=1").status == 200


def test_a_body_over_the_limit_names_the_limit(admin, state):
    for headers in ({}, {"Transfer-Encoding": "chunked"}):
        answer = oversized(admin, headers)
        check(answer, 413, "BAD_REQUEST", "REQUEST_TOO_LARGE", str(16 * MIB), "/api/2.0/fs/files")
        assert answer.headers["Content-Type"] == "application/json"


def oversized(admin, headers):
    """Announces or sends more than a request may have, and reads what the server says to it."""
    import http.client
    from fixtures.rest import Answer
    connection = http.client.HTTPConnection(admin.address.hostname, admin.address.port, timeout=60)
    connection.putrequest("POST", WAREHOUSES)
    connection.putheader("Authorization", admin.authorization)
    for name, value in headers.items():
        connection.putheader(name, value)
    if not headers:
        connection.putheader("Content-Length", str(17 * MIB))
    connection.endheaders()
    try:
        if headers:
            for _ in range(17):
                connection.send(b"%x\r\n" % MIB + b"x" * MIB + b"\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server has answered already
    return Answer(connection.getresponse())


def test_a_statement_over_16_mib_says_where_data_goes(run, state):
    check(run("SELECT '" + "x" * (16 * MIB) + "'"), 400, "INVALID_PARAMETER_VALUE", "INVALID_PARAMETER_VALUE",
          "16 MiB", "COPY INTO")


@pytest.mark.parametrize("raw, status, reason", [
    (b"GET / HTTP/1.1\r\n\r\n", 400, "MALFORMED_REQUEST"),
    (b"GARBAGE\r\n\r\n", 400, "MALFORMED_REQUEST"),
    (b"GET /api/2.0/%zz HTTP/1.1\r\nHost: x\r\n\r\n", None, None),
    (b"GET / HTTP/1.1\r\nHost: x\r\nBig: " + b"h" * 200_000 + b"\r\n\r\n", 431, "REQUEST_HEADERS_TOO_LARGE"),
    (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 1\r\n\r\nx", 417, "EXPECTATION_FAILED"),
])
def test_what_the_server_turns_down_has_the_shape_of_the_api(tarn_server, raw, status, reason):
    address = Rest(tarn_server["http_url"]).address
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert b"application/json" in head and told["error_code"] and told["message"]
    if status:
        assert int(head.split()[1]) == status
        assert told["details"][0]["reason"] == reason


def test_an_expired_token_says_what_to_do(admin, tarn_server, state):
    made = admin("POST", TOKENS, {"comment": "short", "lifetime_seconds": 1}).json
    short = Rest(tarn_server["http_url"], made["token_value"])
    deadline = time.monotonic() + 30
    while (answer := short("GET", WAREHOUSES)).status == 200 and time.monotonic() < deadline:
        pass
    check(answer, 403, 403, "TOKEN_EXPIRED", "Invalid access token", "expired", "/api/2.0/token/create")
    refused = short("POST", STATEMENTS, {"statement": f"DELETE FROM {state}", "warehouse_id": "x"})
    check(refused, 403, 403, "TOKEN_EXPIRED", "expired")
    admin("POST", "/api/2.0/token/delete", {"token_id": made["token_info"]["token_id"]})


@pytest.mark.parametrize("body", [b"", b"\x80\x01\x00\x01\x00\x00\x00\x0bOpenSession", b"GET / HTTP/1.1",
                                  struct.pack(">I", 0x80010001) + struct.pack(">I", 0x7FFFFFFF),
                                  b"\x80\x01\x00\x01\x00\x00\x00\x10ExecuteStatement\x00\x00\x00\x01\x0c"])
def test_thrift_calls_that_are_cut_off(admin, warehouse, state, body):
    answer = admin("POST", f"/sql/1.0/warehouses/{warehouse}", body, {"Content-Type": "application/x-thrift"})
    check(answer, 400, "MALFORMED_REQUEST", "MALFORMED_REQUEST", "Thrift")
    assert "Thrift" in answer.headers["x-databricks-reason-phrase"]


@pytest.mark.parametrize("path, word", [
    (f"{STATEMENTS}/{{id}}/result/chunks/abc", "chunk index"),
    (f"{STATEMENTS}/{{id}}/result/chunks/-1", "chunk"),
    (f"{STATEMENTS}/{{id}}/result/chunks/7", "chunk 7"),
    (f"{STATEMENTS}/nothing", "nothing"),
])
def test_results_that_are_not_there(admin, run, path, word):
    statement = run("SELECT 1").json["statement_id"]
    answer = admin("GET", path.format(id=statement))
    assert answer.status in (400, 404) and word in answer.message, answer
    assert answer.json["error_code"] in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")


def test_sessions_that_are_not_there(admin, run, warehouse, state):
    gone = run(f"DELETE FROM {state}", session_id="nothing")
    check(gone, 404, "RESOURCE_DOES_NOT_EXIST", "RESOURCE_DOES_NOT_EXIST", "nothing", "Open a new one")
    check(admin("POST", "/api/2.0/sql/sessions", {"warehouse_id": warehouse, "session_confs": {"a": 1}}),
          400, "INVALID_PARAMETER_VALUE", "INVALID_PARAMETER_VALUE", "session_confs.a", "a string")
    assert admin("POST", "/api/2.0/sql/sessions", {"warehouse_id": warehouse, "catalog": "no_such"}).status == 404
    session = admin("POST", "/api/2.0/sql/sessions/", {"warehouse_id": warehouse}).json["session_id"]
    closed = admin("DELETE", f"/api/2.0/sql/sessions/{session}?warehouse_id={warehouse}", {"session_id": session})
    assert closed.status == 200
    check(run(f"DELETE FROM {state}", session_id=session), 404, "RESOURCE_DOES_NOT_EXIST", "RESOURCE_DOES_NOT_EXIST",
          session)
