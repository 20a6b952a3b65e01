using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Json;

namespace CdcFlow.Formats.Avro;

/// <summary>Encodes a value that stands in JSON as Debezium's records have it: bytes in base64, a struct's members in its schema's order, none left out.</summary>
/// <remarks>Reads token by token: no tree, nothing allocated.</remarks>
internal static class AvroFromJson
{
    public static void Append(ByteBuffer output, AvroSchema schema, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Append(output, schema, ref reader);
    }

    private static void Append(ByteBuffer output, AvroSchema schema, ref Utf8JsonReader reader)
    {
        if (schema.IsNullable)
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            AvroBinary.Append(output, isNull ? schema.NullBranch : 1 - schema.NullBranch);
            if (isNull)
            {
                return;
            }
        }

        switch (schema.Type)
        {
            case AvroType.Boolean: AvroBinary.Append(output, reader.TokenType == JsonTokenType.True); break;
            case AvroType.Int or AvroType.Long: AppendInteger(output, schema.Type, ref reader); break;
            case AvroType.Float: AvroBinary.Append(output, (float)Floating(ref reader)); break;
            case AvroType.Double: AvroBinary.Append(output, Floating(ref reader)); break;
            case AvroType.String: AppendText(output, ref reader); break;
            case AvroType.Bytes: AppendBytes(output, ref reader); break;
            case AvroType.Array: AppendItems(output, schema.Items!, ref reader); break;
            case AvroType.Record: AppendFields(output, schema.Fields, ref reader); break;
            default: throw new UnreachableException();
        }
    }

    private static void AppendInteger(ByteBuffer output, AvroType type, ref Utf8JsonReader reader)
    {
        if (!reader.TryGetInt64(out var number) || (type == AvroType.Int && number != (int)number))
        {
            throw FormatErrors.NotHeld($"a number beyond Avro's {type}", "Write the column's own type in [Column(TypeName = …)].");
        }

        AvroBinary.Append(output, number);
    }

    private static double Floating(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetDouble()
        : reader.ValueTextEquals("NaN"u8) ? double.NaN
        : reader.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity
        : double.NegativeInfinity;

    private static void AppendText(ByteBuffer output, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            AvroBinary.Append(output, reader.ValueSpan); // a number or boolean in a text column
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        AvroBinary.Append(output, rented.AsSpan(0, Unescaped(ref reader, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static int Unescaped(ref Utf8JsonReader reader, byte[] room)
    {
        try
        {
            return reader.CopyString(room);
        }
        catch (InvalidOperationException)
        {
            throw FormatErrors.NotUnicode(); // JSON can spell half of a surrogate pair, UTF-8 cannot
        }
    }

    private static void AppendBytes(ByteBuffer output, ref Utf8JsonReader reader)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(reader.ValueSpan.Length));
        Base64.DecodeFromUtf8(reader.ValueSpan, rented, out _, out var length);
        AvroBinary.Append(output, rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void AppendItems(ByteBuffer output, AvroSchema items, ref Utf8JsonReader reader)
    {
        var count = CountOf(reader);
        if (count > 0)
        {
            AvroBinary.Append(output, count);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Append(output, items, ref reader);
        }

        AvroBinary.Append(output, 0);
    }

    // The reader is a value: a copy of it reads ahead.
    private static int CountOf(Utf8JsonReader ahead)
    {
        var count = 0;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray)
        {
            ahead.Skip();
            count++;
        }

        return count;
    }

    private static void AppendFields(ByteBuffer output, IReadOnlyList<AvroField> fields, ref Utf8JsonReader reader)
    {
        for (var index = 0; index < fields.Count; index++) // an enumerator of the list would be allocated
        {
            var field = fields[index];
            reader.Read(); // the name
            Debug.Assert(reader.ValueTextEquals(field.Name), "members stand in the schema's order");
            reader.Read();
            Append(output, field.Schema, ref reader);
        }

        reader.Read(); // the object's end
    }
}
