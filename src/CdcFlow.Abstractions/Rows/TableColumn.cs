namespace CdcFlow;

/// <summary>One column of a <see cref="TableSchema"/>.</summary>
/// <param name="Name">Its name, as it is (unquoted, case kept).</param>
/// <param name="TypeName">Its type as SQL spells it, with length and precision.</param>
public sealed record TableColumn(string Name, string TypeName)
{
    /// <summary>What the server tells this column from the table's others by, whatever it is called; null where that is not known.</summary>
    public string? Identity { get; init; }

    /// <summary>What the server tells the type from others by: one that was dropped and made again has another. Null where that is not known.</summary>
    public string? TypeIdentity { get; init; }

    /// <summary>Whether it takes NULL; null where that is not known.</summary>
    public bool? IsNullable { get; init; }

    /// <summary>Whether it is part of the key that names the table's rows.</summary>
    public bool IsKey { get; init; }

    /// <summary>The name and the type.</summary>
    public override string ToString() => $"{Name} {TypeName}";
}
