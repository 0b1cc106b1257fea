"""Warehouses as the unmodified databricks-sdk writes and reads them."""

import uuid

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound
from databricks.sdk.service.sql import (Channel, ChannelName, CreateWarehouseRequestWarehouseType, EndpointTagPair,
                                        EndpointTags, SpotInstancePolicy, State, Status,
                                        WarehouseAccessControlRequest, WarehousePermissionLevel)


@pytest.fixture(scope="module")
def client(tarn_server):
    return WorkspaceClient(host=tarn_server["http_url"], token=open(tarn_server["token_file"]).read().strip())


@pytest.fixture
def made(client):
    """The id of a warehouse with nothing left at its default."""
    id = client.warehouses.create(
        name="w " + uuid.uuid4().hex[:8], cluster_size="Small", auto_stop_mins=30, min_num_clusters=2,
        max_num_clusters=3, enable_photon=False, enable_serverless_compute=True,
        spot_instance_policy=SpotInstancePolicy.RELIABILITY_OPTIMIZED,
        channel=Channel(name=ChannelName.CHANNEL_NAME_PREVIEW), warehouse_type=CreateWarehouseRequestWarehouseType.PRO,
        tags=EndpointTags(custom_tags=[EndpointTagPair(key="team", value="data")])).id
    yield id
    client.warehouses.delete(id)


def settings(warehouse):
    return (warehouse.cluster_size, warehouse.auto_stop_mins, warehouse.min_num_clusters, warehouse.max_num_clusters,
            warehouse.enable_photon, warehouse.enable_serverless_compute, warehouse.spot_instance_policy,
            warehouse.channel.name, [(tag.key, tag.value) for tag in warehouse.tags.custom_tags])


def test_every_field_that_was_written_is_read_back(client, made):
    expected = ("Small", 30, 2, 3, False, True, SpotInstancePolicy.RELIABILITY_OPTIMIZED,
                ChannelName.CHANNEL_NAME_PREVIEW, [("team", "data")])
    assert settings(client.warehouses.get(made)) == expected
    assert settings(next(w for w in client.warehouses.list() if w.id == made)) == expected


def test_an_edit_changes_what_it_names_and_nothing_else(client, made):
    before = client.warehouses.get(made)
    client.warehouses.edit(made, enable_photon=True, auto_stop_mins=0)
    after = client.warehouses.get(made)
    assert (after.enable_photon, after.auto_stop_mins, after.name) == (True, 0, before.name)
    assert settings(after)[2:4] + settings(after)[5:] == settings(before)[2:4] + settings(before)[5:]
    # A client that writes back what it read changes nothing.
    client.warehouses.edit(made, name=after.name, creator_name=after.creator_name, tags=after.tags,
                           channel=after.channel, instance_profile_arn="")
    assert settings(client.warehouses.get(made)) == settings(after)
    client.warehouses.edit(made, tags=EndpointTags(custom_tags=[]))
    assert client.warehouses.get(made).tags.custom_tags == []


def test_health_and_addresses(client, made, tarn_server):
    warehouse = client.warehouses.get(made)
    assert warehouse.health.status == Status.HEALTHY and warehouse.health.summary is None
    assert warehouse.creator_name == "admin@localhost"
    assert warehouse.odbc_params.path == f"/sql/1.0/warehouses/{made}"
    assert f"{warehouse.odbc_params.hostname}:{warehouse.odbc_params.port}" in tarn_server["http_url"]
    assert warehouse.state in (State.STARTING, State.RUNNING)


def test_a_deleted_warehouse_is_gone(client):
    id = client.warehouses.create(name="gone " + uuid.uuid4().hex[:8]).id
    client.warehouses.delete(id)
    with pytest.raises(NotFound):
        client.warehouses.get(id)
    with pytest.raises(NotFound):
        client.statement_execution.execute_statement("SELECT 1", id)


def test_permissions(client, made):
    levels = client.warehouses.get_permission_levels(made).permission_levels
    assert {level.permission_level for level in levels} == {
        WarehousePermissionLevel.CAN_VIEW, WarehousePermissionLevel.CAN_MONITOR, WarehousePermissionLevel.CAN_USE,
        WarehousePermissionLevel.CAN_MANAGE, WarehousePermissionLevel.IS_OWNER}
    owner = WarehouseAccessControlRequest(user_name="admin@localhost", permission_level=WarehousePermissionLevel.IS_OWNER)
    users = WarehouseAccessControlRequest(group_name="users", permission_level=WarehousePermissionLevel.CAN_USE)
    given = client.warehouses.update_permissions(made, access_control_list=[users])
    assert given.object_id == f"/sql/warehouses/{made}" and given.object_type == "warehouses"
    assert [e.all_permissions[0].permission_level for e in given.access_control_list if e.group_name == "users"] == [
        WarehousePermissionLevel.CAN_USE]
    client.warehouses.set_permissions(made, access_control_list=[owner])
    assert [e.group_name for e in client.warehouses.get_permissions(made).access_control_list] == [None, "admins"]
