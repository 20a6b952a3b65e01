using System.Text;
using CdcFlow.Batches;

namespace CdcFlow.Rejects;

/// <summary>A change that was set aside: what is kept of it, so that a person can find the row, repair it at its source, and know what the sink lacks meanwhile.</summary>
/// <remarks>Immutable. It travels in the order of the changes around it, and a sink commits it with them. The row in it is evidence: nothing ever writes it anywhere else.
/// Texts are cut to a length that every sink takes, and hold no zero characters or halves of surrogate pairs.</remarks>
public sealed class RejectedChange : StreamElement
{
    /// <summary>The most letters of a key that are kept.</summary>
    public const int KeyLengthMax = 1_000;

    /// <summary>The most letters of a row that are kept; of a longer one, nothing is.</summary>
    public const int RowLengthMax = 64 * 1024;

    private const int CauseLengthMax = 4_000;

    private readonly bool? leavesOldRow;

    /// <summary>The node whose method threw, or the sink whose system refused the row.</summary>
    public required string Node { get; init; }

    /// <summary>Where the change comes from.</summary>
    public required ChangeMetadata Metadata { get; init; }

    /// <summary>What had happened to the row.</summary>
    public required Operation Operation { get; init; }

    /// <summary>The error's stable code.</summary>
    public required string Code { get; init; }

    /// <summary>Why, without any value of the row but its key: fit for logs.</summary>
    public required string Cause
    {
        get;
        init => field = Storable(value, CauseLengthMax);
    }

    /// <summary>What the user's method said when it threw, or the sink's system when it refused the row, which may quote the row; null where nothing more is known. Never for logs.</summary>
    public string? Message
    {
        get;
        init => field = value is null ? null : Storable(value, CauseLengthMax);
    }

    /// <summary>The row's key as text; null where the row type has none, or where no source and no sink of the pipeline has the row type.</summary>
    public string? Key
    {
        get;
        init => field = value is null ? null : Storable(value, KeyLengthMax);
    }

    /// <summary>The row as a JSON object: the new one, of a delete the old one as far as the log carried it; null where it is not known or too long.</summary>
    public string? Row
    {
        get;
        init => field = value?.Length > RowLengthMax ? null : value;
    }

    /// <summary>Whether the row as it was before stays downstream: an update or a delete of it did not come there.</summary>
    /// <remarks>A sink may know better, where several changes of one key came to it at once.</remarks>
    public bool LeavesOldRow
    {
        get => leavesOldRow ?? Operation is Operation.Update or Operation.Delete;
        init => leavesOldRow = value;
    }

    /// <summary>For people and logs: node, cause, key and place; never the row.</summary>
    public override string ToString() =>
        $"'{Node}' rejected the {Operation} of {(Key is null ? "a row" : $"key {Key}")} of {Metadata.Table} at {Metadata.Offset}: {Cause}";

    private static string Storable(string text, int length)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > length)
            {
                return $"{kept}…";
            }

            kept.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return kept.ToString();
    }
}
