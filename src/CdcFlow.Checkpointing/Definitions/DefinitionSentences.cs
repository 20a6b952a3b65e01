namespace CdcFlow.Checkpointing.Definitions;

/// <summary>What is said about sinks that a changed program concerns. Pure.</summary>
internal sealed class DefinitionSentences(IReadOnlyList<ConcernedSink> concerned, DefinitionFacts facts)
{
    private const string Stale = "What was written before is out of date";
    private const string Missing = "What was read before is missing";

    /// <summary>The tables that feed them.</summary>
    public IReadOnlyList<SourceTable> Tables { get; } = [.. concerned.SelectMany(sink => sink.Tables).Distinct().OrderBy(table => table.ToString(), StringComparer.Ordinal)];

    /// <summary>Whether all that feeds them can be read again.</summary>
    public bool CanReadAgain => concerned.All(sink => sink.Tables.Count > 0 && sink.Tables.All(facts.Readable.Contains));

    /// <summary>What has changed, and for whom.</summary>
    public string Happened
    {
        get
        {
            var why = concerned.SelectMany(sink => sink.Why).Distinct();
            return $"The pipeline has changed since checkpoint {facts.Checkpoint}: {string.Join("; ", why)}.{Of(Stale, lacking: false)}{Of(Missing, lacking: true)}";
        }
    }

    /// <summary>What becomes of it where nothing is done.</summary>
    public string? StaysSo => CanReadAgain ? $"It stays so until what feeds them is read again: {Resnapshot}" : null;

    /// <summary>What is done where the configuration says so.</summary>
    public string ReadsAgain => $"Read again: {string.Join(", ", TableNames)}.{Kept}";

    /// <summary>All ways on.</summary>
    public string WaysOn => CanReadAgain
        ? $"To read again what feeds them: {Resnapshot} To go on as they are, this once: `run --accept`. "
            + $"To have either done at every change: CdcFlow:{facts.Pipeline}:Definition:OnChange = Resnapshot, or Warn."
        : "Their source cannot read tables again. To go on as they are, this once: `run --accept`; at every change: "
            + $"CdcFlow:{facts.Pipeline}:Definition:OnChange = Warn. To begin afresh instead: `run --restore-from none` (rows may then appear twice).";

    private string Resnapshot => $"`run --resnapshot {string.Join(' ', TableNames.Select(Pasted.Word))}`.{Kept}";

    // Sources of several connections may have tables of one name, and the request for it goes to each.
    private IEnumerable<string> TableNames => Tables.Select(table => table.ToString()).Distinct();

    private string Kept => Tables.SelectMany(facts.KeepingSinks).Distinct().ToList() is { Count: > 0 } keeping
        ? $" These sinks keep what they have, and get it once more: {string.Join(", ", keeping)}."
        : "";

    private string Of(string what, bool lacking)
    {
        var sinks = concerned.Where(sink => sink.LacksRows == lacking).Select(sink => sink.Sink).ToList();
        return sinks.Count == 0 ? "" : $" {what} in {(sinks.Count == 1 ? "sink" : "sinks")} {string.Join(", ", sinks)}.";
    }
}
