using System.Text.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Sink.Records;

namespace CdcFlow.Kafka.Sink.Oversize;

/// <summary>Cuts the texts of a row until its record fits: all that may be cut to one length, so that the longest lose and the short ones stay whole.</summary>
/// <param name="columns">The columns that may be cut.</param>
/// <param name="whole">Encodes rows as they are.</param>
/// <param name="cutting">Encodes them with their texts cut.</param>
/// <param name="use">Says by what the cutting encoder cuts.</param>
internal sealed class RowCutter<T>(CuttableColumns columns, IRecordEncoder<T> whole, IRecordEncoder<T> cutting, Action<TextCut?> use) : IDisposable
    where T : class
{
    private const string After = "cdc-truncated";
    private const string Before = "cdc-truncated-before";
    private const int HeaderBytes = 40; // what a header adds to its fields
    private const int FieldBytes = 16; // what a field's length adds to its name, which stands escaped

    // Of what fits, all but so much is kept: each halving of it is another encoding.
    private const int Slack = 1024;

    private readonly TextCut texts = new(columns.Is);
    private readonly int headerRoom = 2 * (HeaderBytes + columns.Fields.Where((_, column) => columns.Is[column]).Sum(field => JsonEncodedText.Encode(field).EncodedUtf8Bytes.Length + FieldBytes));

    /// <summary>Cuts what is necessary.</summary>
    /// <returns>False when the record does not fit without the texts either; it is then whole again.</returns>
    /// <exception cref="CdcFlowException">A value has no form in the format.</exception>
    public bool TryFit(ChangeRecord<T> record, in Change<T> change, int bytes)
    {
        try
        {
            return TryCut(record, change, bytes);
        }
        finally
        {
            texts.End();
        }
    }

    public void Dispose() => cutting.Dispose();

    private bool TryCut(ChangeRecord<T> record, in Change<T> change, int bytes)
    {
        var limit = bytes - headerRoom;
        if (Encode(record, change, 0) > limit || texts.Cuts.Count == 0)
        {
            record.EncodeValue(whole, change);
            return false;
        }

        // In no format has a text fewer bytes than in UTF-8.
        var (fits, tooLong) = (0, Math.Min(texts.Longest, limit) + 1);
        while (tooLong - fits > Math.Max(1, limit / Slack))
        {
            var middle = fits + ((tooLong - fits) / 2);
            (fits, tooLong) = Encode(record, change, middle) <= limit ? (middle, tooLong) : (fits, middle);
        }

        if (texts.BytesMax != fits)
        {
            Encode(record, change, fits);
        }

        AddHeader(record, After, change.After);
        AddHeader(record, Before, change.Before);
        return true;
    }

    private int Encode(ChangeRecord<T> record, in Change<T> change, int bytesMax)
    {
        texts.Begin(bytesMax);
        use(texts);
        try
        {
            record.EncodeValue(cutting, change);
            return record.Size;
        }
        finally
        {
            use(null);
        }
    }

    /// <summary>Says which fields of a row were cut, and how many bytes they had, as a JSON object.</summary>
    private void AddHeader(ChangeRecord<T> record, string name, T? row)
    {
        var cuts = texts.Cuts.Where(cut => ReferenceEquals(cut.Row, row)).ToList();
        if (cuts.Count == 0)
        {
            return;
        }

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (_, column, bytes) in cuts)
            {
                writer.WriteNumber(columns.Fields[column], bytes);
            }

            writer.WriteEndObject();
        }

        record.Headers.Add(name, json.GetBuffer().AsSpan(0, (int)json.Length));
    }
}
