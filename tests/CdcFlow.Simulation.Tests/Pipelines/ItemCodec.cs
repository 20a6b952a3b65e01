using CdcFlow.Rows;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>For the graph that is built by hand; compiled pipelines bring their own.</summary>
public readonly struct ItemCodec : IRowCodec<Item>
{
    public static RowSchema Schema { get; } = new(
        nameof(Item), "items", null,
        new ColumnDescriptor("Id", nameof(Item.Id), typeof(long), IsNullable: false, IsKey: true),
        new ColumnDescriptor("Text", nameof(Item.Text), typeof(string), IsNullable: false, IsKey: false),
        new ColumnDescriptor("Group", nameof(Item.Group), typeof(int), IsNullable: false, IsKey: false));

    public static Item Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2));

    public static Item ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), "");

    public static void Write<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
        writer.Write(1, row.Text);
        writer.Write(2, row.Group);
    }

    public static void WriteKey<TWriter>(Item row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Id);

    public static int KeyHash(Item row) => StableHash.Of(row.Id);

    public static bool KeyEquals(Item left, Item right) => left.Id == right.Id;

    public static object Key(Item row) => row.Id;
}
