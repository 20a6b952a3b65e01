using CdcFlow.Checkpointing;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>A program that fails at every start, until what its message says is done.</summary>
public abstract class WayOutTest : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cdcflow-ways-");

    /// <summary>Where the pipeline keeps its checkpoints.</summary>
    protected string Store => Path.Combine(directory.FullName, "store");

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A database of one row that has been there from the beginning.</summary>
    protected static InMemoryDatabase Database(string name) => InMemoryDatabase.Named(name).Snapshot(new Item(1, "one")).EndSnapshot<Item>();

    /// <summary>An error that no restart heals.</summary>
    protected static CdcFlowException Cut => new("CDCF9999", "Cut.");

    /// <summary>Takes checkpoints until one has all that is in the database: an idle runner may not have seen the last transaction yet.</summary>
    private protected static async Task CheckpointAllAsync(InMemoryDatabase database, PipelineRunner runner)
    {
        do
        {
            await runner.CheckpointAsync(Cancelled);
        }
        while (database.Confirmations is not [.., var confirmed] || confirmed < database.Head);
    }

    /// <summary>One more row.</summary>
    protected static void Insert(InMemoryDatabase database, long id) => database.Transaction(transaction => transaction.Insert(new Item(id, $"row {id}")));

    private protected Task<ProgramRun> RunAsync<TPipeline>(params string[] options)
        where TPipeline : ICdcPipeline<TPipeline> =>
        ProgramRun.OfAsync<TPipeline>(["run", "--until-caught-up", .. Settings<TPipeline>(), .. options]);

    /// <summary>Starts twice; each start ends with the code. What ends before anything is read, <c>validate</c> says with the same code, given the same; what comes later, it does not refuse.</summary>
    /// <returns>What the second one said.</returns>
    private protected async Task<string> FailsTwiceAsync<TPipeline>(string code, int exitCode = ExitCode.Failed, params string[] options)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var said = "";
        for (var start = 0; start < 2; start++)
        {
            var validated = await ProgramRun.OfAsync<TPipeline>(["validate", .. Settings<TPipeline>(), .. options]);
            var run = await RunAsync<TPipeline>(options);
            Assert.True(run.Code == exitCode && run.All.Contains(code, StringComparison.Ordinal), $"{run.Code}: {run.All}");
            AssertValidated(validated, run, code);
            said = run.All;
        }

        return said;
    }

    private static void AssertValidated(ProgramRun validated, ProgramRun run, string code)
    {
        var hasBegun = run.All.Contains(" starts afresh (epoch ", StringComparison.Ordinal) || run.All.Contains(" goes on from checkpoint ", StringComparison.Ordinal);
        if (code == CheckpointErrorCodes.LeaseHeld)
        {
            return; // whether another instance gives up in time, only a start can tell
        }

        // Of a configuration each value has a code of its own.
        var told = code == HostingErrorCodes.ConfigurationInvalid ? "✗" : $"[{code}]";
        Assert.True(
            hasBegun ? validated.Code == ExitCode.Ok : validated.Code == ExitCode.Invalid && validated.Output.Contains(told, StringComparison.Ordinal),
            $"The run {(hasBegun ? "began, and then ended" : "ended before it began")} with {code}; validate:\n{validated.All}\nrun:\n{run.All}");
    }

    /// <summary>Starts, reads all that there is, and ends well; the next start, without options, does so too.</summary>
    private protected async Task GoesOnAsync<TPipeline>(params string[] options)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var run = await RunAsync<TPipeline>(options);
        Assert.True(run.Code == ExitCode.Ok, run.All);
        var next = await RunAsync<TPipeline>([.. options.Where(option => option.Contains('=', StringComparison.Ordinal) || option == "--set")]);
        Assert.True(next.Code == ExitCode.Ok, next.All);
    }

    /// <summary>The sink has the rows of the source.</summary>
    private protected static void AssertSame(InMemoryDatabase database, string sink, SinkKind kind = SinkKind.Transactional) => Assert.Equal(
        database.Rows<Item>(item => item.Id).Values.OrderBy(item => item.Id),
        InMemorySinkServer.Named(sink, kind).Rows(sink).Values.Cast<Item>().OrderBy(item => item.Id));

    /// <summary>The newest checkpoint of <c>checkpoints list</c>.</summary>
    private protected async Task<string> NewestAsync<TPipeline>()
        where TPipeline : ICdcPipeline<TPipeline> =>
        (await ProgramRun.OfAsync<TPipeline>(["checkpoints", "list", .. Settings<TPipeline>()])).Output.Split('\n')[1].Split(' ')[0];

    /// <summary>The file of the newest checkpoint.</summary>
    private protected string NewestFile() => Directory.GetFiles(Store, "*.checkpoint").Order(StringComparer.Ordinal).Last();

    private protected string[] Settings<TPipeline>()
        where TPipeline : ICdcPipeline<TPipeline> =>
        ["--set", $"CdcFlow:{TPipeline.Graph.Name}:Checkpoint:Store={Store}", "--set", $"CdcFlow:{TPipeline.Graph.Name}:Restart:BackoffMin=00:00:00", "--set", $"CdcFlow:{TPipeline.Graph.Name}:Restart:BackoffMax=00:00:00"];
}
