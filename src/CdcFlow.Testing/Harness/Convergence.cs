using System.Globalization;
using CdcFlow.Runtime;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Runs random changes twice, once with crashes and once without: the sinks must show the same rows.</summary>
/// <remarks>The undisturbed run is the measure, so it works for every pipeline, whatever its transforms do.</remarks>
internal sealed class Convergence(PipelineDefinition definition, Action<HarnessOptions>? configure, int seed, int changes)
{
    private const int InitialRows = 20;
    private const int Checkpoints = 8;
    private const int ChangesInATransaction = 7;

    /// <summary>Compares the runs.</summary>
    /// <exception cref="AuditException">They differ, or a change took effect twice, late or never.</exception>
    public async Task RequireAsync(CrashPoint at)
    {
        await using var expected = await RunAsync(null);
        await using var harness = await RunAsync(at);
        foreach (var (name, output) in harness.World.Outputs)
        {
            Compare(name, expected.World.Outputs[name], output, harness);
            var written = output.Server.Written.Where(change => change.Sink == name).ToList();
            if (SinkAudit.Judge(written, output.Server.Changes(name), [], output.Server.Kind == SinkKind.AtLeastOnce) is { } verdict)
            {
                throw new AuditException(verdict + Story(at, harness));
            }

            RequireRejectsOnce(at, name, output, harness);
        }
    }

    // Which changes are rejected depends on how far a snapshot had come when it was begun again; that each is kept once does not.
    private void RequireRejectsOnce(CrashPoint at, string sink, TestOutput output, PipelineHarness harness)
    {
        var kept = output.Server.Rejects.Where(rejected => rejected.Sink == sink).GroupBy(rejected => rejected.Identity);
        if (output.Server.Kind != SinkKind.AtLeastOnce && kept.FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new AuditException($"Sink '{sink}' keeps a rejected change twice: {twice.First().Change}.{Environment.NewLine}{Story(at, harness)}");
        }
    }

    private async Task<PipelineHarness> RunAsync(CrashPoint? at)
    {
        var options = new HarnessOptions();
        configure?.Invoke(options);
        options.CheckpointsByHand().ReadingInSmallRounds(chunkRows: 5, roundChanges: 5).WithSeed(seed);
        var harness = await PipelineHarness.StartAsync(definition, options);
        var random = new Random(seed);
        var tables = harness.World.Tables.OrderBy(table => table.Key, StringComparer.Ordinal).Select(table => table.Value).ToList();
        tables.ForEach(table => table.Fill(random, InitialRows, options.MakerOf(table.RowType)));
        for (var checkpoint = 0; checkpoint < Checkpoints; checkpoint++)
        {
            Change(tables, random, options, changes / Checkpoints);
            if (checkpoint % 4 < 2)
            {
                await harness.DrainAsync();
            }

            // Every second one succeeds, so that there is always something to go back to.
            await CheckpointAsync(harness, checkpoint % 2 == 1 ? at : null);
        }

        await harness.DrainAsync();
        await harness.CheckpointAsync();
        return harness;
    }

    private static void Change(List<TestTable> tables, Random random, HarnessOptions options, int count)
    {
        for (var left = count; left > 0;)
        {
            var table = tables[random.Next(tables.Count)];
            var inThisOne = Math.Min(left, random.Next(1, ChangesInATransaction + 1));
            left -= inThisOne;
            table.Database.Transaction(tx =>
            {
                for (var change = 0; change < inThisOne; change++)
                {
                    table.Change(random, tx, options.MakerOf(table.RowType));
                }
            });
        }
    }

    private static async Task CheckpointAsync(PipelineHarness harness, CrashPoint? at)
    {
        if (at is { } point)
        {
            harness.Crash.At(point);
        }

        try
        {
            await harness.CheckpointAsync();
        }
        catch (SimulatedCrashException)
        {
            await harness.RestartAsync();
        }
    }

    private void Compare(string sink, TestOutput expected, TestOutput actual, PipelineHarness harness)
    {
        var (right, wrong) = (RowsOf(sink, expected), RowsOf(sink, actual));
        if (right.Keys.Union(wrong.Keys).FirstOrDefault(key => right.GetValueOrDefault(key) != wrong.GetValueOrDefault(key)) is { } different)
        {
            var history = actual.Server.Written.Where(change => change.Sink == sink && Equals(change.Key, different)).Select(change => $"  {change}");
            throw new AuditException(
                $"Sink '{sink}' shows {wrong.GetValueOrDefault(different) ?? "nothing"} for key {different}; without a crash it shows {right.GetValueOrDefault(different) ?? "nothing"}."
                + $"{Environment.NewLine}Brought to it for this key:{Environment.NewLine}{string.Join(Environment.NewLine, history)}{Environment.NewLine}{Story(null, harness)}");
        }
    }

    private static Dictionary<object, string> RowsOf(string sink, TestOutput output) =>
        output.Server.Rows(sink).ToDictionary(row => row.Key, row => output.Text(row.Value));

    private string Story(CrashPoint? at, PipelineHarness harness) =>
        string.Create(CultureInfo.InvariantCulture, $"To see it again: ConvergesAsync({at?.ToString() ?? "…"}, seed: {seed}, changes: {changes}). {harness.Story()}");
}
