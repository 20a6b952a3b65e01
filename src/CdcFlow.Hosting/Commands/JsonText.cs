using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CdcFlow.Hosting.Commands;

/// <summary>JSON for a terminal or a pipe.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A result: indented, nothing escaped that need not be.</summary>
    public static string Write(Action<Utf8JsonWriter> write) => Write(write, indented);

    /// <summary>A line of a log: whatever is not plain ASCII is escaped, so that no terminal obeys it.</summary>
    public static string WriteLine(Action<Utf8JsonWriter> write) => Write(write, default);

    private static string Write(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
