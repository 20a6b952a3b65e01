namespace CdcFlow.Checkpointing.Definitions;

/// <summary>Says in words why a sink's rows are other than before. Pure.</summary>
internal static class DefinitionWords
{
    /// <summary>Why; nothing where its rows are the same.</summary>
    public static IReadOnlyList<string> Between(SinkPath before, SinkPath now)
    {
        List<string> path = before.Text == now.Text ? [] : [.. OfSources(before, now), .. OfMethods(before, now), .. OfBranches(before, now)];
        if (path.Count == 0 && before.Text != now.Text)
        {
            path.Add($"what feeds sink {now.Sink.Name} is in another order");
        }

        return [.. OfSink(before.Sink, now.Sink).Concat(OfSourceColumns(before, now)).Concat(OfBindings(before, now)).Concat(path).Distinct()];
    }

    private static IEnumerable<string> OfSink(DefinedSink before, DefinedSink now)
    {
        if (before.Connection != now.Connection)
        {
            yield return $"sink {now.Name} writes to connection {now.Connection} instead of {before.Connection}";
        }

        if (before.Connector is { } old && now.Connector is { } connector && old != connector)
        {
            yield return $"sink {now.Name} is a {connector} instead of a {old}";
        }

        // A setting that one version of a connector tells and another does not says nothing.
        foreach (var (key, value) in now.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            if (before.Settings.TryGetValue(key, out var earlier) && earlier != value)
            {
                yield return $"sink {now.Name} has {key} {Value(value)} instead of {Value(earlier)}";
            }
        }

        foreach (var words in OfColumns(now.RowType, before.Columns, now.Columns))
        {
            yield return words;
        }
    }

    private static IEnumerable<string> OfSources(SinkPath before, SinkPath now)
    {
        foreach (var source in now.Sources)
        {
            if (Counterpart(before, source) is not { } old)
            {
                yield return $"source {source.Id} of {source.Source!.Table} is new on the way to sink {now.Sink.Name}";
            }
            else if (old.Source!.Table != source.Source!.Table)
            {
                yield return $"source {source.Id} reads {Named(source.Source.Table, old.Source.Table)} instead of {Named(old.Source.Table, source.Source.Table)}";
            }
        }

        foreach (var old in before.Sources.Where(old => now.Sources.All(source => source.Id != old.Id && source.Source!.Table != old.Source!.Table)))
        {
            yield return $"source {old.Id} of {old.Source!.Table} is no longer on the way to sink {now.Sink.Name}";
        }
    }

    /// <summary>Only columns that were and are looked at: which ones a method looks at is its own change. A key's columns are looked at by whatever carries a delete.</summary>
    private static IEnumerable<string> OfSourceColumns(SinkPath before, SinkPath now)
    {
        foreach (var source in now.Sources)
        {
            if (Counterpart(before, source) is { Source: { } old } known)
            {
                var (then, today) = (before.LookedAt(known.Id), now.LookedAt(source.Id));
                bool Counts(string name, string type) =>
                    type.EndsWith(DefinedSource.KeyColumn, StringComparison.Ordinal) || (then?.Contains(name) != false && today?.Contains(name) != false && (then is null) == (today is null));
                var columns = old.Columns.Concat(source.Source!.Columns).Where(column => Counts(column.Key, column.Value)).Select(column => column.Key).ToHashSet(StringComparer.Ordinal);
                foreach (var words in OfColumns(source.RowType, Only(old.Columns, columns), Only(source.Source.Columns, columns)))
                {
                    yield return words;
                }
            }
        }
    }

    private static DefinedNode? Counterpart(SinkPath before, DefinedNode source) =>
        before.Sources.FirstOrDefault(other => other.Id == source.Id) ?? before.Sources.FirstOrDefault(other => other.Source!.Table == source.Source!.Table);

    private static Dictionary<string, string> Only(IReadOnlyDictionary<string, string> columns, HashSet<string> names) =>
        columns.Where(column => names.Contains(column.Key)).ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<string> OfMethods(SinkPath before, SinkPath now)
    {
        var gone = before.Methods.Where(old => now.Methods.All(node => node.Id != old.Id)).ToList();
        foreach (var node in now.Methods)
        {
            if (before.Methods.FirstOrDefault(old => old.Id == node.Id) is { } known)
            {
                if (known.Kind != node.Kind || known.Content != node.Content)
                {
                    yield return $"{node.Kind} {node.Id} has changed";
                }
            }
            else if (gone.FirstOrDefault(old => old.Kind == node.Kind && old.Content == node.Content) is { } renamed)
            {
                gone.Remove(renamed);
            }
            else
            {
                yield return $"{node.Kind} {node.Id} is new on the way to sink {now.Sink.Name}";
            }
        }

        foreach (var old in gone)
        {
            yield return $"{old.Kind} {old.Id} is no longer on the way to sink {now.Sink.Name}";
        }
    }

    /// <summary>The same words that look at other columns: their properties have been bound anew.</summary>
    private static IEnumerable<string> OfBindings(SinkPath before, SinkPath now)
    {
        foreach (var node in now.Methods)
        {
            var known = before.Methods.FirstOrDefault(old => old.Id == node.Id) ?? before.Methods.FirstOrDefault(old => old.Kind == node.Kind && old.Content == node.Content);
            if (known?.Content == node.Content && known?.LooksAt is { } then && node.LooksAt is { } today && !then.SequenceEqual(today, StringComparer.Ordinal))
            {
                yield return $"{node.Kind} {node.Id} now looks at {Columns(today)} where it looked at {Columns(then)}";
            }
        }
    }

    private static IEnumerable<string> OfBranches(SinkPath before, SinkPath now)
    {
        var takers = now.Methods.Select(node => (Name: $"{node.Kind} {node.Id}", node.Inputs, Before: before.Methods.FirstOrDefault(old => old.Id == node.Id)?.Inputs))
            .Append(($"sink {now.Sink.Name}", now.Sink.Inputs, before.Sink.Inputs));
        foreach (var (name, inputs, old) in takers)
        {
            foreach (var input in inputs.Where(input => old?.Any(other => other.Node == input.Node && other.When != input.When) == true))
            {
                yield return $"{name} takes {input.When ?? "every branch"} of {input.Node} instead of {old!.First(other => other.Node == input.Node).When ?? "every branch"}";
            }
        }
    }

    private static IEnumerable<string> OfColumns(string rowType, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        foreach (var (column, type) in now.OrderBy(column => column.Key, StringComparer.Ordinal))
        {
            if (!before.TryGetValue(column, out var old))
            {
                yield return $"row type {rowType} has a new column {column}";
            }
            else if (old != type)
            {
                yield return $"column {column} of row type {rowType} is {type} instead of {old}";
            }
        }

        foreach (var column in before.Keys.Except(now.Keys).Order(StringComparer.Ordinal))
        {
            yield return $"row type {rowType} has no column {column} any more";
        }
    }

    private static string Named(SourceTable table, SourceTable other) => table.Connection == other.Connection ? table.ToString() : $"{table} of {table.Connection}";

    private static string Columns(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "no column";

    private static string Value(string text) => text.Length == 0 ? "none" : text;
}
