using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Types;
using CdcFlow.Formats.Debezium.Values;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium;

/// <summary>A row type's columns as Debezium's records have them, with everything that can be encoded beforehand.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class DebeziumColumns
{
    private readonly DebeziumColumn[] columns;

    public DebeziumColumns(RowSchema schema, FieldNaming naming, DebeziumOptions options)
    {
        Fields = [.. schema.Columns.Select(column => new ConnectField(FieldNames.Of(column, naming), DebeziumTypes.Of(column, options).Schema))];
        columns = [.. schema.Columns.Select((column, index) => new DebeziumColumn(Fields[index].Name, DebeziumTypes.Of(column, options), options.Unchanged))];
        KeyFields = [.. schema.KeyColumns.Select(index => Fields[index])];
        NotKey = new ColumnSet(schema, [.. schema.Columns.Select(column => !column.IsKey)]);
    }

    private DebeziumColumns(DebeziumColumn item)
    {
        columns = [item];
        Fields = KeyFields = [];
        NotKey = null!;
    }

    /// <summary>All columns.</summary>
    public IReadOnlyList<ConnectField> Fields { get; }

    /// <summary>The key's columns.</summary>
    public IReadOnlyList<ConnectField> KeyFields { get; }

    /// <summary>The columns that an old row does not have of which only the key is known.</summary>
    public ColumnSet NotKey { get; }

    public DebeziumColumn this[int column] => columns[column];

    /// <summary>A single column without a name: the items of an array.</summary>
    public static DebeziumColumns OfItems(ValueForm form, int scale, bool isNotFiniteNull, long most = long.MaxValue) => new(new DebeziumColumn(form, scale, isNotFiniteNull, most));
}

/// <summary>One column: how its values are written, and what stands before, or instead of, one.</summary>
internal sealed class DebeziumColumn
{
    public DebeziumColumn(string name, DebeziumType type, UnchangedMode unchanged)
    {
        Member = Fragment(name, []);
        Absent = Fragment(name, AbsentValue.Of(type.Schema));
        Unchanged = unchanged == UnchangedMode.Placeholder && Placeholder.Of(type) is { } value ? Fragment(name, value) : [];
        (Form, Scale, IsNotFiniteNull) = (type.Form, type.Scale, type.IsNotFiniteNull);
        Items = type.Schema.Type == ConnectType.Array ? DebeziumColumns.OfItems(type.Form, type.Scale, type.IsNotFiniteNull, MostOf(type.Schema.Items!.Type)) : null;
        Most = MostOf(type.Schema.Type);
    }

    public DebeziumColumn(ValueForm form, int scale, bool isNotFiniteNull, long most)
    {
        Member = [(byte)','];
        (Form, Scale, IsNotFiniteNull, Most, Absent, Unchanged) = (form, scale, isNotFiniteNull, most, [], []);
    }

    /// <summary><c>,"name":</c></summary>
    public byte[] Member { get; }

    /// <summary>The member of an old row of which only the key is known.</summary>
    public byte[] Absent { get; }

    /// <summary>The member that stands for a value which did not change; empty for none.</summary>
    public byte[] Unchanged { get; }

    public ValueForm Form { get; }

    public int Scale { get; }

    /// <summary>The largest integer that readers of its schema can hold.</summary>
    public long Most { get; }

    /// <summary>Whether null stands for a number that is not finite.</summary>
    public bool IsNotFiniteNull { get; }

    /// <summary>An array's items; null for what is no array.</summary>
    public DebeziumColumns? Items { get; }

    private static long MostOf(ConnectType type) => type switch
    {
        ConnectType.Int16 => short.MaxValue,
        ConnectType.Int32 => int.MaxValue,
        _ => long.MaxValue,
    };

    private static byte[] Fragment(string name, ReadOnlySpan<byte> value)
    {
        using var buffer = new ByteBuffer();
        buffer.Append((byte)',');
        ConnectText.Append(buffer, name);
        buffer.Append((byte)':');
        buffer.Append(value);
        return buffer.Written.ToArray();
    }
}
