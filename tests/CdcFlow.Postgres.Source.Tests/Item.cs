using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>The row type of most tests: a number as key, a text that may be large, a version that only grows.</summary>
public sealed class Item
{
    public long Id { get; init; }

    public string? Name { get; init; }

    public long Version { get; init; }
}

/// <summary>As the generator would write it.</summary>
public readonly struct ItemCodec : IRowCodec<Item>
{
    public static RowSchema Schema { get; } = new(
        "Item", "item", null,
        new ColumnDescriptor("id", "Id", typeof(long), false, IsKey: true),
        new ColumnDescriptor("name", "Name", typeof(string), true, IsKey: false),
        new ColumnDescriptor("version", "Version", typeof(long), false, IsKey: false));

    public static Item Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new()
        {
            Id = reader.GetInt64(0),
            Name = reader.IsNull(1) ? null : reader.GetString(1),
            Version = ColumnValue.IsPresent(ref reader, 2, Schema) ? reader.GetInt64(2) : default,
        };

    public static Item ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new() { Id = reader.GetInt64(0) };

    public static void Write<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(Item row) => StableHash.Of(row.Id);

    public static bool KeyEquals(Item left, Item right) => left.Id == right.Id;

    public static object Key(Item row) => row.Id;
}

/// <summary>The same row type with a moment for its text.</summary>
public readonly struct TimestampItemCodec : IRowCodec<Item>
{
    public static RowSchema Schema { get; } = new(
        "Item", "item", null,
        new ColumnDescriptor("id", "Id", typeof(long), false, IsKey: true),
        new ColumnDescriptor("name", "Name", typeof(DateTime), true, IsKey: false),
        new ColumnDescriptor("version", "Version", typeof(long), false, IsKey: false));

    public static Item Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new() { Id = reader.GetInt64(0), Name = reader.GetDateTime(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture), Version = reader.GetInt64(2) };

    public static Item ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => ItemCodec.ReadKey(ref reader);

    public static void Write<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(Item row) => ItemCodec.KeyHash(row);

    public static bool KeyEquals(Item left, Item right) => ItemCodec.KeyEquals(left, right);

    public static object Key(Item row) => row.Id;
}

/// <summary>The same row type with its key in another column.</summary>
public readonly struct VersionKeyCodec : IRowCodec<Item>
{
    public static RowSchema Schema { get; } = new(
        "Item", "item", null,
        new ColumnDescriptor("id", "Id", typeof(long), false, IsKey: false),
        new ColumnDescriptor("name", "Name", typeof(string), true, IsKey: false),
        new ColumnDescriptor("version", "Version", typeof(long), false, IsKey: true));

    public static Item Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new()
        {
            Id = ColumnValue.IsPresent(ref reader, 0, Schema) ? reader.GetInt64(0) : default,
            Name = reader.IsNull(1) ? null : reader.GetString(1),
            Version = reader.GetInt64(2),
        };

    public static Item ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new() { Version = reader.GetInt64(2) };

    public static void Write<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(Item row) => StableHash.Of(row.Version);

    public static bool KeyEquals(Item left, Item right) => left.Version == right.Version;

    public static object Key(Item row) => row.Version;
}

/// <summary>The same columns with a text key.</summary>
public sealed class TextItem
{
    public string Id { get; init; } = "";

    public string? Name { get; init; }

    public long Version { get; init; }
}

/// <summary>As the generator would write it.</summary>
public readonly struct TextItemCodec : IRowCodec<TextItem>
{
    public static RowSchema Schema { get; } = new(
        "TextItem", "item", null,
        new ColumnDescriptor("id", "Id", typeof(string), false, IsKey: true),
        new ColumnDescriptor("name", "Name", typeof(string), true, IsKey: false),
        new ColumnDescriptor("version", "Version", typeof(long), false, IsKey: false));

    public static TextItem Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new() { Id = reader.GetString(0), Name = reader.IsNull(1) ? null : reader.GetString(1), Version = reader.GetInt64(2) };

    public static TextItem ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct =>
        new() { Id = reader.GetString(0) };

    public static void Write<TWriter>(TextItem row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(TextItem row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(TextItem row) => StableHash.Of(row.Id);

    public static bool KeyEquals(TextItem left, TextItem right) => left.Id == right.Id;

    public static object Key(TextItem row) => row.Id;
}
