using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Life;

/// <summary>Where runs begin and end.</summary>
internal static class RunChecks
{
    public static async Task Bounded(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 9);
        await writer.FillAsync(20);
        await play.FinishAsync("After a first bounded run");
        for (var run = 2; run <= 4; run++)
        {
            await writer.WriteAsync();
            await play.FinishAsync($"After bounded run {run}");
        }

        await play.FinishAsync("After a bounded run in which nothing was to come");
    }

    public static async Task BoundedUnderWriters(SourcePlay play)
    {
        const int roundsAtMost = 1000;
        var writer = new AccountWriter(play, seed: 10);
        await writer.FillAsync(20);
        await using (var process = await play.OpenAsync(Boundedness.UntilCaughtUp))
        {
            play.Awaited = "come to the end of a bounded run under a writer";
            while (await process.ReadAsync())
            {
                Findings.Require(play.Downstream.Rounds.Count < roundsAtMost, () => $"A bounded run went on for {roundsAtMost} rounds, since somebody wrote after it began.");
                await writer.WriteAsync();
            }
        }

        await play.FinishAsync("After a bounded run under a writer and another one");
    }

    public static async Task SnapshotAlone(SourcePlay play)
    {
        play.Options = play.Options with { Startup = Startup.SnapshotOnly };
        await new AccountWriter(play, seed: 11).FillAsync(20);
        await using (var process = await play.OpenAsync())
        {
            await process.ReadToEndAsync();
            await process.ConfirmAsync(play.Downstream.Rounds[^1]);
        }

        await play.RequireTablesAsync("After the tables were read alone");
        Findings.Require(play.Downstream.Changes.All(change => change.Operation == Operation.SnapshotRead), () => "The tables were to be read alone, and a change came.");
        await using var connector = play.Connect();
        var standing = await connector.StandingAsync(play.Downstream.State, play.Cancellation);
        Findings.Require(
            standing.RetainedBytes is null or 0, () => $"A run that reads the tables alone has ended, its last checkpoint was confirmed, and the server keeps {standing.RetainedBytes} bytes of log for it.");
    }

    public static async Task Latest(SourcePlay play)
    {
        play.Options = play.Options with { Startup = Startup.Latest };
        await play.WriteAsync(Write.Insert(new Account(1, "earlier", 1m, null)));
        await using (var process = await play.OpenAsync())
        {
            await process.ReadUntilAsync("the place where it begins", () => play.Downstream.State is not null);
            await play.WriteAsync(Write.Insert(new Account(2, "later", 2m, null)));
            await ChangeAsync(play, process);
        }

        Findings.Require(
            play.Downstream.Changes.ToList() is [{ Operation: Operation.Insert, Key: 2L }],
            () => $"One row was inserted after the start, and these changes came: {string.Join(", ", play.Downstream.Changes)}.");
    }

    public static async Task LookingChangesNothing(SourcePlay play)
    {
        await new AccountWriter(play, seed: 12).FillAsync(8);
        await LookAsync(play);
        await RequireNoTraceAsync(play, "A source was looked at and not opened");
        await using (var process = await play.OpenStreamingAsync())
        {
            await LookAsync(play);
            await play.WriteAsync(Write.Insert(new Account(1, "while it runs", 1m, null)));
            await process.ReadUntilAsync("a change after somebody had looked", () => play.Downstream.Changes.Any(change => change.Key is 1L));
        }

        await play.FinishAsync("After a source was looked at before and while it ran");
    }

    private static Task ChangeAsync(SourcePlay play, SourceProcess process) => process.ReadUntilAsync("a change", () => play.Downstream.Changes.Any());

    /// <summary>What <c>validate</c> and <c>status</c> do.</summary>
    private static async Task LookAsync(SourcePlay play)
    {
        play.Awaited = "answer somebody who looks at it";
        await using var connector = play.Connect();
        var state = play.Downstream.State;
        var report = await connector.PreflightAsync(state, play.Cancellation);
        Findings.Require(
            report.Checks.All(check => check.Status != Configuration.PreflightStatus.Failed),
            () => $"Nothing is wrong, and the preflight says: {string.Join("; ", report.Checks.Where(check => check.Status == Configuration.PreflightStatus.Failed))}.");
        await connector.StandingAsync(state, play.Cancellation);
        await connector.CheckOpenAsync(new SourceOpenContext(state, Boundedness.Continuous, new Batches.MemoryBudget(play.BudgetBytes)) { Store = SinkConformance.Store }, play.Cancellation);
    }

    private static async Task RequireNoTraceAsync(SourcePlay play, string moment)
    {
        await using var connector = play.Connect();
        var traces = await connector.FindTracesAsync(new Configuration.TraceScope(SinkConformance.Store, Rejects: true), play.Cancellation);
        var left = traces?.FirstOrDefault(trace => trace.State == Configuration.TraceState.Present);
        Findings.Require(left is null, () => $"{moment}, and this is there: {left}.");
    }
}
