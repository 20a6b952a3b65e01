using System.Globalization;
using System.Text.Json;

namespace CdcFlow.Golden.Tests;

/// <summary>What an envelope tells of its place in the log. The members that say the same twice must agree.</summary>
internal sealed record LogPlace(long? PrecedingCommit, long Lsn, long Transaction)
{
    internal static LogPlace Of(JsonElement envelope)
    {
        var source = envelope.GetProperty("source");
        var sequence = JsonElement.Parse(source.GetProperty("sequence").GetString()!);
        var place = new LogPlace(Number(sequence[0]), source.GetProperty("lsn").GetInt64(), source.GetProperty("txId").GetInt64());
        Assert.Equal(place.Lsn, Number(sequence[1]));
        Assert.Equal($"{place.Transaction}:{place.Lsn}", envelope.GetProperty("transaction").GetProperty("id").GetString());
        return place;
    }

    /// <summary>How one place stands to another, without the numbers, which vary from run to run.</summary>
    internal static (int PrecedingCommit, int Lsn, int Transaction) Compare(LogPlace one, LogPlace other) => (
        Nullable.Compare(one.PrecedingCommit, other.PrecedingCommit), one.Lsn.CompareTo(other.Lsn), one.Transaction.CompareTo(other.Transaction));

    private static long? Number(JsonElement text) => text.GetString() is { } digits ? long.Parse(digits, CultureInfo.InvariantCulture) : null;
}
