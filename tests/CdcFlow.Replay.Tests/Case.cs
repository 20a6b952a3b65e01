using System.Globalization;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Runtime;
using CdcFlow.Sources;
using Npgsql;

namespace CdcFlow.Replay.Tests;

/// <summary>
/// One public bug report, replayed. What a case does is told with these words: SQL at the source or the sink, a pipeline that runs to the
/// end of what is there, or lives on while SQL is written, is stopped, or dies; and what must be so at the end.
/// </summary>
public abstract class Case<TPipeline> : IAsyncLifetime
    where TPipeline : ICdcPipeline<TPipeline>
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string?> settings = [];
    private Stage? stage;
    private PipelineLife? life;
    private ResnapshotRequest? resnapshot;
    private string? skipTo;
    private RecoveryOverride? restoreFrom;
    private bool accepts;
    private PipelineGraph graph = TPipeline.Graph;
    private StartProgram program = PipelineLife.StartAsync<TPipeline>;

    /// <summary>The oldest PostgreSQL that has what the case is about; the case is skipped on older ones.</summary>
    protected virtual int Since => 13;

    /// <summary>What follows <c>CREATE DATABASE name</c> for the source.</summary>
    protected virtual string DatabaseOptions => "";

    /// <summary>The table that is read and written, as SQL names it.</summary>
    protected virtual string Table => "t";

    /// <summary>The source's table, where it is another than <see cref="Table"/>.</summary>
    protected virtual string SourceTable => Table;

    private protected Stage Stage => stage!;

    /// <summary>Name of the source database and of the slot.</summary>
    protected string Name => Stage.Name;

    /// <summary>What the pipeline has logged since its last start.</summary>
    protected string Log => string.Join('\n', life?.Log ?? []);

    public async ValueTask InitializeAsync() =>
        stage = await (await TestContext.Current.GetFixture<ReplayServer>())!.CreateStageAsync(Since, DatabaseOptions);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (life?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (stage?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Sets a configuration value below the pipeline's own section, from the next start on.</summary>
    protected void Set(string key, string? value) => settings[$"CdcFlow:{graph.Name}:{key}"] = value;

    /// <summary>Leads a connection elsewhere from the next start on; null: back.</summary>
    protected void SetConnection(string name, string? connectionString)
    {
        settings.Remove($"ConnectionStrings:{name}");
        if (connectionString is not null)
        {
            settings[$"ConnectionStrings:{name}"] = connectionString;
        }
    }

    /// <summary>From the next start on it is another version of the program, under the same name, and whatever that changes is accepted.</summary>
    protected void Deploy<TNext>()
        where TNext : ICdcPipeline<TNext>
    {
        Replace<TNext>();
        accepts = true;
    }

    /// <summary>From the next start on it is another version of the program, under the same name.</summary>
    protected void Replace<TNext>()
        where TNext : ICdcPipeline<TNext> => (graph, program) = (TNext.Graph, PipelineLife.StartAsync<TNext>);

    /// <summary>Runs statements at the source.</summary>
    protected Task SourceAsync(string sql) => Stage.SourceAsync(sql);

    /// <summary>Runs statements in the sink's schema.</summary>
    protected Task SinkAsync(string sql) => Stage.SinkAsync(sql);

    /// <summary>A session of the source's that stays open, for transactions that do.</summary>
    protected Task<NpgsqlConnection> OpenAsync() => Stage.OpenAsync();

    /// <summary>Runs statements in a session of the source's.</summary>
    protected static async Task ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Runs the pipeline until all is handed over that is in the source; nothing may go wrong.</summary>
    protected async Task RunAsync()
    {
        var error = await EndOfRunAsync();
        Assert.True(error is null, $"{error}\n{Log}");
    }

    /// <summary>Runs the pipeline as <c>run --resnapshot</c> does with these words; nothing may go wrong.</summary>
    protected async Task RunResnapshotAsync(params string[] words)
    {
        const string lost = "lost";
        resnapshot = new ResnapshotRequest(Guid.NewGuid().ToString("N"), [.. words.Where(word => word != lost)], words.Contains(lost));
        await RunAsync();
        resnapshot = null;
    }

    /// <summary>Runs the pipeline as <c>run --accept</c> does; nothing may go wrong.</summary>
    protected async Task RunAcceptingAsync()
    {
        accepts = true;
        await RunAsync();
        accepts = false;
    }

    /// <summary>What the last life of the pipeline says before it starts, as <c>validate</c> does.</summary>
    protected async Task<IReadOnlyList<PreflightCheck>> ValidateAsync()
    {
        try
        {
            return [.. (await life!.Pipeline.Runner.PreflightAsync(TestContext.Current.CancellationToken)).SelectMany(report => report.Checks)];
        }
        catch (CdcFlowException error)
        {
            // What the pipeline is made of does not go together: the command tells it so.
            return [new PreflightCheck("program", PreflightStatus.Failed, error.Happened, error.Code, error.Fix)];
        }
    }

    /// <summary>Runs the pipeline as <c>run --skip-to</c> does with the place that the refusal names; nothing may go wrong.</summary>
    protected async Task RunSkippingAsync(string refusal)
    {
        skipTo = refusal.Split("--skip-to source=")[1].Split(',')[0];
        await RunAsync();
        skipTo = null;
    }

    /// <summary>Runs the pipeline as <c>run --skip-to --resnapshot</c> does with the place that the refusal names and this table; nothing may go wrong.</summary>
    protected async Task RunSkippingAsync(string refusal, string table)
    {
        skipTo = refusal.Split("--skip-to source=")[1].Split(" --resnapshot")[0];
        await RunResnapshotAsync(table);
        skipTo = null;
    }

    /// <summary>Runs the pipeline as <c>run --restore-from none --resnapshot</c> does with these words; nothing may go wrong.</summary>
    protected async Task RunAfreshAsync(params string[] words)
    {
        restoreFrom = new RecoveryOverride(null);
        await RunResnapshotAsync(words);
        restoreFrom = null;
    }

    /// <summary>Runs the pipeline as <c>run --restore-from</c> does with these words; nothing may go wrong.</summary>
    /// <param name="from"><c>ID@EPOCH</c>, or <c>none</c>.</param>
    protected async Task RunFromAsync(string from)
    {
        restoreFrom = Order(from);
        await RunAsync();
        restoreFrom = null;
    }

    /// <summary>Starts the pipeline twice; each time it must stop with this code and say all of this.</summary>
    /// <returns>What it says.</returns>
    protected async Task<string> RefusedTwiceAsync(string code, params string[] saying)
    {
        await RefusedAsync(code, saying);
        await RefusedAsync(code, saying);
        return (await life!.Ended)!.Message;
    }

    /// <summary>Runs the pipeline, which must stop with this code and say all of this.</summary>
    protected async Task RefusedAsync(string code, params string[] saying)
    {
        var error = await EndOfRunAsync();
        Assert.True(error is not null, $"The pipeline ran to its end instead of stopping with {code}.\n{Log}");
        Says(error, [code, .. saying]);
        await ValidatedAsync(code);
    }

    /// <summary>Starts the pipeline, which goes on until it is stopped; returns when its first checkpoint is made.</summary>
    protected async Task StartAsync()
    {
        await BeginAsync(Boundedness.Continuous);
        await CheckpointAsync();
    }

    /// <summary>Starts the program once more, with another folder of checkpoints, beside the running pipeline; it must stop with this code and say all of this.</summary>
    /// <param name="store">The folder's name.</param>
    /// <param name="code">The code.</param>
    /// <param name="saying">What it must say.</param>
    protected async Task RefusedBesideAsync(string store, string code, params string[] saying)
    {
        await using var beside = await program(Configuration(store), options => options with { Boundedness = Boundedness.UntilCaughtUp, RecoverFrom = restoreFrom });
        Says(await beside.Ended.WaitAsync(patience, TestContext.Current.CancellationToken), [code, .. saying]);
    }

    /// <summary>As <see cref="RefusedBesideAsync"/>, with <c>--restore-from none</c>.</summary>
    protected async Task RefusedAfreshBesideAsync(string store, string code, params string[] saying)
    {
        restoreFrom = new RecoveryOverride(null);
        await RefusedBesideAsync(store, code, saying);
        restoreFrom = null;
    }

    /// <summary>Makes another folder of checkpoints the owner of the sinks, as <c>takeover</c> does; it is the pipeline's own from then on.</summary>
    protected async Task<TakeOverReport> TakeOverAsync(string store)
    {
        Set("Checkpoint:Store", Stage.StoreNamed(store));
        return await PipelineLife.TakeOverAsync<TPipeline>(Configuration(store));
    }

    /// <summary>What <c>status</c> finds, with the folder of checkpoints that the pipeline has or another.</summary>
    protected Task<PipelineStanding> StandingAsync() =>
        PipelineLife.DoAsync<TPipeline, PipelineStanding>(Configuration(), runner => runner.StandingAsync(TestContext.Current.CancellationToken));

    /// <summary>Does as <c>skip --to source=PLACE --yes</c>.</summary>
    /// <param name="place">The place.</param>
    /// <param name="store">Another folder of checkpoints than the pipeline's.</param>
    protected async Task<SkipReport> SkipAsync(string place, string? store = null) => (await PipelineLife.DoAsync<TPipeline, SkipReport?>(
        Configuration(store), runner => runner.SkipAsync("source", place, _ => ValueTask.FromResult(true), TestContext.Current.CancellationToken)))!;

    /// <summary>Does as <c>reset --yes</c>.</summary>
    /// <param name="removals">After how many traces that are taken away it dies; by default it does not.</param>
    /// <param name="store">Another folder of checkpoints than the pipeline's.</param>
    /// <param name="rejects">As <c>--rejects</c>.</param>
    protected async Task<ResetPlan> ResetAsync(int removals = int.MaxValue, string? store = null, bool rejects = false) =>
        (await PipelineLife.DoAsync<TPipeline, ResetPlan?>(Configuration(store), runner => runner.ResetAsync(
            rejects, _ => ValueTask.FromResult(true), _ => removals = removals > 1 ? removals - 1 : throw new IOException("The process died."), TestContext.Current.CancellationToken)))!;

    /// <summary>Lets the running pipeline go on until the sink has what the source has; it must not end before.</summary>
    protected async Task CaughtUpAsync()
    {
        await EndedOrCaughtUpAsync();
        Assert.False(life!.Ended.IsCompleted, $"The pipeline has ended: {Log}");
    }

    /// <summary>Lets the running pipeline go on until the sink has what the source has, or until it ends by itself.</summary>
    protected async Task EndedOrCaughtUpAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await life!.CheckpointAsync())
        {
            var (sink, source) = await Stage.BothAsync(Table, SourceTable);
            if (sink.SequenceEqual(source))
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                Assert.Equal(source, sink);
            }
        }
    }

    /// <summary>Stops the running pipeline in good order.</summary>
    protected async Task StopAsync()
    {
        var error = await life!.StopAsync();
        Assert.True(error is null, $"{error}\n{Log}");
    }

    /// <summary>Whatever the pipeline has restarted for since its start must have this code.</summary>
    protected void OnlyRestartedFor(string code) =>
        Assert.All(life!.Log.Where(line => line.Contains(" and starts again in ", StringComparison.Ordinal)), line => Assert.Contains($": {code}:", line, StringComparison.Ordinal));

    /// <summary>The running pipeline loses every connection at once and is not allowed to start again: what was not committed never happened.</summary>
    protected async Task CrashAsync()
    {
        await Stage.CutAsync();
        await life!.Ended;
    }

    /// <summary>Whether the pipeline has ended because somebody took over, which nothing starts again after.</summary>
    protected async Task<bool> EndedFencedAsync() => await life!.Ended is CdcFlowException { IsFenced: true };

    /// <summary>Waits for the running pipeline to stop with this code, saying all of this.</summary>
    /// <returns>What it says.</returns>
    protected async Task<string> StopsAsync(string code, params string[] saying)
    {
        var error = await life!.Ended.WaitAsync(patience, TestContext.Current.CancellationToken);
        Says(error, [code, .. saying]);
        await Stage.SlotsAreFreeAsync();
        return error!.Message;
    }

    /// <summary>The sink's table must hold exactly the rows of the source's.</summary>
    protected async Task SameAsync(string? sinkTable = null, string? sourceTable = null)
    {
        var (sink, source) = await Stage.BothAsync(sinkTable ?? Table, sourceTable ?? SourceTable);
        Assert.Equal(source, sink);
    }

    /// <summary>The file sink must have written exactly these lines (without the metadata).</summary>
    protected async Task JournalAsync(params string[] lines) => Assert.Equal(lines, await Stage.JournalAsync("journal"));

    /// <summary>What ended before anything was read, <c>validate</c> says with the same code.</summary>
    private async Task ValidatedAsync(string code)
    {
        // Staged files are looked at as a start finishes the last run's commit, which a check leaves alone.
        var hasBegun = code is "CDCF5104" or "CDCF5107" || Log.Contains(" starts afresh (epoch ", StringComparison.Ordinal) || Log.Contains(" goes on from checkpoint ", StringComparison.Ordinal);
        var failed = (await ValidateAsync()).Where(check => check.Status == PreflightStatus.Failed).Select(check => check.Code).ToArray();
        Assert.True(
            hasBegun || (code == RuntimeErrorCodes.PreflightFailed ? failed.Length > 0 : failed.Any(told => told!.StartsWith(code, StringComparison.Ordinal))),
            $"The run ended before it began with {code}; validate refuses it with [{string.Join(", ", failed)}].\n{Log}");
    }

    private static void Says(Exception? error, string[] words)
    {
        foreach (var word in words)
        {
            Assert.True(error?.Message.Contains(word, StringComparison.Ordinal), $"'{word}' is not in: {error?.Message}");
        }
    }

    private static RecoveryOverride Order(string from) => new(
        from.Split('@') is [var id, var epoch] ? new CheckpointRef(new Epoch(long.Parse(epoch, CultureInfo.InvariantCulture)), new CheckpointId(long.Parse(id, CultureInfo.InvariantCulture))) : null);

    private async Task CheckpointAsync()
    {
        if (!await life!.CheckpointAsync())
        {
            Assert.Fail($"The pipeline has ended: {await life.Ended}\n{Log}");
        }
    }

    private async Task<Exception?> EndOfRunAsync()
    {
        await BeginAsync(Boundedness.UntilCaughtUp);
        var error = await life!.Ended.WaitAsync(patience, TestContext.Current.CancellationToken);
        await Stage.SlotsAreFreeAsync();
        return error;
    }

    private Dictionary<string, string?> Configuration(string? store = null)
    {
        var configuration = Stage.Configuration(graph.Name, Sinks());
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        if (store is not null)
        {
            configuration[$"CdcFlow:{graph.Name}:Checkpoint:Store"] = Stage.StoreNamed(store);
        }

        return configuration;
    }

    private async Task BeginAsync(Boundedness boundedness)
    {
        await (life?.DisposeAsync() ?? ValueTask.CompletedTask);
        life = await program(Configuration(), options => options with
        {
            Boundedness = boundedness,
            Resnapshot = resnapshot,
            RecoverFrom = restoreFrom,
            AcceptsDefinition = accepts,
            SkipTo = skipTo is null ? options.SkipTo : new Dictionary<string, string> { ["source"] = skipTo },
        });
    }

    private IEnumerable<string> Sinks() =>
        graph.Nodes.Where(node => node.Detail?.StartsWith("PostgresSink", StringComparison.Ordinal) == true).Select(node => node.Id);
}
