using CdcFlow.Postgres.Replication;
using CdcFlow.Snapshots;

namespace CdcFlow.Postgres.Source.Tests;

public class StateTests
{
    /// <summary>Checkpoints of this form are in the world: a change here is a new version, and reading this one must go on.</summary>
    private const string Version1 =
        """{"version":1,"systemIdentifier":"7301234567890123456","timeline":1,"database":"shop","slot":"cdcflow_orders","slotCreatedAt":"0/16B3748","resumeAt":"1A/2B3C","lastCommitEnd":"1A/2B00","inside":{"commitLsn":"1A/2C00","event":7},"tables":[{"schema":"public","name":"orders","isComplete":false,"rows":42,"key":"id bigint, name text","after":["7","a\u0022b"],"columns":["id bigint","note text"]},{"schema":"public","name":"lines","isComplete":true,"rows":5}]}""";

    private static readonly TableId orders = new("public", "orders");

    [Fact]
    public void State_of_before_the_key_was_kept_is_read()
    {
        var json = System.Text.Json.JsonDocument.Parse(Version1.Replace("\"key\":\"id bigint, name text\",", "", StringComparison.Ordinal)).RootElement;
        var table = PostgresSourceState.Read(json).Tables[0];
        Assert.Equal((new ChunkKey("7", "a\"b"), null), (table.Frontier, table.Key));
    }

    [Fact]
    public void State_of_before_the_last_commit_was_kept_is_read()
    {
        var json = System.Text.Json.JsonDocument.Parse(Version1.Replace("\"lastCommitEnd\":\"1A/2B00\",", "", StringComparison.Ordinal)).RootElement;
        Assert.Null(PostgresSourceState.Read(json).LastCommitEnd);
    }

    [Fact]
    public void State_is_written_in_the_form_of_version_1_and_read_back()
    {
        var state = new PostgresSourceState(
            new SourceIdentity("7301234567890123456", 1, "shop", "cdcflow_orders", Lsn.Parse("0/16B3748")),
            Lsn.Parse("1A/2B3C"),
            new TransactionPart(Lsn.Parse("1A/2C00"), 7),
            [new TableSnapshotState(orders, false, new ChunkKey("7", "a\"b"), 42) { Key = "id bigint, name text" }, new TableSnapshotState(new TableId("public", "lines"), true, null, 5)],
            new Dictionary<TableId, IReadOnlyList<string>> { [orders] = ["id bigint", "note text"] })
        {
            LastCommitEnd = Lsn.Parse("1A/2B00"),
        };

        var json = SourceHarness<Item, ItemCodec>.Json(state);
        Assert.Equal(Version1, json.GetRawText());

        var read = PostgresSourceState.Read(json);
        Assert.Equal((state.Identity, state.ResumeAt, state.Inside, state.LastCommitEnd), (read.Identity, read.ResumeAt, read.Inside, read.LastCommitEnd));
        Assert.Equal(state.Tables, read.Tables);
        Assert.Equal(state.Relations[orders], read.Relations[orders]);
        Assert.False(read.IsSnapshotComplete);
    }
}
