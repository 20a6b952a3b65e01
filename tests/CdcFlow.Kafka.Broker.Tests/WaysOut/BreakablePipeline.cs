using CdcFlow.Kafka.Broker.Tests.Pipelines;
using CdcFlow.Runtime;
using CdcFlow.Testing;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>A pipeline from memory to the shared broker that the tests of one class stop in one way or other, one after the other: each adds an item of its own, sees the pipeline
/// stop at two starts, does what the message says, and finds all items in the topic.</summary>
/// <remarks>Settings are given to each start by themselves: those of the sink by their names, others by their whole keys.</remarks>
public abstract class BreakablePipeline<TPipeline>(SharedBroker broker, string database) : IAsyncDisposable
    where TPipeline : ICdcPipeline<TPipeline>
{
    private static readonly RestartOptions never = new() { RestartsMax = 0, AwayMax = TimeSpan.Zero };

    private readonly InMemoryDatabase database = InMemoryDatabase.Named(database).EndSnapshot<Item>();
    private PipelineRig<TPipeline>? rig;
    private int items;

    internal KafkaServer Server { get; private set; } = null!;

    internal PipelineRig<TPipeline> Rig => rig!;

    /// <summary>What every start is told.</summary>
    internal virtual IReadOnlyList<(string Name, string? Value)> Always => [];

    /// <summary>Adds an item to the source, once the pipeline has delivered those before.</summary>
    internal async Task AddAsync(string name = "item")
    {
        if (rig is null)
        {
            Server = await broker.StartAsync();
            rig = new PipelineRig<TPipeline>(Server);
            Configure([]);
            await rig.RunAsync();
        }

        items++;
        database.Transaction(transaction => transaction.Insert(new Item(items, name)));
    }

    internal void Truncate() => database.Transaction(transaction => transaction.Truncate<Item>());

    /// <summary>Starts twice.</summary>
    /// <returns>What the second start ends with: what happened, and what to do.</returns>
    internal async Task<string> StopsAsync(string code, params (string Name, string? Value)[] settings)
    {
        await EndsAsync(code, settings);
        return await EndsAsync(code, settings);
    }

    /// <summary>Starts once, and what stops it heals meanwhile.</summary>
    internal async Task GoesOnByItselfAsync(string code, Action heal, params (string Name, string? Value)[] settings)
    {
        Configure(settings);
        var running = Rig.RunAsync();
        await Rig.Log.SaidAsync(code);
        heal();
        await running;
        await HasAllAsync();
    }

    /// <summary>Starts again; every item is in the topic once, in order.</summary>
    internal async Task GoesOnAsync(params (string Name, string? Value)[] settings)
    {
        Configure(settings);
        await Rig.RunAsync();
        await HasAllAsync();
    }

    /// <summary>The items in the topic, as readers of committed records find them.</summary>
    internal virtual Task<IReadOnlyList<int>> ItemsAsync() => Rig.ItemsAsync();

    public ValueTask DisposeAsync()
    {
        rig?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<string> EndsAsync(string code, (string Name, string? Value)[] settings)
    {
        Configure(settings);
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => Rig.RunAsync(restart: never));
        Assert.Contains(code, error.Message, StringComparison.Ordinal); // of one check or setting among others it is a part
        return $"{error.Happened} {error.Fix}";
    }

    private async Task HasAllAsync() => Assert.Equal(Enumerable.Range(1, items), await ItemsAsync());

    private void Configure((string Name, string? Value)[] settings) => Rig.Settings = Always.Where(usual => !settings.Any(own => own.Name == usual.Name)).Concat(settings).ToDictionary(
        setting => setting.Name.Contains(':', StringComparison.Ordinal) ? setting.Name : $"CdcFlow:{TPipeline.Graph.Name}:Sinks:bus:{setting.Name}", setting => setting.Value);
}
