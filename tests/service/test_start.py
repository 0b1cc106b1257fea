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

    def change(sql):
        database = sqlite3.connect(server.data_dir / "metadata.db")
        database.execute(sql)
        database.commit()
        database.close()

    for later, back in (("UPDATE schema_versions SET version = version + 1 WHERE module = 'identity'",
                         "UPDATE schema_versions SET version = version - 1 WHERE module = 'identity'"),
                        ("INSERT INTO schema_versions VALUES ('a_module_of_later', 1)",
                         "DELETE FROM schema_versions WHERE module = 'a_module_of_later'"),
                        ("PRAGMA user_version = 1001", "PRAGMA user_version = 1000")):
        change(later)
        words = refused_server(server.data_dir)
        assert "DATA_FOLDER_TOO_NEW" in words and "later release" in words
        change(back)
    server.start()
    assert ["kept"] in server.run_statement("SHOW SCHEMAS IN main")


def test_another_administrator_is_made_at_the_first_start_only(server):
    server.stop()
    server.options = (*server.options, "--admin", "somebody.else@localhost")
    server.start()
    assert server.run_statement("SELECT current_user()") == [["admin@localhost"]]
