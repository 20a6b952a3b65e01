using CdcFlow.Rows;

namespace CdcFlow.Runtime.Tests.Fakes;

/// <summary>The row type of the tests.</summary>
public sealed record Item(int Id, int Version = 0);

/// <summary>Its codec; the fakes never encode, so only keys matter.</summary>
public readonly struct ItemCodec : IRowCodec<Item>
{
    public static RowSchema Schema { get; } = new(
        nameof(Item), "items", null,
        new ColumnDescriptor("id", "Id", typeof(int), IsNullable: false, IsKey: true),
        new ColumnDescriptor("version", "Version", typeof(int), IsNullable: false, IsKey: false));

    public static Item Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt32(0), reader.GetInt32(1));

    public static Item ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt32(0));

    public static void Write<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static void WriteKey<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

    public static int KeyHash(Item row) => row.Id;

    public static bool KeyEquals(Item left, Item right) => left.Id == right.Id;

    public static object Key(Item row) => row.Id;
}
