import itertools
import pathlib

import pytest
import requests
from databricks.sdk import WorkspaceClient
from fixtures.people import user_token

_numbers = itertools.count()


@pytest.fixture(scope="package", params=["http", "https"])
def door(request, tarn_server):
    """The address a client is given: the plain loopback port, or TLS with the private authority."""
    with pytest.MonkeyPatch.context() as environment:
        if request.param == "https":
            environment.setenv("REQUESTS_CA_BUNDLE", tarn_server["ca_file"])
        yield tarn_server[f"{request.param}_url"]


@pytest.fixture(scope="package")
def connect(door):
    """Makes a client from a token."""
    return lambda token: WorkspaceClient(host=door, token=token)


@pytest.fixture(scope="package")
def client(connect, tarn_server):
    return connect(pathlib.Path(tarn_server["token_file"]).read_text().strip())


@pytest.fixture(scope="package")
def run(client, tarn_server):
    def run(text, **keywords):
        return client.statement_execution.execute_statement(text, tarn_server["warehouses"][0]["id"], **keywords)
    return run


@pytest.fixture(scope="package")
def follow(door):
    """Reads an external link: without a token, as the API asks, and at the door that gave it."""
    def follow(link):
        assert link.startswith(door + "/")
        answer = requests.get(link, timeout=60)
        answer.raise_for_status()
        return answer.content
    return follow


@pytest.fixture
def schema(run):
    """A schema of the test's own."""
    run("DROP SCHEMA IF EXISTS main.sdk CASCADE")
    run("CREATE SCHEMA main.sdk")
    yield "main.sdk"
    run("DROP SCHEMA main.sdk CASCADE")


@pytest.fixture
def catalog(client):
    """The name of a catalog of the test's own."""
    name = f"cat{next(_numbers)}"
    client.catalogs.create(name)
    yield name
    client.catalogs.delete(name, force=True)


@pytest.fixture(scope="package")
def other_user(client, connect, tarn_server):
    """A client of a user without any right, and the user's name."""
    name = f"user{next(_numbers)}@example.com"
    return connect(user_token(tarn_server["http_url"], client.config.token, name)), name
