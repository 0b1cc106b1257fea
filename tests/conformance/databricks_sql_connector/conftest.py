import contextlib
import urllib.parse

import pytest
from databricks import sql


@pytest.fixture(scope="session")
def connect(tarn_server):
    """Opens connections over TLS, with the authority that `tarn up` made."""
    token = open(tarn_server["token_file"]).read().strip()
    address = urllib.parse.urlsplit(tarn_server["https_url"])

    def connect(**keywords):
        settings = dict(server_hostname=address.hostname, _port=address.port,
                        http_path=tarn_server["warehouses"][0]["http_path"], access_token=token,
                        _tls_trusted_ca_file=tarn_server["ca_file"], enable_telemetry=False)
        return contextlib.closing(sql.connect(**{**settings, **keywords}))
    return connect


@pytest.fixture(scope="module")
def connection(connect):
    with connect() as connection:
        yield connection


@pytest.fixture
def cursor(connection):
    with connection.cursor() as cursor:
        yield cursor
