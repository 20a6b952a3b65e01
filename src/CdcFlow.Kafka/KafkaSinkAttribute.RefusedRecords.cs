namespace CdcFlow.Kafka;

// Records that a topic does not take.
public sealed partial class KafkaSinkAttribute
{
    /// <summary>Where changes go that cannot be encoded, are too large, or have no key or a time that their topic refuses, in the same transaction; may have placeholders as <see cref="Topic"/>.
    /// Default: none, and such a change stops the pipeline.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>Where values go that are too large for their topic: <c>ConnectionStrings:{ClaimCheck}</c> is the absolute path of a folder, which readers reach as well.
    /// The record keeps its key, has an empty value and the headers <c>cdc-claim</c> (the value's SHA-256, its file's name) and <c>cdc-claim-bytes</c>.
    /// Default: none, and such a change is too large.</summary>
    public string? ClaimCheck { get; set; }

    /// <summary>The properties whose texts may be cut where a record is too large for its topic, separated by commas, as in <c>"Body,Notes"</c>: text columns that are not of the key.
    /// They are cut to one length, at a character's end, so that the record fits; its header <c>cdc-truncated</c> is a JSON object of each field that was cut and its former length
    /// in bytes of UTF-8, and <c>cdc-truncated-before</c> the same of the row as it was. Where that is not enough, <see cref="ClaimCheck"/> and <see cref="DeadLetterTopic"/> follow.
    /// Default: none.</summary>
    public string? TruncateColumns { get; set; }

    /// <summary>How many dead letters one checkpoint may have, 1 to 1,000,000; one more stops the pipeline. *Connection*. Default: 100.</summary>
    [ConnectionSetting]
    public int DeadLettersMax { get; set; } = 100;
}
