"""The unmodified databricks-sdk: users, groups, service principals, tokens and passwords."""

import itertools

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import (AlreadyExists, BadRequest, DatabricksError, InvalidParameterValue, NotFound,
                                   PermissionDenied, ResourceConflict, Unauthenticated)
from databricks.sdk.service.iam import ComplexValue, Name, Patch, PatchOp
from databricks.sdk.service.sql import StatementState

from fixtures.people import user_token
from fixtures.tarn_server import TarnProcess

_number = itertools.count()


@pytest.fixture(scope="module")
def client(tarn_server):
    return WorkspaceClient(host=tarn_server["http_url"], token=open(tarn_server["token_file"]).read().strip())


@pytest.fixture(scope="module")
def as_token(tarn_server):
    return lambda token: WorkspaceClient(host=tarn_server["http_url"], token=token)


@pytest.fixture
def name():
    return f"person{next(_number)}@identity.example.com"


@pytest.fixture
def ask(tarn_server):
    def ask(who, text):
        return who.statement_execution.execute_statement(text, tarn_server["warehouses"][0]["id"])
    return ask


def set_password(client, user_id, password):
    client.users.patch(user_id, operations=[Patch(op=PatchOp.REPLACE, path="password", value=password)])


def sign_in(client, user_name, password):
    return client.api_client.do("POST", "/login/password", body={"user_name": user_name, "password": password})


def test_a_user_from_the_first_to_the_last_call(client, name):
    made = client.users.create(user_name=name, display_name="Ada", external_id="x-1",
                               name=Name(given_name="Ada", family_name="Lovelace"))
    read = client.users.get(made.id)
    assert (read.user_name, read.display_name, read.active, read.external_id) == (name, "Ada", True, "x-1")
    assert (read.name.given_name, read.emails[0].value) == ("Ada", name)
    assert {g.display for g in read.groups} == {"users"}
    client.users.update(made.id, user_name=name, display_name="Countess", active=False)
    read = client.users.get(made.id)
    assert (read.display_name, read.active, read.external_id) == ("Countess", False, None)
    client.users.patch(made.id, operations=[Patch(op=PatchOp.REPLACE, path="active", value="true"),
                                            Patch(op=PatchOp.REPLACE, value={"displayName": "A. L."})])
    read = client.users.get(made.id)
    assert (read.display_name, read.active) == ("A. L.", True)
    client.users.delete(made.id)
    with pytest.raises(NotFound):
        client.users.get(made.id)
    with pytest.raises(NotFound):
        client.users.delete(made.id)


def test_lists_end_and_come_in_pages(client, name):
    names = [f"{i}.{name}" for i in range(5)]
    for one in names:
        client.users.create(user_name=one)
    assert set(names) <= {u.user_name for u in client.users.list()}
    assert len({u.id for u in client.users.list(count=2)}) == len(list(client.users.list()))
    page = client.api_client.do("GET", "/api/2.0/preview/scim/v2/Users",
                                query={"filter": f'userName ew "{name}"', "startIndex": 4, "count": 10})
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 4, 2)
    assert [u.user_name for u in client.users.list(filter=f'userName ew "{name}"', sort_by="userName",
                                                   attributes="userName")] == names


def test_filters(client, name):
    client.users.create(user_name=name, display_name="Quoted \"name\"")
    other = client.users.create(user_name="other." + name, active=False)

    def found(text):
        return {u.user_name for u in client.users.list(filter=text)}
    assert found(f'userName eq "{name.upper()}"') == {name}
    assert found(f'userName co "{name}" and active eq false') == {other.user_name}
    assert found(f'userName co "{name}" and not (active eq false)') == {name}
    assert found(f'id eq "{other.id}" or displayName eq "Quoted \\"name\\""') == {name, other.user_name}
    assert found(f'userName sw "other." and userName ne "{name}" and emails co "{name}"') == {other.user_name}
    for wrong in ("userName", "userName eq", "userName is 'x'", '(userName eq "x"', 'userName eq "x" extra'):
        with pytest.raises(BadRequest, match="filter"):
            found(wrong)


