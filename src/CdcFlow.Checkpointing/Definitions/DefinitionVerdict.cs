using CdcFlow.Checkpoints;
using CdcFlow.Sources;

namespace CdcFlow.Checkpointing.Definitions;

/// <summary>What a start does about the changes of its program.</summary>
/// <param name="IsRefusal">Whether the pipeline does not start.</param>
/// <param name="Sentence">What has changed for rows; null: nothing has.</param>
/// <param name="Fix">What an operator can do about it.</param>
/// <param name="Again">The tables that are emptied downstream and read again.</param>
/// <param name="Notes">What else is to be told: whole sentences.</param>
public sealed record DefinitionVerdict(bool IsRefusal, string? Sentence, string? Fix, IReadOnlyList<SourceTable> Again, IReadOnlyList<string> Notes)
{
    /// <summary>Decides. Pure.</summary>
    /// <param name="change">What has changed.</param>
    /// <param name="facts">What it is decided by.</param>
    public static DefinitionVerdict Of(DefinitionChange change, DefinitionFacts facts)
    {
        SourceTable[] returned = [.. change.Returned.Select(returned => returned.Table).Where(facts.Readable.Contains)];
        string[] notes =
        [
            .. change.Notes.Select(note => $"Since checkpoint {facts.Checkpoint}, {note}."),
            .. returned.Select(table => $"Table {table} was not read for a while: it is emptied downstream and read again."),
        ];
        var open = change.Concerned.Concat(Unread(change, facts)).Where(sink => !facts.IsAsked(sink.Tables)).ToList();
        if (open.Count == 0)
        {
            return new DefinitionVerdict(false, null, null, returned, notes);
        }

        var words = new DefinitionSentences(open, facts);
        var onChange = facts.IsAccepted ? OnDefinitionChange.Warn : facts.OnChange;
        return onChange switch
        {
            OnDefinitionChange.Warn => new DefinitionVerdict(false, words.Happened, words.StaysSo, returned, notes),
            OnDefinitionChange.Resnapshot when words.CanReadAgain => new DefinitionVerdict(
                false, words.Happened, words.ReadsAgain, [.. returned.Union(words.Tables)], notes),
            _ => new DefinitionVerdict(true, words.Happened, words.WaysOn, returned, notes),
        };
    }

    /// <summary>The sinks that lack what changed in a table while it was not read, where its source cannot read it again.</summary>
    private static IEnumerable<ConcernedSink> Unread(DefinitionChange change, DefinitionFacts facts) =>
        from returned in change.Returned
        where !facts.Readable.Contains(returned.Table)
        from sink in returned.Sinks
        select new ConcernedSink(sink, LacksRows: true, [$"table {returned.Table} was not read for a while"], [returned.Table]);

    /// <summary>The error to stop with; null where the pipeline starts.</summary>
    public CdcFlowException? ToException() => IsRefusal ? new CdcFlowException(CheckpointErrorCodes.DefinitionChanged, Sentence!, Fix) : null;
}

/// <summary>What is decided by, besides the change itself.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Checkpoint">The checkpoint that it goes on from.</param>
/// <param name="OnChange">What the configuration says.</param>
/// <param name="IsAccepted">Whether the operator has accepted the change.</param>
/// <param name="Request">What the operator wants read again; null: nothing.</param>
/// <param name="Readable">The tables that can be read again.</param>
/// <param name="KeepingSinks">Of a table, the sinks it feeds that keep what they have when it is emptied.</param>
public sealed record DefinitionFacts(
    string Pipeline, CheckpointRef Checkpoint, OnDefinitionChange OnChange, bool IsAccepted, ResnapshotRequest? Request, IReadOnlyCollection<SourceTable> Readable,
    Func<SourceTable, IEnumerable<string>> KeepingSinks)
{
    internal bool IsAsked(IReadOnlyList<SourceTable> tables) => tables.Count > 0 && tables.All(table => Request?.Names(table.Table) == true);
}
