using System.Buffers;
using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Sources;

namespace CdcFlow.Testing.Tests.InMemory;

public sealed class InMemorySourceTests
{
    private readonly InMemoryDatabase database = new();

    [Fact]
    public async Task Snapshot_rows_come_first_and_later_changes_follow()
    {
        database.Snapshot(new Account(1, "ada"), new Account(2, "bob")).EndSnapshot<Account>()
            .Transaction(tx => tx.Update(new Account(1, "ada"), new Account(1, "eve")).Delete(new Account(2, "bob")));
        Assert.Equal(
            ["SnapshotRead ada", "SnapshotRead bob", "Update eve", "Delete bob"],
            (await ReadAllAsync()).Select(Describe));
    }

    [Fact]
    public async Task Change_of_a_row_that_no_chunk_has_read_shows_only_in_the_chunk()
    {
        database.Snapshot([.. Enumerable.Range(1, 6).Select(id => new Account(id, "old"))]).EndSnapshot<Account>();
        for (var id = 6; id >= 1; id--)
        {
            var key = id;
            database.Transaction(tx => tx.Update(new Account(key, "old"), new Account(key, "new")));
        }

        var changes = await ReadAllAsync(new(Startup.Initial, ChunkRows: 2, RoundChanges: 1, Interleaves: true));
        Assert.Equal(6, changes.Count(change => change.Operation == Operation.SnapshotRead));
        Assert.All(changes.GroupBy(change => change.Row.Id), key =>
        {
            Assert.Equal(Operation.SnapshotRead, key.First().Operation);
            Assert.Equal("new", key.Last().After!.Owner);
        });
        Assert.Contains(changes, change => change is { Operation: Operation.SnapshotRead, After.Owner: "new" });
        Assert.Contains(changes, change => change is { Operation: Operation.SnapshotRead, After.Owner: "old" });
    }

    [Fact]
    public async Task Update_of_the_key_is_a_delete_and_an_insert()
    {
        database.EndSnapshot<Account>().Transaction(tx => tx.Insert(new Account(1, "ada")).Update(new Account(1, "ada"), new Account(9, "ada")));
        var changes = await ReadAllAsync();
        Assert.Equal(["Insert ada", "Delete ada", "Insert ada"], changes.Select(Describe));
        Assert.Equal(["1/0/0", "1/1/0", "1/1/1"], changes.Select(change => change.Metadata.Offset.ToString()));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Reading_goes_on_from_any_state_without_loss_or_repetition(int roundChanges)
    {
        database.Snapshot(new Account(1, "ada"), new Account(2, "bob"), new Account(3, "cy")).EndSnapshot<Account>()
            .Transaction(tx => tx.Update(new Account(1, "ada"), new Account(7, "ada")).Insert(new Account(8, "dan")))
            .Transaction(tx => tx.Truncate<Account>())
            .Transaction(tx => tx.Insert(new Account(2, "bea")));
        var options = new InMemorySourceOptions(Startup.Initial, ChunkRows: 1, roundChanges, Interleaves: true);
        var whole = (await ReadAllAsync(options)).Select(DescribeWithOffset).ToList();

        // One round per reader: each next one restores the state that the last one left, as written to a checkpoint.
        var pieces = new List<string>();
        JsonElement? state = null;
        while (await ReadOneAsync(options, state) is { } round)
        {
            pieces.AddRange(ChangesOf(round).Select(DescribeWithOffset));
            state = Written(round.State);
        }

        Assert.Equal(Fold(whole), Fold(pieces));
    }

    [Fact]
    public async Task Confirmed_log_is_gone_and_an_older_state_refuses_to_start()
    {
        database.EndSnapshot<Account>().Transaction(tx => tx.Insert(new Account(1, "ada")));
        var round = await ReadOneAsync(InMemorySourceOptions.Default, null);
        database.Transaction(tx => tx.Insert(new Account(2, "bob"))).LoseLog();
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await ReadOneAsync(InMemorySourceOptions.Default, Written(round!.State)));
        Assert.Equal(InMemoryErrorCodes.LogLost, error.Code);
    }

