using System.Diagnostics;

namespace CdcFlow.Formats.Connect;

/// <summary>A schema as Kafka Connect's JSON converter embeds it, member by member in its order.</summary>
internal static class ConnectSchemaJson
{
    public static void Append(ByteBuffer output, ConnectSchema schema, string? field = null)
    {
        output.Append("{\"type\":"u8);
        ConnectText.Append(output, NameOf(schema.Type));
        if (schema.Type == ConnectType.Struct)
        {
            AppendFields(output, schema.Fields);
        }

        if (schema.Items is { } items)
        {
            output.Append(",\"items\":"u8);
            Append(output, items);
        }

        output.Append(schema.IsOptional ? ",\"optional\":true"u8 : ",\"optional\":false"u8);
        AppendMember(output, ",\"name\":"u8, schema.Name);
        if (schema.Version is { } version)
        {
            output.Append(",\"version\":"u8);
            output.AppendText(version);
        }

        AppendMember(output, ",\"doc\":"u8, schema.Doc);
        AppendParameters(output, schema.Parameters);
        AppendMember(output, ",\"default\":"u8, schema.Default);
        AppendMember(output, ",\"field\":"u8, field);
        output.Append((byte)'}');
    }

    private static void AppendFields(ByteBuffer output, IReadOnlyList<ConnectField> fields)
    {
        output.Append(",\"fields\":["u8);
        for (var index = 0; index < fields.Count; index++)
        {
            if (index > 0)
            {
                output.Append((byte)',');
            }

            Append(output, fields[index].Schema, fields[index].Name);
        }

        output.Append((byte)']');
    }

    private static void AppendParameters(ByteBuffer output, IReadOnlyList<(string Name, string Value)> parameters)
    {
        for (var index = 0; index < parameters.Count; index++)
        {
            output.Append(index == 0 ? ",\"parameters\":{"u8 : ","u8);
            ConnectText.Append(output, parameters[index].Name);
            output.Append((byte)':');
            ConnectText.Append(output, parameters[index].Value);
        }

        if (parameters.Count > 0)
        {
            output.Append((byte)'}');
        }
    }

    private static void AppendMember(ByteBuffer output, ReadOnlySpan<byte> member, string? value)
    {
        if (value is not null)
        {
            output.Append(member);
            ConnectText.Append(output, value);
        }
    }

    private static string NameOf(ConnectType type) => type switch
    {
        ConnectType.Boolean => "boolean",
        ConnectType.Int16 => "int16",
        ConnectType.Int32 => "int32",
        ConnectType.Int64 => "int64",
        ConnectType.Float32 => "float",
        ConnectType.Float64 => "double",
        ConnectType.String => "string",
        ConnectType.Bytes => "bytes",
        ConnectType.Array => "array",
        ConnectType.Struct => "struct",
        _ => throw new UnreachableException(),
    };
}
