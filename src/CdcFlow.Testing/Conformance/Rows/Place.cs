using System.ComponentModel.DataAnnotations;
using CdcFlow.Rows;

namespace CdcFlow.Testing.Conformance.Rows;

/// <summary>A row with a composite key, and a column whose name needs care.</summary>
public sealed record Place(
    [property: Key] string Region, [property: Key] int Number, string Value);

/// <summary>What the compiler would write for <see cref="Place"/>.</summary>
public readonly struct PlaceCodec : IRowCodec<Place>
{
    /// <inheritdoc/>
    public static RowSchema Schema { get; } = new(
        nameof(Place), "places", null,
        new ColumnDescriptor("Region", nameof(Place.Region), typeof(string), false, true),
        new ColumnDescriptor("the \"Number\"", nameof(Place.Number), typeof(int), false, true, IsNameExplicit: true),
        new ColumnDescriptor("Value", nameof(Place.Value), typeof(string), false, false));

    /// <inheritdoc/>
    public static Place Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(
            reader.IsUnchanged(0) ? default! : reader.GetString(0),
            reader.IsUnchanged(1) ? default : reader.GetInt32(1),
            reader.IsUnchanged(2) ? default! : reader.GetString(2));

    /// <inheritdoc/>
    public static Place ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(
            reader.GetString(0),
            reader.GetInt32(1),
            default!);

    /// <inheritdoc/>
    public static void Write<TWriter>(Place row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Region);
        writer.Write(1, row.Number);
        writer.Write(2, row.Value);
    }

    /// <inheritdoc/>
    public static void WriteKey<TWriter>(Place row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Region);
        writer.Write(1, row.Number);
    }

    /// <inheritdoc/>
    public static int KeyHash(Place row) => StableHash.Combine(StableHash.Of(row.Region), StableHash.Of(row.Number));

    /// <inheritdoc/>
    public static bool KeyEquals(Place left, Place right) => left.Region == right.Region && left.Number == right.Number;

    /// <inheritdoc/>
    public static object Key(Place row) => (row.Region, row.Number);
}
