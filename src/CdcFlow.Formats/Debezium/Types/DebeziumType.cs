using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>What a column is in Debezium's records.</summary>
/// <param name="Schema">Its schema, taking no null.</param>
/// <param name="Form">How its values are written; an array's: its items'.</param>
/// <param name="Scale">A decimal's digits after the point.</param>
internal sealed record DebeziumType(ConnectSchema Schema, ValueForm Form, int Scale = 0)
{
    /// <summary>Whether null stands for a number that is not finite. Never where the schema takes none.</summary>
    public bool IsNotFiniteNull { get; init; }

    /// <summary>A type whose values are what its schema's type says.</summary>
    public DebeziumType(ConnectType type, ValueForm form, string? name = null)
        : this(new ConnectSchema(type) { Name = name, Version = name is null ? null : 1 }, form)
    {
    }
}
