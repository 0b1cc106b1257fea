"""What a server needs of its folder and its ports, and what it says when it cannot have it."""

import sqlite3


def test_two_servers_on_one_folder(server, refused_server):
    words = refused_server(server.data_dir)
    assert "DATA_FOLDER_IN_USE" in words and str(server.status["pid"]) in words
    assert server.run_statement("SELECT 1") == [["1"]]


def test_a_port_in_use_is_named_with_its_option(server, refused_server, tmp_path):
    port = server.status["http_url"].rsplit(":", 1)[1]
    words = refused_server(tmp_path / "other", port=port)
    assert "LISTEN_FAILED" in words and port in words and "--http-port" in words
    port = server.status["https_url"].rsplit(":", 1)[1]
    words = refused_server(tmp_path / "other", "--https-port", port)
    assert "LISTEN_FAILED" in words and port in words and "--https-port" in words
    assert server.run_statement("SELECT 1") == [["1"]]


def test_metadata_survives_a_restart(server):
    server.run_statement("CREATE SCHEMA main.kept COMMENT 'still here'")
    server.run_statement("CREATE TABLE main.kept.t (a INT)")
    token = server.token
    server.stop()
    server.start()
    assert server.token == token
    assert server.run_statement("SHOW TABLES IN main.kept") == [["kept", "t", "false"]]


def test_a_data_folder_of_a_later_release_is_refused(server, refused_server):
    server.run_statement("CREATE SCHEMA main.kept")
    server.stop()

    def set_version(change):
        database = sqlite3.connect(server.data_dir / "metadata.db")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {version + change}")
        database.commit()
        database.close()

    set_version(1_000_000)
    words = refused_server(server.data_dir)
    assert "DATA_FOLDER_TOO_NEW" in words and "later release" in words
    set_version(-1_000_000)
    server.start()
    assert ["kept"] in server.run_statement("SHOW SCHEMAS IN main")
