using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A row type whose third column comes or changes while a test runs.</summary>
public sealed record Wide(long Id, string? Name, double? Extra);

/// <summary>The third column takes null.</summary>
public readonly struct WideCodec : IRowCodec<Wide>
{
    public static RowSchema Schema { get; } = WideSchema.With(new ColumnDescriptor("extra", "Extra", typeof(double), true, IsKey: false));

    public static Wide Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new(reader.GetInt64(0), reader.IsNull(1) ? null : reader.GetString(1), reader.IsNull(2) ? null : reader.GetDouble(2));

    public static Wide ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), null, null);

    public static void Write<TWriter>(Wide row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(Wide row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(Wide row) => StableHash.Of(row.Id);

    public static bool KeyEquals(Wide left, Wide right) => left.Id == right.Id;

    public static object Key(Wide row) => row.Id;
}

/// <summary>The third column takes no null.</summary>
public readonly struct StrictWideCodec : IRowCodec<Wide>
{
    public static RowSchema Schema { get; } = WideSchema.With(new ColumnDescriptor("extra", "Extra", typeof(double), false, IsKey: false));

    public static Wide Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new(reader.GetInt64(0), reader.IsNull(1) ? null : reader.GetString(1), reader.GetDouble(2));

    public static Wide ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), null, null);

    public static void Write<TWriter>(Wide row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(Wide row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(Wide row) => StableHash.Of(row.Id);

    public static bool KeyEquals(Wide left, Wide right) => left.Id == right.Id;

    public static object Key(Wide row) => row.Id;
}

internal static class WideSchema
{
    internal static RowSchema With(ColumnDescriptor extra) => new(
        "Wide", "item", null,
        new ColumnDescriptor("id", "Id", typeof(long), false, IsKey: true), new ColumnDescriptor("name", "Name", typeof(string), true, IsKey: false), extra);

    /// <summary>What a table would be downstream, one text per row.</summary>
    internal static IEnumerable<string> Fold(IEnumerable<Change<Wide>> changes)
    {
        var rows = new SortedDictionary<long, Wide>();
        foreach (var change in changes)
        {
            switch (change.Operation)
            {
                case Operation.Truncate:
                    rows.Clear();
                    break;
                case Operation.Delete:
                    rows.Remove(change.Row.Id);
                    break;
                default:
                    rows[change.Row.Id] = change.Row;
                    break;
            }
        }

        return rows.Values.Select(row => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row.Id},{row.Name},{row.Extra}"));
    }

    internal static async Task<IEnumerable<string>> TableAsync(TestDatabase database, string columns = "id, name, extra") =>
        (await database.QueryAsync($"SELECT {columns} FROM item ORDER BY id")).Select(row => string.Join(',', row));
}
