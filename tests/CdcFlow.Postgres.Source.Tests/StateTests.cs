using System.Text.Json;
using CdcFlow.Capture;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;

namespace CdcFlow.Postgres.Source.Tests;

public class StateTests
{
    /// <summary>Checkpoints of this form are in the world: a change here is a new version, and reading this one must go on.</summary>
    private const string Version1 =
        """{"version":1,"systemIdentifier":"7301234567890123456","timeline":1,"database":"shop","slot":"cdcflow_orders","slotCreatedAt":"0/16B3748","resumeAt":"1A/2B3C","lastCommitEnd":"1A/2B00","inside":{"commitLsn":"1A/2C00","event":7},"tables":[{"schema":"public","name":"orders","isComplete":false,"rows":42,"key":"id bigint, name text","after":["7","a\u0022b"],"columns":["id bigint","note text"]},{"schema":"public","name":"lines","isComplete":true,"rows":5}]}""";

    private const string Version2 =
        """{"version":2,"systemIdentifier":"7301234567890123456","timeline":1,"database":"shop","slot":"cdcflow_orders","slotCreatedAt":"0/16B3748","resumeAt":"1A/2B3C","lastCommitEnd":"1A/2B00","inside":{"commitLsn":"1A/2C00","event":7},"publication":{"name":"shop_orders","oid":16390,"isOurs":true},"tables":[{"schema":"public","name":"orders","isComplete":false,"rows":42,"key":"id bigint, name text","after":["7","a\u0022b"],"published":"5/733 6/740","identity":"16384","columns":[{"name":"id","type":"bigint","identity":"1","typeIdentity":"20","isNullable":false,"isKey":true},{"name":"note","type":"text","identity":"3","typeIdentity":"25","isNullable":true},{"name":"gone","type":"mood"}]},{"schema":"public","name":"lines","isComplete":true,"rows":5}]}""";

    private static readonly TableId lines = new("public", "lines");
    private static readonly TableId orders = new("public", "orders");

    [Fact]
    public void State_of_before_the_key_was_kept_is_read()
    {
        var json = Json(Version1.Replace("\"key\":\"id bigint, name text\",", "", StringComparison.Ordinal));
        var table = PostgresSourceState.Read(json).Tables[0];
        Assert.Equal((new ChunkKey("7", "a\"b"), null), (table.Frontier, table.Key));
    }

    [Fact]
    public void State_of_before_the_last_commit_was_kept_is_read()
    {
        var json = Json(Version1.Replace("\"lastCommitEnd\":\"1A/2B00\",", "", StringComparison.Ordinal));
        Assert.Null(PostgresSourceState.Read(json).LastCommitEnd);
    }

    [Fact]
    public void State_of_version_1_is_read_and_lacks_what_came_later()
    {
        var state = PostgresSourceState.Read(Json(Version1));

        Assert.Equal(
            (new SourceIdentity("7301234567890123456", 1, "shop", "cdcflow_orders", Lsn.Parse("0/16B3748")), Lsn.Parse("1A/2B3C"), new TransactionPart(Lsn.Parse("1A/2C00"), 7)),
            (state.Identity, state.ResumeAt, state.Inside));
        Assert.Equal(
            [new TableSnapshotState(orders, false, new ChunkKey("7", "a\"b"), 42) { Key = "id bigint, name text" }, new TableSnapshotState(lines, true, null, 5)],
            state.Tables);
        Assert.Equal(new TableSchema(orders, [new TableColumn("id", "bigint"), new TableColumn("note", "text")]), state.Schemas[orders]);
        Assert.Equal((null, false), (state.Publication, state.IsSnapshotComplete));
    }

    [Fact]
    public void State_is_written_in_the_form_of_version_2_and_read_back()
    {
        var state = new PostgresSourceState(
            new SourceIdentity("7301234567890123456", 1, "shop", "cdcflow_orders", Lsn.Parse("0/16B3748")),
            Lsn.Parse("1A/2B3C"),
            new TransactionPart(Lsn.Parse("1A/2C00"), 7),
            [
                new TableSnapshotState(orders, false, new ChunkKey("7", "a\"b"), 42) { Key = "id bigint, name text", Published = "5/733 6/740" },
                new TableSnapshotState(lines, true, null, 5),
            ],
            new Dictionary<TableId, TableSchema>
            {
                [orders] = new(
                    orders,
                    [
                        new TableColumn("id", "bigint") { Identity = "1", TypeIdentity = "20", IsNullable = false, IsKey = true },
                        new TableColumn("note", "text") { Identity = "3", TypeIdentity = "25", IsNullable = true },
                        new TableColumn("gone", "mood"),
                    ],
                    "16384"),
            })
        {
            LastCommitEnd = Lsn.Parse("1A/2B00"),
            Publication = new PublicationMark("shop_orders", 16390, IsOurs: true),
        };

        var json = SourceHarness<Item, ItemCodec>.Json(state);
        Assert.Equal(Version2, json.GetRawText());

        var read = PostgresSourceState.Read(json);
        Assert.Equal((state.Identity, state.ResumeAt, state.Inside, state.LastCommitEnd), (read.Identity, read.ResumeAt, read.Inside, read.LastCommitEnd));
        Assert.Equal(state.Publication, read.Publication);
        Assert.Equal(state.Tables, read.Tables);
        Assert.Equal(state.Schemas, read.Schemas);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
