using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A key that gets another spelling of the same value gets it in the sink as well.</summary>
public sealed class SpellingTests(SinkServer server)
{
    [Theory]
    [InlineData(1, "UPDATE prices SET code = 1.00")]
    [InlineData(1, "UPDATE prices SET code = 1.00, label = 'b'")]
    [InlineData(9000, "UPDATE prices SET code = 1.00")]
    public async Task Key_that_is_spelt_anew_is_spelt_so_in_the_sink(int length, string update)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            "CREATE SCHEMA dwh AUTHORIZATION app; CREATE TABLE prices (code numeric PRIMARY KEY, label text);"
            + $"ALTER TABLE prices ALTER COLUMN label SET STORAGE EXTERNAL; INSERT INTO prices VALUES (1.0, repeat('x', {length}))");
        await using var copy = await SourceToSink<Price, PriceCodec>.OpenAsync(database, database.Name, sink => sink.Schema = "dwh");
        await copy.CopyAsync(1);
        await database.ExecuteAsync(update);
        await copy.CopyUntilAsync(() => copy.Changes.Any(change => change.After is { } row && row.Code.Scale == 2));
        Assert.Equal(await database.QueryAsync("SELECT p::text FROM prices p"), await database.QueryAsync("SELECT p::text FROM dwh.prices p"));
    }
}

/// <summary>A row whose key is a number.</summary>
internal sealed record Price(decimal Code, string? Text);

internal readonly struct PriceCodec : IRowCodec<Price>
{
    public static RowSchema Schema { get; } = new(
        "Price", "prices", null,
        new ColumnDescriptor("code", "Code", typeof(decimal), false, true), new ColumnDescriptor("label", "Text", typeof(string), true, false));

    public static Price Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetDecimal(0), reader.IsNull(1) ? null : reader.GetString(1));

    public static Price ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetDecimal(0), null);

    public static void Write<TWriter>(Price row, ref TWriter writer)
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

    public static void WriteKey<TWriter>(Price row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Code);

    public static int KeyHash(Price row) => row.Code.GetHashCode();

    public static bool KeyEquals(Price left, Price right) => left.Code == right.Code;

    public static object Key(Price row) => row.Code;
}
