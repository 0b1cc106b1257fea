import pathlib
import urllib.parse

import pytest
from databricks import sql


@pytest.fixture(scope="module")
def arrow(tarn_server):
    """Runs a statement of Tarn's and returns its rows as an Arrow table with Arrow's own types."""
    address = urllib.parse.urlsplit(tarn_server["https_url"])
    with sql.connect(server_hostname=address.hostname, _port=address.port,
                     http_path=tarn_server["warehouses"][0]["http_path"],
                     access_token=pathlib.Path(tarn_server["token_file"]).read_text().strip(),
                     _tls_trusted_ca_file=tarn_server["ca_file"], enable_telemetry=False) as connection:
        with connection.cursor() as cursor:
            def arrow(text):
                cursor.execute(text)
                return cursor.fetchall_arrow()
            yield arrow
