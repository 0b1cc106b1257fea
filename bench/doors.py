"""The smallest clients of two doors. What a driver costs is not measured: bytes in, bytes out."""

import http.client
import io
import json

import pyarrow as pa
from databricks.sql.thrift_api.TCLIService import TCLIService, ttypes
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TTransportBase


def _connect(server):
    host, port = server.status["http_url"].removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.connect()
    return connection


class StatementApi:
    """Statement Execution over one keep-alive connection."""

    def __init__(self, server, **fields):
        self._connection = _connect(server)
        self._headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
        self._fields = {"warehouse_id": server.status["warehouses"][0]["id"], "wait_timeout": "50s", **fields}

    def send(self, text):
        """The bytes of the answer."""
        body = json.dumps({"statement": text, **self._fields})
        self._connection.request("POST", "/api/2.0/sql/statements", body, self._headers)
        return self._connection.getresponse().read()

    @staticmethod
    def rows(answer):
        answer = json.loads(answer)
        if answer["status"]["state"] != "SUCCEEDED":
            raise RuntimeError(answer["status"])
        return answer["result"].get("data_array", [])

    def query(self, text):
        return self.rows(self.send(text))


class _Post(TTransportBase):
    """One Thrift call is one POST on a connection that stays."""

    def __init__(self, server):
        self._connection = _connect(server)
        self._path = server.status["warehouses"][0]["http_path"]
        self._headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/x-thrift"}
        self._out, self._in = io.BytesIO(), io.BytesIO()

    def isOpen(self):
        return True

    def read(self, size):
        return self._in.read(size)

    def write(self, bytes_):
        self._out.write(bytes_)

    def flush(self):
        self._connection.request("POST", self._path, self._out.getvalue(), self._headers)
        self._out = io.BytesIO()
        self._in = io.BytesIO(self._connection.getresponse().read())


class ThriftDoor:
    """ExecuteStatement with direct results, which is one call for a small result."""

    def __init__(self, server):
        self._client = TCLIService.Client(TBinaryProtocol(_Post(server)))
        self._session = self._client.OpenSession(ttypes.TOpenSessionReq(
            client_protocol_i64=ttypes.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V7)).sessionHandle

    def send(self, text):
        return self._client.ExecuteStatement(ttypes.TExecuteStatementReq(
            sessionHandle=self._session, statement=text, runAsync=True, canReadArrowResult=True,
            getDirectResults=ttypes.TSparkGetDirectResults(maxRows=10_000, maxBytes=10 << 20)))

    @staticmethod
    def rows(answer):
        direct = answer.directResults
        if direct is None or direct.resultSet is None:
            raise RuntimeError(answer)
        schema = direct.resultSetMetadata.arrowSchema
        batches = b"".join(batch.batch for batch in direct.resultSet.results.arrowBatches)
        table = pa.ipc.open_stream(schema + batches).read_all()
        return [[None if value is None else str(value) for value in row.values()] for row in table.to_pylist()]