    [Fact]
    [Trait("WayOut", "CDCF5905")]
    public async Task State_of_a_newer_version_is_for_that_version_to_go_on_from()
    {
        database.EndSnapshot<Account>().Transaction(tx => tx.Insert(new Account(1, "ada")));
        var own = Written((await ReadOneAsync(InMemorySourceOptions.Default, null))!.State);
        var newer = JsonDocument.Parse(own.GetRawText().Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)).RootElement;
        database.Transaction(tx => tx.Insert(new Account(2, "bob")));
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => ReadOneAsync(InMemorySourceOptions.Default, newer));
            Assert.Equal((InMemoryErrorCodes.StateNewer, "Run that version, or begin afresh: `run --restore-from none`."), (error.Code, error.Fix));
        }

        Assert.Equal(["Insert bob"], ChangesOf((await ReadOneAsync(InMemorySourceOptions.Default, own))!).Select(Describe)); // as that version reads it
        Assert.NotNull(await ReadOneAsync(InMemorySourceOptions.Default, null)); // afresh
    }

    [Fact]
    [Trait("WayOut", "CDCF5906")]
    public async Task Reader_whose_session_was_taken_over_ends_and_the_newer_one_reads_on()
    {
        database.EndSnapshot<Account>();
        await using var older = await OpenAsync(InMemorySourceOptions.Default, null, Boundedness.Continuous);
        await using var newer = await OpenAsync(InMemorySourceOptions.Default, null, Boundedness.Continuous);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await older.ReadAsync(CancellationToken.None));
            Assert.Equal((InMemoryErrorCodes.ReaderReplaced, true), (error.Code, error.IsTransient));
        }

        database.Transaction(tx => tx.Insert(new Account(1, "ada")));
        Assert.Equal(["Insert ada"], ChangesOf((await newer.ReadAsync(CancellationToken.None))!).Select(Describe));
    }

    [Fact]
    public async Task New_columns_stand_in_order_between_the_changes()
    {
        database.EndSnapshot<Account>().Transaction(tx => tx.Insert(new Account(1, "ada")).Ddl<Account>("id bigint", "owner text").Insert(new Account(2, "bob")));
        var round = await ReadOneAsync(InMemorySourceOptions.Default, null);
        Assert.Collection(
            round!.Elements.Select(element => element.Element),
            first => Assert.Equal(1, Assert.IsType<ChangeBatch<Account>>(first).Count),
            change => Assert.Equal(["id bigint", "owner text"], Assert.IsType<SchemaChange>(change).After.Columns.Select(column => column.ToString())),
            last => Assert.Equal(1, Assert.IsType<ChangeBatch<Account>>(last).Count));
    }

    [Fact]
    public async Task Latest_shows_only_what_is_committed_after_the_start()
    {
        database.Snapshot(new Account(1, "ada")).Transaction(tx => tx.Insert(new Account(2, "bob")));
        await using var reader = await OpenAsync(InMemorySourceOptions.Default with { Startup = Startup.Latest }, null, Boundedness.Continuous);
        Assert.Empty((await reader.ReadAsync(CancellationToken.None))!.Elements);
        database.Transaction(tx => tx.Insert(new Account(3, "cy")));
        Assert.Equal(["Insert cy"], ChangesOf((await reader.ReadAsync(CancellationToken.None))!).Select(Describe));
    }

    [Fact]
    public async Task Read_waits_for_the_next_transaction()
    {
        await using var reader = await OpenAsync(InMemorySourceOptions.Default with { Startup = Startup.Latest }, null, Boundedness.Continuous);
        Assert.Empty((await reader.ReadAsync(CancellationToken.None))!.Elements);
        var read = reader.ReadAsync(CancellationToken.None).AsTask();
        Assert.False(read.IsCompleted);
        database.Transaction(tx => tx.Insert(new Account(1, "ada")));
        Assert.NotNull(await read);
    }

    /// <summary>What a table holds after the changes: replays of a snapshot may show other intermediate values.</summary>
    private static SortedDictionary<string, string> Fold(IEnumerable<string> changes)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in changes.Select(change => change.Split(' ')))
        {
            if (parts[0] == nameof(Operation.Truncate))
            {
                rows.Clear();
            }
            else if (parts[0] == nameof(Operation.Delete))
            {
                rows.Remove(parts[1]);
            }
            else
            {
                rows[parts[1]] = parts[2];
            }
        }

        return rows;
    }

    private static string Describe(Change<Account> change) => $"{change.Operation} {change.Row.Owner}";

    private static string DescribeWithOffset(Change<Account> change) =>
        change.Operation == Operation.Truncate ? "Truncate" : $"{change.Operation} {change.Row.Id} {change.Row.Owner}";

    private static JsonElement Written(SourceState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            state.WriteTo(writer);
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    private static List<Change<Account>> ChangesOf(SourceRound round) =>
        [.. round.Elements.Select(element => element.Element).OfType<ChangeBatch<Account>>().SelectMany(batch => batch.Changes.ToArray())];

    private async Task<List<Change<Account>>> ReadAllAsync(InMemorySourceOptions? options = null)
    {
        await using var reader = await OpenAsync(options ?? InMemorySourceOptions.Default, null, Boundedness.UntilCaughtUp);
        var changes = new List<Change<Account>>();
        while (await reader.ReadAsync(CancellationToken.None) is { } round)
        {
            changes.AddRange(ChangesOf(round));
        }

        return changes;
    }

    private async Task<SourceRound?> ReadOneAsync(InMemorySourceOptions options, JsonElement? state)
    {
        await using var reader = await OpenAsync(options, state, Boundedness.UntilCaughtUp);
        return await reader.ReadAsync(CancellationToken.None);
    }

    private async Task<ISourceReader> OpenAsync(InMemorySourceOptions options, JsonElement? state, Boundedness boundedness)
    {
        var connector = new InMemorySourceConnector("bank", "test", database, options, process: null);
        connector.AddTable<Account, AccountCodec>(new InMemorySourceAttribute("bank"), "Accounts");
        return await connector.OpenAsync(new SourceOpenContext(state, boundedness, new MemoryBudget(1 << 20)), CancellationToken.None);
    }
}