def test_what_a_user_cannot_be(client, name):
    client.users.create(user_name=name)
    with pytest.raises((AlreadyExists, ResourceConflict)):
        client.users.create(user_name=name.upper())
    for body in ({"userName": 7}, {}, {"userName": "two words"}, {"userName": "x@y", "active": "yes"}):
        with pytest.raises(BadRequest):
            client.api_client.do("POST", "/api/2.0/preview/scim/v2/Users", body=body)
    with pytest.raises(DatabricksError, match="entitlements"):
        client.users.create(user_name="e." + name, entitlements=[ComplexValue(value="allow-cluster-create")])
    me = client.current_user.me()
    with pytest.raises(BadRequest, match="administrator"):
        client.users.delete(me.id)
    with pytest.raises(BadRequest):
        client.users.patch(me.id, operations=[Patch(op=PatchOp.REPLACE, path="shoeSize", value="7")])


def test_only_administrators_write(client, tarn_server, as_token, name):
    user = as_token(user_token(tarn_server["http_url"], client.config.token, name))
    assert user.current_user.me().user_name == name
    assert name in {u.user_name for u in user.users.list()}
    for call in (lambda: user.users.create(user_name="x." + name), lambda: user.groups.create(display_name="g"),
                 lambda: user.users.delete(client.current_user.me().id),
                 lambda: user.service_principals.create(display_name="s"),
                 lambda: set_password(user, client.current_user.me().id, "my own password")):
        with pytest.raises(PermissionDenied):
            call()


def test_members_of_groups_may_what_the_group_may(client, tarn_server, as_token, ask, name):
    user = as_token(user_token(tarn_server["http_url"], client.config.token, name))
    me = user.current_user.me()
    inner = client.groups.create(display_name=f"inner {name}", members=[ComplexValue(value=me.id)])
    outer = client.groups.create(display_name=f"outer {name}")
    client.groups.patch(outer.id, operations=[
        Patch(op=PatchOp.ADD, path="members", value=[{"value": inner.id}])])
    kinds = {g.display: g.type for g in user.current_user.me().groups}
    assert (kinds[inner.display_name], kinds[outer.display_name]) == ("direct", "indirect")

    query = "SELECT count(*) FROM samples.nycflights.airlines"
    assert ask(user, query).status.state == StatementState.FAILED
    for grant in ("USE CATALOG ON CATALOG samples", "USE SCHEMA ON SCHEMA samples.nycflights",
                  "SELECT ON TABLE samples.nycflights.airlines"):
        done = ask(client, f"GRANT {grant} TO `{outer.display_name}`")
        assert done.status.state == StatementState.SUCCEEDED, done.status.error
    assert ask(user, query).result.data_array == [["16"]]
    client.groups.patch(inner.id, operations=[
        Patch(op=PatchOp.REMOVE, path=f'members[value eq "{me.id}"]')])
    assert ask(user, query).status.state == StatementState.FAILED


def test_a_group_from_the_first_to_the_last_call(client, name):
    user = client.users.create(user_name=name)
    robot = client.service_principals.create(display_name="robot")
    group = client.groups.create(display_name=f"group of {name}",
                                 members=[ComplexValue(value=user.id), ComplexValue(value=robot.id)])
    assert {(m.value, m.ref) for m in client.groups.get(group.id).members} == {
        (user.id, f"Users/{user.id}"), (robot.id, f"ServicePrincipals/{robot.id}")}
    assert [g.id for g in client.groups.list(filter=f'displayName eq "group of {name}"')] == [group.id]
    client.groups.update(group.id, display_name=f"renamed {name}", members=[ComplexValue(value=robot.id)])
    assert [m.value for m in client.groups.get(group.id).members] == [robot.id]
    client.service_principals.delete(robot.id)
    assert not client.groups.get(group.id).members
    with pytest.raises(BadRequest):
        client.groups.patch(group.id, operations=[Patch(op=PatchOp.ADD, path="members", value=[{"value": group.id}])])
    with pytest.raises(BadRequest):
        client.groups.patch(group.id, operations=[Patch(op=PatchOp.ADD, path="members", value=[{"value": "12"}])])
    client.groups.delete(group.id)
    with pytest.raises(NotFound):
        client.groups.get(group.id)
    admins = next(g for g in client.groups.list() if g.display_name == "admins")
    with pytest.raises(BadRequest):
        client.groups.delete(admins.id)


