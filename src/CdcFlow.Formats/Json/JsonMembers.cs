using CdcFlow.Rows;

namespace CdcFlow.Formats.Json;

/// <summary>The member names of a row type, each encoded once as <c>,"name":</c>.</summary>
/// <remarks>Immutable.</remarks>
public sealed class JsonMembers
{
    private readonly byte[][] fragments;

    /// <summary>Encodes the names.</summary>
    public JsonMembers(RowSchema schema, FieldNaming naming)
    {
        Names = [.. schema.Columns.Select(column => FieldNames.Of(column, naming))];
        fragments = [.. Names.Select(Fragment)];
    }

    /// <summary>The names, in the schema's order.</summary>
    public IReadOnlyList<string> Names { get; }

    internal ReadOnlySpan<byte> this[int column] => fragments[column];

    internal static byte[] Fragment(string name)
    {
        using var buffer = new ByteBuffer();
        buffer.Append((byte)',');
        JsonText.Append(buffer, name);
        buffer.Append((byte)':');
        return buffer.Written.ToArray();
    }
}
