using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Json.Schemas;

/// <summary>A JSON Schema, draft 7 (<see href="https://json-schema.org/draft-07"/>), as far as records need one.</summary>
/// <param name="Type">The type of a value; null for any.</param>
/// <remarks>Immutable. An object has no other members than its schema's: only so is a new one that may be missing a compatible change to a registry.</remarks>
internal sealed record JsonSchema(string? Type)
{
    /// <summary>Whether null is a value.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether a number may be the text <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>.</summary>
    public bool IsFloating { get; init; }

    /// <summary>An object's name.</summary>
    public string? Title { get; init; }

    /// <summary>What a text looks like, as in <c>date-time</c>.</summary>
    public string? Format { get; init; }

    /// <summary>All values of a text; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>An object's members, in order.</summary>
    public IReadOnlyList<JsonSchemaMember> Members { get; init; } = [];

    /// <summary>An array's items.</summary>
    public JsonSchema? Items { get; init; }

    /// <summary>The Connect schema that it stands for, told beside it as Confluent's converter tells it.</summary>
    public ConnectSchema? Connect { get; init; }
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its values.</param>
/// <param name="IsRequired">Whether it is never missing.</param>
internal sealed record JsonSchemaMember(string Name, JsonSchema Schema, bool IsRequired = false);
