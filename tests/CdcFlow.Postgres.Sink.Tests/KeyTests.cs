using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Keys that the source tells apart stay apart: what would take two for one is found before the start, and what the message says ends it.</summary>
public sealed class KeyTests(SinkServer server)
{
    private const string Collations =
        "CREATE EXTENSION IF NOT EXISTS citext; CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE DOMAIN code AS char(3);";

    [Theory]
    [InlineData("code citext PRIMARY KEY, label text", "")]
    [InlineData("code text COLLATE caseless PRIMARY KEY, label text", "")]
    [InlineData("code varchar(5) COLLATE caseless PRIMARY KEY, label text", "")]
    [InlineData("code char(3) PRIMARY KEY, label text", "")]
    [InlineData("code bpchar PRIMARY KEY, label text", "")]
    [InlineData("code code PRIMARY KEY, label text", "")]
    [InlineData("code text, label text", "CREATE UNIQUE INDEX odd ON labels (code COLLATE caseless)")]
    [InlineData("code text PRIMARY KEY, label text", "CREATE UNIQUE INDEX odd ON labels (code COLLATE caseless)")]
    [Trait("WayOut", "CDCF5017")]
    public async Task Key_that_takes_two_for_one_is_refused_and_the_statement_parts_them(string columns, string more)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"{Collations} CREATE TABLE labels ({columns}); {more}; ALTER TABLE labels OWNER TO app");
        await using (var refused = new SinkInstance<Label, LabelCodec>(database.ConnectionString, 1))
        {
            var problem = Assert.Single(await refused.ProblemsAsync());
            Assert.Equal(PostgresSinkErrors.KeyEquates, problem.Code);
            Assert.Contains("\"code\"", problem.Sentence, StringComparison.Ordinal);
            await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
            Assert.Equal(problem.Code, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
            await database.ExecuteAsync(problem.Fix!);
        }

        await WriteAsync(database, 2, "ab", "AB", "ab ");
        Assert.Equal(["AB", "ab", "ab "], await CodesAsync(database));
    }

    [Fact]
    public async Task Rows_that_are_there_keep_the_blanks_that_the_source_sends()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE labels (code char(3) PRIMARY KEY, label text); INSERT INTO labels VALUES ('ab', 'old'); ALTER TABLE labels OWNER TO app");
        await using (var refused = new SinkInstance<Label, LabelCodec>(database.ConnectionString, 1))
        {
            await database.ExecuteAsync(Assert.Single(await refused.ProblemsAsync()).Fix!);
        }

        await WriteAsync(database, 2, "ab ");
        Assert.Equal(["ab "], await CodesAsync(database));
    }

    [Fact]
    public async Task Key_of_a_table_that_the_sink_makes_goes_by_its_bytes()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await WriteAsync(database, 1, "ab", "AB", "ab ", "ä", "a\u0308");
        Assert.Equal(5, (await CodesAsync(database)).Count);
        Assert.Equal([["C"]], await database.QueryAsync("SELECT collname FROM pg_attribute a JOIN pg_collation c ON c.oid = attcollation WHERE attrelid = 'labels'::regclass AND attname = 'code'"));
    }

    [Fact]
    public async Task Type_that_is_asked_for_and_takes_two_keys_for_one_becomes_one_that_does_not()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using (var sink = await SinkInstance<Label, CharLabelCodec>.OpenAsync(database.ConnectionString, 1))
        {
            await sink.InsertAsync(new Label("ab", "1"), new Label("ab ", "2"));
            await sink.CheckpointAsync(1);
        }

        Assert.Equal(["ab", "ab "], await CodesAsync(database));
        Assert.Equal([["character varying(3)"]], await database.QueryAsync("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'labels'::regclass AND attname = 'code'"));
    }

    [Theory]
    [InlineData("uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")]
    [InlineData("int", "01", "1")]
    [InlineData("jsonb", "{\"a\":1}", "{\"a\": 1}")]
    public async Task Text_that_is_not_the_keys_own_spelling_is_refused(string type, string spelt, string proper)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"CREATE TABLE labels (code {type} PRIMARY KEY, label text); ALTER TABLE labels OWNER TO app");
        await WriteAsync(database, 1, proper);
        await using var sink = await SinkInstance<Label, LabelCodec>.OpenAsync(database.ConnectionString, 2);
        await sink.WriteAsync(metadata => Change<Label>.DeleteByKey(new Label(spelt, null), metadata));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(2));
        Assert.Equal(PostgresSinkErrors.Value, error.Code);
        Assert.Equal([proper], await CodesAsync(database));
    }

    [Fact]
    public async Task Identity_that_the_server_alone_may_set_is_refused_unless_it_is_the_key()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE labels (code text PRIMARY KEY, label int GENERATED ALWAYS AS IDENTITY); ALTER TABLE labels OWNER TO app");
        await using (var refused = new SinkInstance<Label, LabelCodec>(database.ConnectionString, 1))
        {
            var problem = Assert.Single(await refused.ProblemsAsync());
            Assert.Equal("ALTER TABLE \"public\".\"labels\" ALTER COLUMN \"label\" SET GENERATED BY DEFAULT;", problem.Fix);
            await database.ExecuteAsync(problem.Fix!);
        }

        await using var sink = await SinkInstance<Label, LabelCodec>.OpenAsync(database.ConnectionString, 2);
        await sink.InsertAsync(new Label("a", "7"));
        await sink.CheckpointAsync(1);
        await sink.WriteAsync(metadata => Change<Label>.Update(null, new Label("a", "8"), metadata));
        await sink.CheckpointAsync(2);
        Assert.Equal([["8"]], await database.QueryAsync("SELECT label FROM labels"));
    }

    private static async Task WriteAsync(TestDatabase database, long epoch, params string[] codes)
    {
        await using var sink = await SinkInstance<Label, LabelCodec>.OpenAsync(database.ConnectionString, epoch);
        await sink.InsertAsync([.. codes.Select(code => new Label(code, "x"))]);
        await sink.CheckpointAsync(1);
    }

    private static async Task<List<string?>> CodesAsync(TestDatabase database) =>
        [.. (await database.QueryAsync("SELECT code FROM labels ORDER BY code::text COLLATE \"C\"")).Select(row => row[0])];
}

