using System.Buffers.Text;
using System.Diagnostics;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Bytes.</summary>
internal static class BytesValue
{
    public static void Append(ByteBuffer output, ValueForm form, ReadOnlySpan<byte> value)
    {
        output.Append((byte)'"');
        switch (form)
        {
            case ValueForm.Bytes: JsonValue.AppendBase64(output, value); break;
            case ValueForm.Base64UrlSafe: AppendUrlSafe(output, value); break;
            case ValueForm.Hex: AppendHex(output, value); break;
            default: throw new UnreachableException();
        }

        output.Append((byte)'"');
    }

    // Java's URL-safe encoder pads, .NET's does not.
    private static void AppendUrlSafe(ByteBuffer output, ReadOnlySpan<byte> value)
    {
        var written = Base64Url.EncodeToUtf8(value, output.Room(((value.Length * 4L) + 2) / 3));
        output.Advance(written);
        output.Append("=="u8[..((3 - (value.Length % 3)) % 3)]);
    }

    private static void AppendHex(ByteBuffer output, ReadOnlySpan<byte> value)
    {
        Convert.TryToHexStringLower(value, output.Room(value.Length * 2L), out var written);
        output.Advance(written);
    }
}
