using CdcFlow.Rows;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What a start refuses for its settings, its connection string or a table that is not there, and what it says to do, done.</summary>
public sealed class StartTests(SinkServer server)
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);

    [Theory]
    [InlineData("dwh", true)]
    [InlineData("dwh", false)]
    [InlineData("public", false)]
    [Trait("WayOut", "CDCF5008")]
    public async Task Table_or_schema_that_is_missing_is_made_by_the_statements(string schema, bool createsTable)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        void Configure(PostgresSinkAttribute sink) => (sink.Schema, sink.CreateTable) = (schema, createsTable);
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1, Configure))
        {
            for (var start = 0; start < 2; start++)
            {
                var problem = Assert.Single(await refused.ProblemsAsync());
                Assert.Equal(PostgresSinkErrors.TableMissing, problem.Code);
                await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
            }

            await database.ExecuteAsync(Assert.Single(await refused.ProblemsAsync()).Fix!.Split(" or set")[0]);
        }

        await WrittenAsync(database, database.ConnectionString, $"{schema}.accounts", Configure);
    }

    [Fact]
    [Trait("WayOut", "CDCF5011")]
    public async Task Row_type_without_a_key_is_appended()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        for (var start = 0; start < 2; start++)
        {
            var error = Assert.Throws<CdcFlowException>(() => new SinkInstance<Line, LineCodec>(database.ConnectionString, 1));
            Assert.Equal(PostgresSinkErrors.KeyMissing, error.Code);
            Assert.Contains("Put [Key] on the key's properties, or set Mode = PostgresSinkMode.Append", error.Fix, StringComparison.Ordinal);
        }

        await using var sink = await SinkInstance<Line, LineCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.Mode = PostgresSinkMode.Append);
        await sink.InsertAsync(new Line("same"), new Line("same"));
        await sink.CheckpointAsync(1);
        Assert.Equal([["same"], ["same"]], await database.QueryAsync("SELECT text FROM lines"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5014")]
    public async Task Name_that_cannot_be_one_is_replaced()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        for (var start = 0; start < 2; start++)
        {
            var error = Assert.Throws<CdcFlowException>(() => new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1, sink => sink.Table = new string('x', 64)));
            Assert.Equal(PostgresSinkErrors.NameInvalid, error.Code);
            Assert.StartsWith("Choose another name: PostgreSQL takes at most 63 bytes", error.Fix, StringComparison.Ordinal);
        }

        await WrittenAsync(database, database.ConnectionString, new string('x', 63), sink => sink.Table = new string('x', 63));
    }

    private static async Task WrittenAsync(TestDatabase database, string connectionString, string table = "accounts", Action<PostgresSinkAttribute>? configure = null)
    {
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(connectionString, 2, configure);
        await sink.InsertAsync(ada);
        await sink.CheckpointAsync(2);
        Assert.Equal([["1", "Ada"]], await database.QueryAsync($"SELECT id, owner FROM {table}"));
    }
}

/// <summary>A row that nothing tells from another.</summary>
internal sealed record Line(string Text);

internal readonly struct LineCodec : IRowCodec<Line>
{
    public static RowSchema Schema { get; } = new("Line", "lines", null, new ColumnDescriptor("text", "Text", typeof(string), false, false));

    public static Line Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetString(0));

    public static Line ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => Read(ref reader);

    public static void Write<TWriter>(Line row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Text);

    public static void WriteKey<TWriter>(Line row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
    }

    public static int KeyHash(Line row) => 0;

    public static bool KeyEquals(Line left, Line right) => ReferenceEquals(left, right);

    public static object Key(Line row) => row;
}
