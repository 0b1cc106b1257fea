"""UPDATE and DELETE of 0.1, 1 and 10 % of the rows, with and without deletion vectors, and MERGE, against deltalake.

Each round changes another slice of the same tables; afterwards the tables of all subjects hold the same rows.
"""

import json

import harness
from doors import StatementApi

ROWS, ROUNDS, WARMUP = 2_000_000, 5, 1
SLICES = {"0.1 %": 1000, "1 %": 100, "10 %": 10}
QUERY = ("SELECT id, id % 1000 AS slice, concat('name ', id) AS name, CAST(id % 97 AS DOUBLE) AS price, "
         f"CAST(id % 5 AS INT) AS kind, concat('comment of row ', id * 7) AS note FROM range({ROWS})")


class Tables:
    """The same rows twice over: in a table of Tarn's and in one of deltalake's."""

    def __init__(self, client, deltalake, source, folder, name, vectors):
        self.client, self.name = client, f"main.default.{name}"
        client.query(f"CREATE TABLE {self.name} TBLPROPERTIES ('delta.enableDeletionVectors' = '{vectors}') AS {QUERY}")
        self.path = f"{folder}/{name}"
        deltalake.write_deltalake(self.path, source)
        self.deltalake = deltalake

    def ours(self, statement):
        answer = json.loads(self.client.send(statement.format(table=self.name)))
        assert answer["status"]["state"] == "SUCCEEDED", answer["status"]

    def theirs(self, change):
        change(self.deltalake.DeltaTable(self.path))

    def same(self):
        aggregate = "count(*), sum(id), sum(CAST(price AS BIGINT)), count(DISTINCT name)"
        ours = self.client.query(f"SELECT {aggregate} FROM {self.name}")[0]
        builder = self.deltalake.QueryBuilder().register("t", self.deltalake.DeltaTable(self.path))
        theirs = builder.execute(f"SELECT {aggregate} FROM t").read_all().to_struct_array().to_pylist()[0]
        assert [int(value) for value in ours] == list(theirs.values()), (ours, theirs)


def _measure(name, tables, statement, change):
    """`statement` and `change` are given the number of the round."""
    counts = {"ours": 0, "theirs": 0}

    def ours():
        counts["ours"] += 1
        tables.ours(statement(counts["ours"]))

    def theirs():
        counts["theirs"] += 1
        tables.theirs(lambda table: change(table, counts["theirs"]))

    figure = harness.measure(name, ours, {"deltalake": theirs}, ROUNDS, WARMUP)
    tables.same()
    return figure


def run(server, folder, deltalake, pyarrow):
    client = StatementApi(server)
    numbers = pyarrow.array(range(ROWS), pyarrow.int64())
    source = pyarrow.table({
        "id": numbers, "slice": pyarrow.array((i % 1000 for i in range(ROWS)), pyarrow.int64()),
        "name": [f"name {i}" for i in range(ROWS)], "price": [float(i % 97) for i in range(ROWS)],
        "kind": pyarrow.array((i % 5 for i in range(ROWS)), pyarrow.int32()),
        "note": [f"comment of row {i * 7}" for i in range(ROWS)]})
    figures = []
    for vectors in ("false", "true"):
        how = "vectors" if vectors == "true" else "rewritten"
        for share, parts in SLICES.items():
            tables = Tables(client, deltalake, source, folder, f"u_{how}_{parts}", vectors)
            figures.append(_measure(
                f"UPDATE {share}, {how}", tables,
                lambda n, p=parts: f"UPDATE {{table}} SET price = price + 1 WHERE slice % {p} = {n}",
                lambda t, n, p=parts: t.update(updates={"price": "price + 1"}, predicate=f"slice % {p} = {n}")))
            tables = Tables(client, deltalake, source, folder, f"d_{how}_{parts}", vectors)
            figures.append(_measure(
                f"DELETE {share}, {how}", tables,
                lambda n, p=parts: f"DELETE FROM {{table}} WHERE slice % {p} = {n}",
                lambda t, n, p=parts: t.delete(f"slice % {p} = {n}")))
        tables = Tables(client, deltalake, source, folder, f"m_{how}", vectors)

        def upsert(table, n):
            rows = source.slice(n * 20_000, 20_000)
            moved = rows.set_column(0, "id", pyarrow.array((v.as_py() + (n * 10_000) for v in rows["id"]), pyarrow.int64()))
            (table.merge(moved, "t.id = s.id", source_alias="s", target_alias="t")
             .when_matched_update({"price": "s.price + 2"}).when_not_matched_insert_all().execute())

        figures.append(_measure(
            f"MERGE of 20,000 rows, {how}", tables,
            lambda n: "MERGE INTO {table} AS t USING (SELECT id + " + str(n * 10_000) + " AS id, slice, name, price, kind, note FROM ("
                      + QUERY + f") WHERE id >= {n * 20_000} AND id < {(n + 1) * 20_000}) AS s ON t.id = s.id "
                      "WHEN MATCHED THEN UPDATE SET price = s.price + 2 WHEN NOT MATCHED THEN INSERT *", upsert))
    return figures
