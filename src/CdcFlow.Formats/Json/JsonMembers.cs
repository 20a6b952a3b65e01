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

    private JsonMembers(byte[] onlyFragment) => (Names, fragments) = ([], [onlyFragment]);

    /// <summary>What leads an array's items: a comma, and no name.</summary>
    internal static JsonMembers Items { get; } = new([(byte)',']);

    /// <summary>The names, in the schema's order.</summary>
    public IReadOnlyList<string> Names { get; }

    internal ReadOnlySpan<byte> this[int column] => fragments[column];

    /// <summary>Makes an object or array out of members or items, each led by a comma, that were written since <paramref name="start"/>.</summary>
    internal static void Enclose(ByteBuffer output, int start, char open, char close)
    {
        if (output.Length == start)
        {
            output.Append((byte)open);
        }
        else
        {
            output.WrittenForUpdate[start] = (byte)open; // in place of the first comma
        }

        output.Append((byte)close);
    }

    internal static byte[] Fragment(string name)
    {
        using var buffer = new ByteBuffer();
        buffer.Append((byte)',');
        JsonText.Append(buffer, name);
        buffer.Append((byte)':');
        return buffer.Written.ToArray();
    }
}
