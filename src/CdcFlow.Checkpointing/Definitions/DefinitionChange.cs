namespace CdcFlow.Checkpointing.Definitions;

/// <summary>What has changed between a checkpoint and the program that goes on from it.</summary>
/// <param name="Concerned">The sinks that have rows, or lack rows, as this program would not.</param>
/// <param name="Returned">Tables that were read once, then not, and now are again, with the sinks that they feed.</param>
/// <param name="Notes">What has changed without a consequence for any row: sentences without a full stop.</param>
public sealed record DefinitionChange(IReadOnlyList<ConcernedSink> Concerned, IReadOnlyList<ReturnedTable> Returned, IReadOnlyList<string> Notes)
{
    /// <summary>Compares two definitions. Pure.</summary>
    /// <param name="before">That of the checkpoint.</param>
    /// <param name="now">That of the program.</param>
    public static DefinitionChange Between(Definition before, Definition now)
    {
        List<string> notes = [];
        if (ContentScheme.Differs(before, now))
        {
            (before, now) = (ContentScheme.Without(before), ContentScheme.Without(now));
            notes.Add("CdcFlow tells in another way what methods do, so that whether one has changed is not known this once, and the next change is noticed");
        }

        var paths = before.Sinks.Select(sink => SinkPath.Of(before, sink)).ToList();
        var pathsNow = now.Sinks.Select(sink => SinkPath.Of(now, sink)).ToList();
        List<ConcernedSink> concerned = [];
        foreach (var path in pathsNow)
        {
            if (paths.Find(old => old.Sink.Name == path.Sink.Name) is { } known)
            {
                concerned.AddRange(Known(known, path));
            }
            else if (paths.Find(old => now.Sinks.All(sink => sink.Name != old.Sink.Name) && IsRenamed(old, path)) is { } renamed)
            {
                paths.Remove(renamed);
                notes.Add($"sink {path.Sink.Name} was named {renamed.Sink.Name}");
            }
            else if (path.Tables.Intersect(before.Tables).Any())
            {
                concerned.Add(new ConcernedSink(path.Sink.Name, LacksRows: true, [$"sink {path.Sink.Name} is new"], path.Tables));
            }
            else
            {
                notes.Add($"sink {path.Sink.Name} is new, and so is what feeds it");
            }
        }

        notes.AddRange(paths.Where(old => now.Sinks.All(sink => sink.Name != old.Sink.Name)).Select(old => $"sink {old.Sink.Name} is gone, and what it has written stays"));
        notes.AddRange(before.Tables.Except(now.Tables).Select(table => $"table {table} is read no more, and rows of it that were written stay"));
        return new DefinitionChange(concerned, [.. now.Tables.Intersect(before.FormerTables).Select(table => ReturnedTo(table, pathsNow))], notes);
    }

    private static ReturnedTable ReturnedTo(SourceTable table, IEnumerable<SinkPath> paths) =>
        new(table, [.. paths.Where(path => path.Tables.Contains(table)).Select(path => path.Sink.Name)]);

    private static IEnumerable<ConcernedSink> Known(SinkPath before, SinkPath now)
    {
        var name = now.Sink.Name;
        var words = DefinitionWords.Between(before, now);
        if (words.Count > 0)
        {
            yield return new ConcernedSink(name, before.Sink.Connection != now.Sink.Connection || IsReplaced(before, now), words, now.Tables);
        }
        else if (IsReplaced(before, now))
        {
            yield return new ConcernedSink(name, LacksRows: true, [$"the table of sink {name} is another one than before, or is missing"], now.Tables);
        }
    }

    /// <summary>Sinks that say nothing of where they write are not known to write to the same place.</summary>
    private static bool IsRenamed(SinkPath before, SinkPath now) =>
        DefinitionWords.Between(before, now).Count == 0
        && !IsReplaced(before, now)
        && (before.Sink.Settings.Keys.Any(now.Sink.Settings.ContainsKey) || (before.Sink.Place is { } old && old == now.Sink.Place));

    private static bool IsReplaced(SinkPath before, SinkPath now) => Differ(before.Sink.Place, now.Sink.Place) || Differ(before.Sink.Connector, now.Sink.Connector);

    private static bool Differ(string? before, string? now) => before is not null && now is not null && before != now;
}

/// <summary>A table that was not read for a while.</summary>
/// <param name="Table">The table.</param>
/// <param name="Sinks">The sinks that it feeds.</param>
public sealed record ReturnedTable(SourceTable Table, IReadOnlyList<string> Sinks);

/// <summary>A sink that has rows, or lacks rows, as the program would not.</summary>
/// <param name="Sink">Its name.</param>
/// <param name="LacksRows">Whether it lacks what was read before; otherwise what it has of it may be out of date.</param>
/// <param name="Why">Clauses without a full stop.</param>
/// <param name="Tables">The tables that feed it.</param>
public sealed record ConcernedSink(string Sink, bool LacksRows, IReadOnlyList<string> Why, IReadOnlyList<SourceTable> Tables);
