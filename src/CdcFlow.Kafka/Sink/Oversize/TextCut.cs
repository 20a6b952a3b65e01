using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace CdcFlow.Kafka.Sink.Oversize;

/// <summary>Cuts the texts of some columns of the rows that are being encoded, and remembers how long they were.</summary>
/// <param name="isCuttable">By a column's index, whether it may be cut.</param>
internal sealed class TextCut(IReadOnlyList<bool> isCuttable)
{
    private readonly List<(object Row, int Column, int Bytes)> cuts = [];

    /// <summary>The bytes of UTF-8 that a text may have.</summary>
    public int BytesMax { get; private set; }

    /// <summary>The length of the longest text that came by, in bytes of UTF-8.</summary>
    public int Longest { get; private set; }

    /// <summary>The texts that were cut, and how many bytes they had.</summary>
    public IReadOnlyList<(object Row, int Column, int Bytes)> Cuts => cuts;

    /// <summary>Begins anew.</summary>
    public void Begin(int bytesMax)
    {
        cuts.Clear();
        BytesMax = bytesMax;
        Longest = 0;
    }

    /// <summary>Lets go of the rows.</summary>
    public void End() => cuts.Clear();

    /// <summary>What is written of a text: all of it, or as many whole characters as fit.</summary>
    public string Cut(object row, int column, string text)
    {
        if (!isCuttable[column])
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        Longest = Math.Max(Longest, bytes);
        if (bytes <= BytesMax)
        {
            return text;
        }

        cuts.Add((row, column, bytes));
        return text[..CharactersIn(text, BytesMax)];
    }

    private static int CharactersIn(string text, int bytes)
    {
        var room = ArrayPool<byte>.Shared.Rent(bytes);
        Utf8.FromUtf16(text, room.AsSpan(0, bytes), out var characters, out _);
        ArrayPool<byte>.Shared.Return(room);
        return characters;
    }
}
