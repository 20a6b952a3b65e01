using System.Diagnostics;
using System.Runtime.InteropServices;
using CdcFlow.Formats.Avro;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>What each change of a transaction has of its own in its envelope, beside its row.</summary>
internal enum RowFact : byte
{
    /// <summary>Where its record lies in the source's log.</summary>
    LogAddress,

    /// <summary>Its number among the transaction's changes.</summary>
    TotalOrder,

    /// <summary>Its number among those of the same table.</summary>
    OrderInTable,
}

/// <summary>Bytes that the changes of a transaction share, with gaps for what each has of its own.</summary>
/// <remarks>Encoded once for a transaction; for a change, the bytes are copied and the gaps are filled.</remarks>
internal sealed class EnvelopeTemplate : IDisposable
{
    private const int LongestDigits = 20;
    private readonly List<Gap> gaps = [];

    private enum GapForm : byte
    {
        /// <summary>Decimal digits.</summary>
        Digits,

        /// <summary>An Avro <c>long</c>.</summary>
        AvroNumber,

        /// <summary>The length of an Avro <c>string</c> that has the digits and some bytes more.</summary>
        AvroLength,
    }

    /// <summary>The shared bytes.</summary>
    public ByteBuffer Text { get; } = new(1024);

    public void Clear()
    {
        Text.Clear();
        gaps.Clear();
    }

    /// <summary>Leaves a gap for a number's digits.</summary>
    public void LeaveDigits(RowFact fact) => gaps.Add(new Gap(Text.Length, fact, GapForm.Digits, 0));

    /// <summary>Leaves a gap for an Avro <c>long</c>.</summary>
    public void LeaveAvroNumber(RowFact fact) => gaps.Add(new Gap(Text.Length, fact, GapForm.AvroNumber, 0));

    /// <summary>Leaves a gap for the length of an Avro <c>string</c> of the number's digits and <paramref name="others"/> bytes more.</summary>
    public void LeaveAvroLength(RowFact fact, int others) => gaps.Add(new Gap(Text.Length, fact, GapForm.AvroLength, others));

    /// <summary>Appends the bytes with the gaps filled in.</summary>
    public void Append(ByteBuffer output, in ChangeMetadata change)
    {
        var text = Text.Written;
        var start = 0;
        foreach (ref readonly var gap in CollectionsMarshal.AsSpan(gaps))
        {
            output.Append(text[start..gap.At]);
            Fill(output, gap, change);
            start = gap.At;
        }

        output.Append(text[start..]);
    }

    public void Dispose() => Text.Dispose();

    private static void Fill(ByteBuffer output, in Gap gap, in ChangeMetadata change)
    {
        var value = gap.Fact switch
        {
            RowFact.LogAddress => (long)(change.Detail == 0 ? change.Origin.Transaction.Place : change.Detail),
            RowFact.TotalOrder => change.Order.Total,
            RowFact.OrderInTable => change.Order.InTable,
            _ => throw new UnreachableException(),
        };
        switch (gap.Form)
        {
            case GapForm.Digits: output.AppendText(value); break;
            case GapForm.AvroNumber: AvroBinary.Append(output, value); break;
            case GapForm.AvroLength: AvroBinary.Append(output, gap.Others + DigitsOf(value)); break;
            default: throw new UnreachableException();
        }
    }

    private static int DigitsOf(long value)
    {
        Span<byte> digits = stackalloc byte[LongestDigits];
        value.TryFormat(digits, out var count, provider: System.Globalization.CultureInfo.InvariantCulture);
        return count;
    }

    private readonly record struct Gap(int At, RowFact Fact, GapForm Form, int Others);
}
