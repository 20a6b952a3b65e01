using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A row of <c>src.every</c> whose every column is the server's own text.</summary>
internal sealed record TextRow(string?[] Values);

internal readonly struct TextRowCodec : IRowCodec<TextRow>
{
    public static RowSchema Schema { get; } = new("TextRow", "every", "src", [.. EveryColumn.All
        .Select((column, index) => new ColumnDescriptor(column.Name, column.Name, typeof(string), index > 0, index == 0, IsNameExplicit: true))]);

    public static TextRow Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct
    {
        var values = new string?[Schema.Columns.Count];
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = reader.IsNull(column) ? null : reader.GetString(column);
        }

        return new TextRow(values);
    }

    public static TextRow ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct
    {
        var values = new string?[Schema.Columns.Count];
        values[0] = reader.GetString(0);
        return new TextRow(values);
    }

    public static void Write<TWriter>(TextRow row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        for (var column = 0; column < row.Values.Length; column++)
        {
            if (row.Values[column] is { } value)
            {
                writer.Write(column, value);
            }
            else
            {
                writer.WriteNull(column);
            }
        }
    }

    public static void WriteKey<TWriter>(TextRow row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Values[0]!);

    public static int KeyHash(TextRow row) => StableHash.Of(row.Values[0]!);

    public static bool KeyEquals(TextRow left, TextRow right) => left.Values[0] == right.Values[0];

    public static object Key(TextRow row) => row.Values[0]!;
}