/// <summary>A row whose key is a text.</summary>
internal sealed record Label(string Code, string? Text);

internal readonly struct LabelCodec : IRowCodec<Label>
{
    public static RowSchema Schema { get; } = LabelColumns.Of(null);

    public static Label Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => LabelColumns.Read(ref reader);

    public static Label ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetString(0), null);

    public static void Write<TWriter>(Label row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => LabelColumns.Write(row, ref writer);

    public static void WriteKey<TWriter>(Label row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Code);

    public static int KeyHash(Label row) => StableHash.Of(row.Code);

    public static bool KeyEquals(Label left, Label right) => left.Code == right.Code;

    public static object Key(Label row) => row.Code;
}

/// <summary>The same, with <c>[Column(TypeName = "char(3)")]</c>.</summary>
internal readonly struct CharLabelCodec : IRowCodec<Label>
{
    public static RowSchema Schema { get; } = LabelColumns.Of("char(3)");

    public static Label Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => LabelCodec.Read(ref reader);

    public static Label ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => LabelCodec.ReadKey(ref reader);

    public static void Write<TWriter>(Label row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => LabelCodec.Write(row, ref writer);

    public static void WriteKey<TWriter>(Label row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => LabelCodec.WriteKey(row, ref writer);

    public static int KeyHash(Label row) => LabelCodec.KeyHash(row);

    public static bool KeyEquals(Label left, Label right) => LabelCodec.KeyEquals(left, right);

    public static object Key(Label row) => row.Code;
}

internal static class LabelColumns
{
    public static RowSchema Of(string? keyType) => new(
        "Label", "labels", null,
        new ColumnDescriptor("code", "Code", typeof(string), false, true, keyType), new ColumnDescriptor("label", "Text", typeof(string), true, false));

    public static Label Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetString(0), reader.IsNull(1) ? null : reader.GetString(1));

    public static void Write<TWriter>(Label row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Code);
        if (row.Text is null)
        {
            writer.WriteNull(1);
        }
        else
        {
            writer.Write(1, row.Text);
        }
    }
}
