using System.Text;
using CdcFlow.Formats;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka;

/// <summary>The headers of the record that is being written.</summary>
/// <remarks>Not thread-safe. Allocates nothing once each name has been seen.</remarks>
public sealed class KafkaHeaders : IDisposable
{
    private readonly Dictionary<string, KafkaHeaderName> names = new(StringComparer.Ordinal);
    private readonly ByteBuffer bytes = new(256);
    private KafkaHeader[] headers = new KafkaHeader[4];
    private int count;

    internal KafkaHeaders()
    {
    }

    internal ReadOnlySpan<KafkaHeader> All => headers.AsSpan(0, count);

    internal ReadOnlySpan<byte> Bytes => bytes.Written;

    /// <summary>About how many bytes they make in a record.</summary>
    internal int Size { get; private set; }

    /// <summary>Adds a header.</summary>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        bytes.Append(value);
        End(NameOf(name), value.Length);
    }

    /// <summary>Adds a header with a text's UTF-8.</summary>
    public void Add(string name, string value)
    {
        var length = Encoding.UTF8.GetBytes(value, bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length)));
        bytes.Advance(length);
        End(NameOf(name), length);
    }

    /// <inheritdoc/>
    public void Dispose() => bytes.Dispose();

    internal void Clear()
    {
        bytes.Clear();
        count = 0;
        Size = 0;
    }

    /// <summary>Where a header's value can be written before <see cref="End"/> makes it one.</summary>
    internal ByteBuffer Value => bytes;

    /// <summary>Makes a header of the last <paramref name="length"/> bytes written.</summary>
    internal void End(KafkaHeaderName name, int length)
    {
        const int lengths = 10; // two numbers of at most five bytes
        if (count == headers.Length)
        {
            Array.Resize(ref headers, count * 2);
        }

        headers[count++] = new KafkaHeader(name, bytes.Length - length, length);
        Size += name.Terminated.Length + length + lengths;
    }

    private KafkaHeaderName NameOf(string name)
    {
        if (!names.TryGetValue(name, out var known))
        {
            names.Add(name, known = new KafkaHeaderName(name));
        }

        return known;
    }
}
