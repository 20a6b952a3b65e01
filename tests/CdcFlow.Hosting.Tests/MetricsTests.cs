using System.Diagnostics.Metrics;
using System.Globalization;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Tests;

/// <summary>What a listener of the meter <c>CdcFlow</c> hears of one run.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-host-").FullName;
    private readonly Dictionary<string, double> heard = [];
    private readonly Lock gate = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Run_with_one_failure_of_its_sink_is_told_in_numbers()
    {
        InMemoryDatabase.Named("metered-db").Snapshot(new Item(1, "one"), new Item(2, "two")).EndSnapshot<Item>()
            .Transaction(transaction => transaction.Insert(new Item(3, "three")).Update(new Item(3, "three"), new Item(3, "drei")).Delete(new Item(2, "two")));
        InMemorySinkServer.Named("metered-connection", SinkKind.Transactional).Faults.Add(SinkOperation.Prepare, new IOException("The network is down."), afterEffect: false);
        using var listener = Listen();

        await RunAsync(listener);

        // The first attempt's changes count too: counters never go back.
        Assert.Equal(4, heard["cdcflow.source.events node=Items operation=snapshot_read"]);
        Assert.Equal(2, heard["cdcflow.source.events node=Items operation=insert"]);
        Assert.Equal(2, heard["cdcflow.source.events node=Items operation=update"]);
        Assert.Equal(2, heard["cdcflow.source.events node=Items operation=delete"]);
        Assert.Equal(0, heard["cdcflow.source.events node=Items operation=truncate"]);
        Assert.Equal(10, heard["cdcflow.sink.records sink=metered-out"]);
        Assert.Equal(1, heard["cdcflow.sink.retries connection=metered-connection"]);
        Assert.Equal(1, heard["cdcflow.pipeline.restarts"]);
        Assert.InRange(heard["cdcflow.node.duration node=metered-connection"], 0, 60);
        Assert.InRange(heard["cdcflow.delivery.delay"], 0, 60);
        Assert.InRange(heard["cdcflow.source.lag source=metered-db"], 0, 60);
        Assert.Equal(0, heard["cdcflow.source.unread_log source=metered-db"]);
        Assert.Equal(0, heard["cdcflow.snapshot.rows.remaining source=metered-db table=Item"]);
        Assert.InRange(heard["cdcflow.checkpoint.size"], 1, 10_000);
    }

    private async Task RunAsync(MeterListener listener)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            [new("CdcFlow:metered:Checkpoint:Store", directory), new("CdcFlow:metered:Restart:BackoffMin", "0"), new("CdcFlow:metered:Restart:BackoffMax", "0")]);
        builder.AddCdcPipeline<MeteredPipeline>(options => options with { Boundedness = Boundedness.UntilCaughtUp });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        listener.RecordObservableInstruments();
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "CdcFlow")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
        return listener;
    }

    /// <summary>Other pipelines of the process are heard too, and left out.</summary>
    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags[0].Key != "pipeline" || !Equals(tags[0].Value, "metered"))
        {
            return;
        }

        var name = instrument.Name;
        foreach (var tag in tags[1..])
        {
            name += string.Create(CultureInfo.InvariantCulture, $" {tag.Key}={tag.Value}");
        }

        lock (gate)
        {
            heard[name] = value;
        }
    }
}
