namespace CdcFlow.Formats.Avro;

/// <summary>An Avro schema (<see href="https://avro.apache.org/docs/1.11.1/specification/"/>).</summary>
/// <remarks>Immutable.</remarks>
internal sealed record AvroSchema(AvroType Type)
{
    /// <summary>Whether it is a union with null. Null comes first, unless there is another default.</summary>
    public bool IsNullable { get; init; }

    /// <summary>What a value means, as in <c>timestamp-micros</c>; null for none.</summary>
    public string? LogicalType { get; init; }

    /// <summary>A decimal's digits; 0 for what is none.</summary>
    public int Precision { get; init; }

    /// <summary>A decimal's digits after the point.</summary>
    public int Scale { get; init; }

    /// <summary>A record's full name.</summary>
    public string? Name { get; init; }

    /// <summary>A record's fields, in order.</summary>
    public IReadOnlyList<AvroField> Fields { get; init; } = [];

    /// <summary>An array's items.</summary>
    public AvroSchema? Items { get; init; }

    /// <summary>The Connect schema that it was made of, whose meaning is written beside Avro's own; null for none.</summary>
    public Connect.ConnectSchema? Connect { get; init; }

    /// <summary>The text that stands for a missing value; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The place of null in the union.</summary>
    public int NullBranch => Default is null ? 0 : 1;
}

/// <summary>A field of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its values.</param>
internal sealed record AvroField(string Name, AvroSchema Schema);
