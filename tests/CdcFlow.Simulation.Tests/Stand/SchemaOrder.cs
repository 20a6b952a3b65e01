using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>Judges how changes of columns reached a sink: every one of them, after all rows that have the old columns and before all that have the new.</summary>
internal static class SchemaOrder
{
    /// <summary>The first thing that is wrong; null when all is well.</summary>
    /// <param name="sink">The sink's name.</param>
    /// <param name="server">What the sink wrote to.</param>
    /// <param name="database">The source.</param>
    public static string? Judge(string sink, InMemorySinkServer server, InMemoryDatabase database)
    {
        var schemas = server.SchemaChanges.Where(written => written.Sink == sink).ToList();
        return Missing(schemas, database)
            ?? schemas.Select(schema => Gap(schema, database) ?? Overtaken(schema, server, database)).FirstOrDefault(verdict => verdict is not null);
    }

    private static string? Missing(List<WrittenSchemaChange> schemas, InMemoryDatabase database) =>
        Ddl(database).Where(ddl => !schemas.Exists(schema => schema.Change.Transaction == ddl.Transaction && Texts(schema.Change.After).SequenceEqual(ddl.Columns)))
            .Select(ddl => $"the new columns of transaction {ddl.Transaction} never came").FirstOrDefault();

    /// <summary>What an instance takes for the old columns must be those that the table had, also where it was restored after they were told.</summary>
    private static string? Gap(WrittenSchemaChange schema, InMemoryDatabase database)
    {
        var earlier = Ddl(database).TakeWhile(ddl => !(ddl.Transaction == schema.Change.Transaction && ddl.Columns.SequenceEqual(Texts(schema.Change.After))));
        var before = earlier.LastOrDefault()?.Columns ?? [];
        return before.SequenceEqual(Texts(schema.Change.Before))
            ? null
            : $"epoch {schema.Epoch} took '{string.Join(", ", schema.Change.Before.Columns)}' for the columns before transaction {schema.Change.Transaction}, and they were '{string.Join(", ", before)}'";
    }

    /// <summary>Of one instance, whatever was written before the element must lie before it in the log, and whatever after it, after.</summary>
    private static string? Overtaken(WrittenSchemaChange schema, InMemorySinkServer server, InMemoryDatabase database)
    {
        var place = Ddl(database).First(ddl => ddl.Transaction == schema.Change.Transaction && ddl.Columns.SequenceEqual(Texts(schema.Change.After)));
        return server.Written.Where(change => change.Sink == schema.Sink && change.Epoch == schema.Epoch)
            .Where(change => change.Write < schema.Write ? IsAfter(change, place) : IsBefore(change, place))
            .Select(change => $"{change} is on the wrong side of the new columns of transaction {place.Transaction}").FirstOrDefault();
    }

    /// <summary>A row of the snapshot is valid after the whole of its transaction.</summary>
    private static bool IsAfter(WrittenChange change, Place place) => change.Operation == Operation.SnapshotRead
        ? change.Offset.Transaction >= place.Transaction
        : change.Offset > new SourceOffset(place.Transaction, place.Event, 0);

    private static bool IsBefore(WrittenChange change, Place place) => change.Operation == Operation.SnapshotRead
        ? change.Offset.Transaction < place.Transaction
        : change.Offset < new SourceOffset(place.Transaction, place.Event, 0);

    private static IEnumerable<string> Texts(TableSchema schema) => schema.Columns.Select(column => column.ToString());

    private static IEnumerable<Place> Ddl(InMemoryDatabase database)
    {
        for (ulong number = 1; database.Read(number) is { } transaction; number++)
        {
            for (var index = 0; index < transaction.Events.Count; index++)
            {
                if (transaction.Events[index].Columns is { } columns)
                {
                    yield return new Place(number, index, columns);
                }
            }
        }
    }

    private sealed record Place(ulong Transaction, int Event, IReadOnlyList<string> Columns);
}
