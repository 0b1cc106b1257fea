import contextlib
import pathlib
import urllib.parse

import pytest
from databricks import sql


@pytest.fixture(scope="package", params=["https", "http"])
def connect(request, tarn_server):
    """Opens connections: over TLS with the authority that `tarn up` made, and over the plain loopback port."""
    token = pathlib.Path(tarn_server["token_file"]).read_text().strip()
    settings = dict(http_path=tarn_server["warehouses"][0]["http_path"], access_token=token, enable_telemetry=False)
    address = urllib.parse.urlsplit(tarn_server[f"{request.param}_url"])
    settings.update(server_hostname=address.hostname)
    if request.param == "https":
        settings.update(_port=address.port, _tls_trusted_ca_file=tarn_server["ca_file"])

    def connect(**keywords):
        chosen = {**settings, **keywords}
        if request.param == "http":
            # The client speaks plain HTTP only when it is given the whole address.
            chosen["_connection_uri"] = address.geturl() + chosen["http_path"]
        return contextlib.closing(sql.connect(**chosen))
    return connect


@pytest.fixture(scope="module")
def connection(connect):
    with connect() as connection:
        yield connection


@pytest.fixture
def cursor(connection):
    with connection.cursor() as cursor:
        yield cursor
