using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>What becomes of rows.</summary>
internal static class RowChecks
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "second");

    public static async Task InsertUpdateDelete(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Read(ada), source.Insert(bob), source.Insert(new Account(3, "Cy", 0m, "short-lived")));
        await process.CheckpointAsync(1);
        await process.WriteAsync(source.Update(ada with { Owner = "Ada L.", Note = "it's \"quoted\", \\ and, more\nlines" }));
        await process.WriteAsync(source.DeleteByKey(new Account(3, null!, 0, null)));
        await process.CheckpointAsync(2);
        await process.WriteAsync(source.Delete(bob), source.Insert(bob with { Balance = -1.00m }), source.DeleteByKey(new Account(99, null!, 0, null)));
        await process.CheckpointAsync(3);
        await stand.SeesAsync<Account, AccountCodec>(
            SinkProcess.Accounts, "At the end", ada with { Owner = "Ada L.", Note = "it's \"quoted\", \\ and, more\nlines" }, bob with { Balance = -1.00m });
    }

    public static async Task Truncate(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Insert(ada));
        await process.CheckpointAsync(1);
        await process.WriteAsync(source.Insert(bob), source.Truncate(), source.Insert(ada with { Note = "after" }));
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "Before the truncate is committed", ada);
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the truncate", ada with { Note = "after" });
        await process.WriteAsync(source.Truncate());
        await process.CheckpointAsync(3);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the second truncate");
    }

    public static async Task UnchangedColumns(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var ownerAndNote = new ColumnSet(AccountCodec.Schema, [false, true, false, true]);
        var note = new ColumnSet(AccountCodec.Schema, [false, false, false, true]);
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Insert(ada), source.Insert(bob));
        await process.CheckpointAsync(1);

        // An earlier checkpoint's value, one of the same batch, and one that two partial updates leave alone.
        await process.WriteAsync(
            source.Update(new Account(2, null!, 21m, null), ownerAndNote),
            source.Update(ada with { Note = "large" }),
            source.Update(new Account(1, "Ada L.", 11m, null), note),
            source.Update(new Account(1, null!, 12m, null), ownerAndNote));
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(
            SinkProcess.Accounts, "After partial updates", new Account(1, "Ada L.", 12m, "large"), bob with { Balance = 21m });
    }

    public static async Task NotCarriedColumns(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var note = new ColumnSet(AccountCodec.Schema, [false, false, false, true], [false, false, false, true]);
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Insert(ada, note), source.Insert(bob));
        await process.CheckpointAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the insert", ada, bob);

        // One of an earlier checkpoint, and one of the same batch. What a snapshot once read stays: the log has nothing better.
        var cy = new Account(3, "Cy", 0m, null);
        await process.WriteAsync(
            source.Update(ada with { Balance = 11m }, note), source.Update(bob with { Balance = 21m, Note = null }, note),
            source.Insert(cy, note), source.Update(cy with { Balance = 1m }, note));
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(
            SinkProcess.Accounts, "After updates", ada with { Balance = 11m }, bob with { Balance = 21m }, cy with { Balance = 1m });
    }

    public static async Task OrderPerKey(SinkStand stand)
    {
        const int keys = 7, batches = 12, changesPerBatch = 100, seed = 20_26;
        var random = new Random(seed);
        var source = new Source<Account>("accounts");
        var rows = new Dictionary<long, Account>();
        await using var process = await stand.StartAsync(epoch: 1);
        for (var batch = 1; batch <= batches; batch++)
        {
            var changes = Enumerable.Range(0, changesPerBatch).Select(_ => Next(source, rows, random.Next(1, keys + 1), random)).ToList();
            await process.WriteAsync(changes);
            if (batch % 4 == 0)
            {
                await process.CheckpointAsync(batch);
                await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, $"After batch {batch} (seed {seed})", rows.Values);
            }
        }

        await stand.CountsAsync(SinkProcess.Accounts, "At the end", batches * changesPerBatch);
    }

    public static async Task CompositeKeys(SinkStand stand)
    {
        var source = new Source<Place>("places");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(
            source.Insert(new Place("a", 1, "1")), source.Insert(new Place("a", 2, "2")), source.Insert(new Place("A", 1, "3")), source.Insert(new Place("", 1, "4")));
        await process.CheckpointAsync(1);
        await process.WriteAsync(source.DeleteByKey(new Place("a", 2, null!)), source.Update(new Place("", 1, "5")));
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Place, PlaceCodec>(
            SinkProcess.Places, "At the end", new Place("a", 1, "1"), new Place("A", 1, "3"), new Place("", 1, "5"));
    }

    public static async Task EveryType(SinkStand stand)
    {
        var source = new Source<EveryType>("every_type");
        await using var process = await stand.StartAsync(epoch: 1);
        var rows = EveryTypeRows.All;
        await process.WriteAsync([.. rows.Select(source.Insert)]);
        await process.CheckpointAsync(1);
        await stand.SeesAsync<EveryType, EveryTypeCodec>(SinkProcess.Types, "After commit", rows);
    }

    private static Change<Account> Next(Source<Account> source, Dictionary<long, Account> rows, long id, Random random)
    {
        if (!rows.TryGetValue(id, out var row))
        {
            return source.Insert(rows[id] = new Account(id, $"owner {id}", random.Next(1000) / 100m, null));
        }

        if (random.Next(4) == 0)
        {
            rows.Remove(id);
            return source.DeleteByKey(row);
        }

        return source.Update(rows[id] = row with { Balance = row.Balance + 1.25m, Note = random.Next(2) == 0 ? null : $"note {random.Next(100)}" });
    }
}
