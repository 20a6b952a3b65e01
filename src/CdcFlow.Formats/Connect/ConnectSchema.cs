namespace CdcFlow.Formats.Connect;

/// <summary>A Kafka Connect schema: what values are, and by its name what they mean. Schemas of registries are derived from it.</summary>
/// <remarks>Immutable; safe to share between threads.</remarks>
public sealed record ConnectSchema
{
    /// <summary>Makes a schema of a type that takes no null.</summary>
    public ConnectSchema(ConnectType type) => Type = type;

    /// <summary>What a value is.</summary>
    public ConnectType Type { get; }

    /// <summary>Whether null is a value. Default: false.</summary>
    public bool IsOptional { get; init; }

    /// <summary>What a value means, as in <c>io.debezium.time.MicroTimestamp</c>, or a struct's own name; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The version of that meaning.</summary>
    public int? Version { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Doc { get; init; }

    /// <summary>Parameters of the meaning, such as a decimal's scale, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Parameters { get; init; } = [];

    /// <summary>The value that stands for a missing one, of a text; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>A struct's fields, in order.</summary>
    public IReadOnlyList<ConnectField> Fields { get; init; } = [];

    /// <summary>An array's items.</summary>
    public ConnectSchema? Items { get; init; }
}

/// <summary>A field of a struct.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its values.</param>
public sealed record ConnectField(string Name, ConnectSchema Schema);
