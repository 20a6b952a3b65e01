using System.Text;
using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Runs a source of one table as the runtime would, and keeps what it delivers. Restartable from any round's state.</summary>
internal sealed class SourceHarness<T, TCodec>(string connectionString, PostgresSourceAttribute attribute, string pipeline = "orders") : IAsyncDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private PostgresSourceConnector? connector;
    private ISourceReader? reader;

    internal List<Change<T>> Changes { get; } = [];

    internal List<SchemaChange> SchemaChanges { get; } = [];

    internal RecordingLog Log { get; } = new();

    /// <summary>State after each round, and how many changes there were by then.</summary>
    internal List<(int Changes, JsonElement State)> Checkpoints { get; } = [];

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The run's own; a new one of the same size at each opening.</summary>
    internal MemoryBudget Budget { get; set; } = new(64 << 20);

    /// <summary>A second table of the same row type.</summary>
    internal string? ExtraTable { get; set; }

    /// <summary>The checkpoint store of the instance.</summary>
    internal StoreId? Store { get; set; }

    /// <summary>What <c>--skip-to</c> says.</summary>
    internal string? SkipTo { get; set; }

    internal Dictionary<string, string> Configuration { get; } = [];

    /// <summary>What is to be read again at the next opening.</summary>
    internal ResnapshotRequest? Resnapshot { get; set; }

    /// <summary>The sinks that keep the rows of a node (<c>Items</c>, <c>Extra</c>).</summary>
    internal Dictionary<string, IReadOnlyList<string>> KeepingSinks { get; } = [];

    internal ISourceReader Reader => reader!;

    /// <summary>Whether all rows of the snapshot are among <see cref="Changes"/>. The reader's progress is ahead of that by what waits in its queue.</summary>
    internal bool HasWholeSnapshot => LastState is { } state && state.GetProperty("tables").EnumerateArray().All(table => table.GetProperty("isComplete").GetBoolean());

    internal JsonElement? LastState => Checkpoints.Count == 0 ? null : Checkpoints[^1].State;

    internal PostgresSourceConnector Connector()
    {
        var problems = new List<ConfigurationProblem>();
        var settings = new ConnectorSettings("CdcFlow:orders:Sources:shop", Configuration.GetValueOrDefault, problems);
        var context = new ConnectorContext(pipeline, "shop", connectionString, settings, Time, null!, Log);
        var made = (PostgresSourceConnector)attribute.CreateConnector(context);
        made.AddTable<T, TCodec>(attribute, "Items");
        if (ExtraTable is not null)
        {
            made.AddTable<T, TCodec>(
                new PostgresSourceAttribute("shop")
                {
                    Table = ExtraTable,
                    Slot = attribute.Slot,
                    Startup = attribute.Startup,
                    ChunkRows = attribute.ChunkRows,
                    HeartbeatSeconds = attribute.HeartbeatSeconds,
                    Publication = attribute.Publication,
                },
                "Extra");
        }

        return made;
    }

    /// <summary>Does with the last checkpoint what <c>skip --to shop=PLACE</c> does.</summary>
    internal async Task<SourceSkip> SkipAsync(string place)
    {
        await using var skipping = Connector();
        var skip = await skipping.SkipAsync(LastState!.Value, place, TestContext.Current.CancellationToken);
        Checkpoints.Add((Changes.Count, Json(skip.State)));
        return skip;
    }

    internal async Task OpenAsync(
        JsonElement? state = null, Boundedness boundedness = Boundedness.Continuous, CancellationToken? cancellationToken = null)
    {
        connector = Connector();
        Budget = new MemoryBudget(Budget.LimitBytes);
        reader = await connector.OpenAsync(Context(state, boundedness), cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>What is found before an opening at the last checkpoint, changing nothing.</summary>
    internal async Task<IReadOnlyList<PreflightCheck>> ChecksAsync()
    {
        List<PreflightCheck> checks = [];
        try
        {
            await using var checking = Connector();
            checks.AddRange((await checking.PreflightAsync(LastState, TestContext.Current.CancellationToken)).Checks);
            checks.AddRange(await checking.CheckOpenAsync(Context(LastState, Boundedness.UntilCaughtUp), TestContext.Current.CancellationToken));
        }
        catch (CdcFlowException error)
        {
            checks.Add(new PreflightCheck("start", PreflightStatus.Failed, error.Happened, error.Code, error.Fix));
        }

        return checks;
    }

    private SourceOpenContext Context(JsonElement? state, Boundedness boundedness) =>
        new(state, boundedness, Budget) { Resnapshot = Resnapshot, KeepingSinks = KeepingSinks, SkipTo = SkipTo, Store = Store };

    /// <summary>Takes one round; false at the end.</summary>
    internal async Task<bool> ReadAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(patience);
        if (await Reader.ReadAsync(timeout.Token) is not { } round)
        {
            return false;
        }

        foreach (var (_, element) in round.Elements)
        {
            switch (element)
            {
                case ChangeBatch<T> batch:
                    Changes.AddRange(batch.Changes);
                    batch.Release();
                    break;
                case SchemaChange change:
                    SchemaChanges.Add(change);
                    break;
            }
        }

        LastSourceState = round.State;
        Checkpoints.Add((Changes.Count, Json(round.State)));
        return true;
    }

    internal SourceState? LastSourceState { get; private set; }

    internal async Task ReadUntilAsync(Func<bool> done)
    {
        while (!done())
        {
            Assert.True(await ReadAsync(), "the source ended early");
        }
    }

    internal async Task ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }
    }

    /// <summary>Goes back to a checkpoint as a crash would: what came after it never happened downstream.</summary>
    internal async Task CrashToAsync(int checkpoint, Boundedness boundedness = Boundedness.Continuous)
    {
        await CloseAsync();
        Changes.RemoveRange(Checkpoints[checkpoint].Changes, Changes.Count - Checkpoints[checkpoint].Changes);
        Checkpoints.RemoveRange(checkpoint + 1, Checkpoints.Count - checkpoint - 1);
        await OpenAsync(Checkpoints[checkpoint].State, boundedness);
    }

    /// <summary>Goes back to the last checkpoint, or to the beginning where there is none.</summary>
    internal async Task CrashAsync(Boundedness boundedness = Boundedness.Continuous)
    {
        if (Checkpoints.Count > 0)
        {
            await CrashToAsync(Checkpoints.Count - 1, boundedness);
            return;
        }

        await CloseAsync();
        await OpenAsync(boundedness: boundedness);
    }

    internal ValueTask ConfirmAsync() => Reader.ConfirmAsync(null!, LastSourceState!, TestContext.Current.CancellationToken);

    internal async Task CloseAsync()
    {
        if (reader is not null)
        {
            await reader.DisposeAsync();
            await connector!.DisposeAsync();
            reader = null;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    internal static JsonElement Json(SourceState state)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            state.WriteTo(writer);
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan)).RootElement;
    }
}

internal sealed class RecordingLog : IConnectorLog
{
    internal List<string> Lines { get; } = [];

    public void Information(string message) => Add(message);

    public void Warning(string code, string message) => Add($"{code}: {message}");

    private void Add(string line)
    {
        lock (Lines)
        {
            Lines.Add(line);
        }
    }
}