def test_a_member_of_admins_is_an_administrator(client, tarn_server, as_token, name):
    user = as_token(user_token(tarn_server["http_url"], client.config.token, name))
    admins = next(g for g in client.groups.list() if g.display_name == "admins")
    client.groups.patch(admins.id, operations=[
        Patch(op=PatchOp.ADD, path="members", value=[{"value": user.current_user.me().id}])])
    user.users.create(user_name="made.by." + name)
    client.groups.patch(admins.id, operations=[
        Patch(op=PatchOp.REMOVE, path=f'members[value eq "{user.current_user.me().id}"]')])
    with pytest.raises(PermissionDenied):
        user.users.create(user_name="not.made.by." + name)


def test_a_service_principal_works_with_a_token_on_its_behalf(client, as_token):
    robot = client.service_principals.create(display_name="etl")
    assert client.service_principals.get(robot.id).application_id == robot.application_id
    assert robot.id in {s.id for s in client.service_principals.list()}
    made = client.token_management.create_obo_token(robot.application_id, comment="nightly", lifetime_seconds=600)
    as_robot = as_token(made.token_value)
    assert as_robot.current_user.me().user_name == robot.application_id
    client.service_principals.update(robot.id, display_name="etl", active=False)
    with pytest.raises(PermissionDenied, match="deactivated"):
        as_robot.current_user.me()
    client.service_principals.patch(robot.id, operations=[Patch(op=PatchOp.REPLACE, path="active", value="true")])
    as_robot.current_user.me()
    client.service_principals.delete(robot.id)
    with pytest.raises(PermissionDenied):
        as_robot.current_user.me()
    with pytest.raises(NotFound):
        client.token_management.create_obo_token("admin@localhost", lifetime_seconds=600)


def test_tokens_are_listed_and_end(client, tarn_server, as_token):
    made = client.tokens.create(comment="short", lifetime_seconds=3600)
    listed = {t.token_id: t for t in client.tokens.list()}[made.token_info.token_id]
    assert (listed.comment, listed.expiry_time - listed.creation_time) == ("short", 3_600_000)
    assert as_token(made.token_value).current_user.me().user_name == "admin@localhost"
    client.tokens.delete(made.token_info.token_id)
    with pytest.raises(PermissionDenied, match="Invalid access token"):
        as_token(made.token_value).current_user.me()
    with pytest.raises(NotFound):
        client.tokens.delete(made.token_info.token_id)
    assert made.token_info.token_id not in {t.token_id for t in client.tokens.list()}


def test_lifetimes_that_are_none(client):
    for lifetime in ("60", 1.5, True, -1, 0, 63_072_001, 2**63 - 1, 2**63):
        with pytest.raises((InvalidParameterValue, BadRequest), match="lifetime_seconds"):
            client.api_client.do("POST", "/api/2.0/token/create", body={"lifetime_seconds": lifetime})
    info = client.tokens.create(comment="default").token_info
    assert info.expiry_time - info.creation_time == 730 * 24 * 3600 * 1000
    client.tokens.delete(info.token_id)


def test_a_password_signs_in_and_is_changed(client, as_token, name):
    user = client.users.create(user_name=name)
    with pytest.raises(Unauthenticated):
        sign_in(client, name, "a first password")
    set_password(client, user.id, "a first password")
    session = sign_in(client, name, "a first password")
    signed_in = as_token(session["token"])
    assert signed_in.current_user.me().user_name == name
    assert list(signed_in.tokens.list()) == []
    with pytest.raises(PermissionDenied, match="old one"):
        set_password(signed_in, user.id, "a second password")
    client.api_client.do("PUT", "/login/password", body={
        "user_name": name, "password": "a first password", "new_password": "a second password"})
    with pytest.raises(PermissionDenied):
        signed_in.current_user.me()
    session = sign_in(client, name, "a second password")
    as_token(session["token"]).api_client.do("POST", "/logout")
    with pytest.raises(PermissionDenied):
        as_token(session["token"]).current_user.me()
    with pytest.raises(BadRequest, match="between 8"):
        set_password(client, user.id, "short")


def test_the_terminal_sets_a_password(client, tarn_server, as_token, name):
    client.users.create(user_name=name)
    server = TarnProcess(tarn_server["data_dir"])
    assert name in server.run("password", name, input="typed by hand\n").stdout
    assert sign_in(client, name, "typed by hand")["token"]
    refused = server.run("password", "nobody@example.com", input="typed by hand\n", check=False)
    assert refused.returncode == 1 and "no user" in refused.stderr
    refused = server.run("password", name, input="short\n", check=False)
    assert refused.returncode == 1 and "between 8" in refused.stderr
