namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>From source to sink, every type: the rows of both tables are one text, whether a snapshot or the log brought them.</summary>
public sealed class EveryTypeTests(SinkServer server)
{
    [Fact]
    public async Task Texts_of_every_type_arrive_as_they_were()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(EveryColumn.CreateSql + EveryColumn.InsertSql(1));
        await using var copy = await SourceToSink<TextRow, TextRowCodec>.OpenAsync(database, "texts", sink => (sink.Schema, sink.Table) = ("dwh", "every"));

        await copy.CopyAsync(3);
        await AssertEqualAsync(database, "src.every", "dwh.every");

        await database.ExecuteAsync(EveryColumn.InsertSql(11));
        await database.ExecuteAsync("DELETE FROM src.every WHERE id = 1; UPDATE src.every SET id = 99 WHERE id = 12; UPDATE src.every SET c_char = 'y' WHERE id = 13");
        await copy.CopyAsync(10);
        await AssertEqualAsync(database, "src.every", "dwh.every");
    }

    [Fact]
    public async Task Values_of_every_type_arrive_as_they_were()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        using var golden = new StreamReader(typeof(EveryTypeTests).Assembly.GetManifestResourceStream("golden-schema.sql")!);
        await database.ExecuteAsync(
            await golden.ReadToEndAsync(TestContext.Current.CancellationToken)
            + "CREATE SCHEMA dwh; CREATE TABLE dwh.types (LIKE golden.types INCLUDING GENERATED INCLUDING INDEXES);"
            + "GRANT USAGE ON SCHEMA golden, dwh TO app; ALTER TABLE dwh.types OWNER TO app;");
        await using var copy = await TypedPipeline.CopyAsync(database, "values");

        await copy.CopyAsync(4);
        await AssertEqualAsync(database, "golden.types", "dwh.types");

        await database.ExecuteAsync("SELECT golden.fill(10)");
        await database.ExecuteAsync("UPDATE golden.types SET c_num = 1.50 WHERE id = 11; UPDATE golden.types SET id = 99 WHERE id = 12; DELETE FROM golden.types WHERE id = 13");
        await copy.CopyAsync(12);
        await AssertEqualAsync(database, "golden.types", "dwh.types");
    }

    private static async Task AssertEqualAsync(TestDatabase database, string source, string sink) => Assert.Equal(
        await database.QueryAsync($"SELECT e::text FROM {source} e ORDER BY id"), await database.QueryAsync($"SELECT e::text FROM {sink} e ORDER BY id"));
}
