"""The Files API through the unmodified databricks-sdk, and its HTTP details."""

import concurrent.futures
import io
import os

import pytest
import requests
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import AlreadyExists, BadRequest, NotFound
from databricks.sdk.service.catalog import VolumeType


@pytest.fixture
def volume(client, catalog):
    """The path of an empty volume."""
    client.volumes.create(catalog, "default", "files", VolumeType.MANAGED)
    return f"/Volumes/{catalog}/default/files"


@pytest.fixture
def http(client):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {client.config.token}"

    def call(method, path, **keywords):
        return session.request(method, client.config.host + "/api/2.0/fs" + path, **keywords)
    return call


def test_metadata_and_ranges(client, volume, http):
    client.files.upload(f"{volume}/f.bin", io.BytesIO(b"0123456789"))
    metadata = client.files.get_metadata(f"{volume}/f.bin")
    assert (metadata.content_length, metadata.content_type) == (10, "application/octet-stream")
    for asked, got, content_range in (("bytes=2-4", b"234", "bytes 2-4/10"), ("bytes=7-", b"789", "bytes 7-9/10"),
                                      ("bytes=-3", b"789", "bytes 7-9/10"), ("bytes=8-99", b"89", "bytes 8-9/10"),
                                      ("bytes=-99", b"0123456789", "bytes 0-9/10")):
        part = http("GET", f"/files{volume}/f.bin", headers={"Range": asked})
        assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, got, content_range)
    for ignored in ("lines=1-2", "bytes=1-2,4-5", "bytes=4-2", "bytes=x"):
        whole = http("GET", f"/files{volume}/f.bin", headers={"Range": ignored})
        assert (whole.status_code, whole.content) == (200, b"0123456789")
    beyond = http("GET", f"/files{volume}/f.bin", headers={"Range": "bytes=10-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */10")


def test_unmodified_since(client, volume, http):
    client.files.upload(f"{volume}/f", io.BytesIO(b"x"))
    modified = http("HEAD", f"/files{volume}/f").headers["Last-Modified"]
    same = http("GET", f"/files{volume}/f", headers={"If-Unmodified-Since": modified})
    assert same.status_code == 200
    older = http("GET", f"/files{volume}/f", headers={"If-Unmodified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"})
    assert older.status_code == 412
    assert client.files.get_metadata(f"{volume}/f").last_modified == modified


@pytest.mark.parametrize("parallel", [True, False])
def test_large_uploads_go_in_parts(tarn_server, client, volume, parallel, monkeypatch):
    config = client.config.copy()
    config.files_ext_multipart_upload_min_stream_size = 1000
    config.files_ext_multipart_upload_default_part_size = 700
    config.files_ext_multipart_upload_part_size_options = [700]
    large = WorkspaceClient(config=config)
    data = os.urandom(10_000)
    sent = []
    send = requests.Session.send
    monkeypatch.setattr(requests.Session, "send",
                        lambda self, request, **kw: (sent.append(request), send(self, request, **kw))[1])
    large.files.upload(f"{volume}/large", io.BytesIO(data), use_parallel=parallel)
    parts = [r for r in sent if "/parts/" in r.url]
    assert len(parts) == 15 and all("Authorization" not in r.headers for r in parts)
    assert client.files.download(f"{volume}/large").contents.read() == data
    with pytest.raises(AlreadyExists):
        large.files.upload(f"{volume}/large", io.BytesIO(data[::-1]), overwrite=False, use_parallel=parallel)
    large.files.upload(f"{volume}/large", io.BytesIO(data[::-1]), overwrite=True, use_parallel=parallel)
    assert client.files.download(f"{volume}/large").contents.read() == data[::-1]
    assert [f.name for f in client.files.list_directory_contents(volume)] == ["large"]
    assert not any(files for _, _, files in os.walk(os.path.join(tarn_server["data_dir"], "uploads")))


def test_an_upload_in_parts_is_checked(client, volume, http, other_user):
    begin = http("POST", f"/files{volume}/f?action=initiate-upload").json()["multipart_upload"]
    ask = {"path": f"{volume}/f", "session_token": begin["session_token"], "start_part_number": 1, "count": 2}
    urls = http("POST", "/create-upload-part-urls", json=ask).json()["upload_part_urls"]
    etags = [requests.put(url["url"], data=b"part").headers["ETag"] for url in urls]
    other = requests.post(f"{client.config.host}/api/2.0/fs/create-upload-part-urls", json=ask,
                          headers={"Authorization": f"Bearer {other_user[0].config.token}"})
    assert other.status_code == 404
    end = f"/files{volume}/f?action=complete-upload&session_token={begin['session_token']}"
    for parts in ([], [{"part_number": 1, "etag": "x"}], [{"part_number": 3, "etag": etags[0]}],
                  [{"part_number": 2, "etag": etags[1]}, {"part_number": 1, "etag": etags[0]}]):
        assert http("POST", end, json={"parts": parts}).status_code == 400
    abort = http("POST", "/create-abort-upload-url", json=ask).json()["abort_upload_url"]["url"]
    assert requests.delete(abort).status_code == 200
    assert requests.put(urls[0]["url"], data=b"late").status_code == 403
    assert http("POST", end, json={"parts": [{"part_number": 1, "etag": etags[0]}]}).status_code == 404
    assert http("GET", f"/files{volume}/f").status_code == 404


def test_only_one_writer_makes_a_file(volume, http):
    def put(n):
        return http("PUT", f"/files{volume}/one", data=str(n) * 100_000).status_code
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(put, range(8)))
    assert sorted(codes) == [204] + [409] * 7
    assert http("GET", f"/files{volume}/one").text == str(codes.index(204)) * 100_000


def test_directories(client, volume, http):
    client.files.create_directory(f"{volume}/a/b")
    client.files.create_directory(f"{volume}/a/b")
    for name in ("3", "1", "2"):
        client.files.upload(f"{volume}/a/{name}", io.BytesIO(b"x"))
    listed = list(client.files.list_directory_contents(f"{volume}/a/", page_size=2))
    assert [(f.name, f.path, f.is_directory) for f in listed] == [
        (name, f"{volume}/a/{name}", name == "b") for name in ("1", "2", "3", "b")]
    with pytest.raises(BadRequest, match="not empty"):
        client.files.delete_directory(f"{volume}/a")
    client.files.delete_directory(f"{volume}/a/b")
    with pytest.raises(NotFound):
        client.files.delete_directory(f"{volume}/a/b")
    with pytest.raises(NotFound):
        list(client.files.list_directory_contents(f"{volume}/a/b"))
    with pytest.raises(BadRequest):
        client.files.delete_directory(volume)
    for name in ("1", "2", "3"):
        client.files.delete(f"{volume}/a/{name}")
    client.files.delete_directory(f"{volume}/a")
    assert list(client.files.list_directory_contents(volume)) == []


def test_files_and_directories_do_not_replace_each_other(client, volume, http):
    client.files.upload(f"{volume}/f", io.BytesIO(b"x"))
    client.files.create_directory(f"{volume}/d")
    assert http("PUT", f"/files{volume}/f/under", data=b"x").status_code == 400
    assert http("PUT", f"/directories{volume}/f/under").status_code == 400
    assert http("PUT", f"/directories{volume}/f").status_code == 409
    assert http("PUT", f"/files{volume}/d?overwrite=true", data=b"x").status_code == 409
    assert http("PUT", f"/files{volume}/.tarn-x", data=b"x").status_code == 400
    assert http("PUT", f"/files{volume}/{'n' * 300}", data=b"x").status_code == 400
    assert client.files.download(f"{volume}/f").contents.read() == b"x"
