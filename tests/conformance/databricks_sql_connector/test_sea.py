"""The connector's back end over the Statement Execution API (`use_sea`), with its sessions."""

import contextlib
import pathlib
import urllib.parse

import pytest
from databricks import sql

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def connect(tarn_server):
    """Over TLS: this back end forces https whatever address it is given."""
    address = urllib.parse.urlsplit(tarn_server["https_url"])

    def connect(**keywords):
        return contextlib.closing(sql.connect(
            server_hostname=address.hostname, _port=address.port, use_sea=True, enable_telemetry=False,
            http_path=tarn_server["warehouses"][0]["http_path"], _tls_trusted_ca_file=tarn_server["ca_file"],
            access_token=pathlib.Path(tarn_server["token_file"]).read_text().strip(), **keywords))
    return connect


@pytest.fixture
def sea(connect):
    with connect() as connection:
        yield connection


def test_rows_come_back_through_links(sea):
    with sea.cursor() as cursor:
        cursor.execute("SELECT id, CAST(id AS STRING) AS s FROM range(50000) ORDER BY id")
        assert cursor.fetchmany(2) == [(0, "0"), (1, "1")]
        assert len(cursor.fetchall()) == 49_998


def test_a_session_remembers_what_its_statements_changed(sea):
    with sea.cursor() as cursor:
        cursor.execute("USE CATALOG samples")
        cursor.execute("USE SCHEMA nycflights")
        cursor.execute("SELECT count(*) FROM airlines")
        assert cursor.fetchall() == [(16,)]


def test_a_session_starts_where_it_was_asked_to(connect):
    with connect(catalog="samples", schema="nycflights") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM airlines")
        assert cursor.fetchall() == [(16,)]


def test_named_parameters(sea):
    with sea.cursor() as cursor:
        cursor.execute("SELECT :n + 1 AS n, :s AS s", {"n": 41, "s": "it's"})
        assert cursor.fetchall() == [(42, "it's")]


def test_a_closed_connection_is_closed(connect):
    with connect() as connection:
        pass
    with pytest.raises(sql.Error):
        connection.cursor()
