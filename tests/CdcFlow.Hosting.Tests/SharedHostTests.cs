using CdcFlow.Hosting.Observation;
using CdcFlow.Hosting.Tests.WaysOut;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Tests;

/// <summary>Two pipelines in one host, of which one fails for good.</summary>
public sealed class SharedHostTests(SharedHostTests.Stores stores) : IClassFixture<SharedHostTests.Stores>
{
    private const string Secret = "card 4000-1234";

    private static int rows;

    [Fact]
    public async Task Pipeline_that_fails_leaves_the_host_and_the_others_running_and_its_health_says_why()
    {
        var log = new LogOfHost();
        using var host = Build(log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await log.WhenAsync(eventId: 1014);

        Insert("steady-db");
        await CaughtUpAsync(Pipeline(host, "steady"));
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, health.Entries["doomed-live"].Status);
        Assert.StartsWith("CDCF1099: InvalidOperationException.", health.Entries["doomed-live"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, health.Entries["steady-live"].Status);

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_ends_with_the_pipeline_whose_failure_is_to_end_it()
    {
        using var host = Build(new LogOfHost(), [new("CdcFlow:doomed:FailureEndsHost", "true")]);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.Equal(PipelinePhase.Failed, Pipeline(host, "doomed").Status.Phase);
        Assert.Contains(Pipeline(host, "steady").Status.Phase, new[] { PipelinePhase.Ended, PipelinePhase.Starting }); // it may not have begun yet
    }

    [Fact]
    public async Task Pipeline_that_cannot_be_constructed_leaves_the_others_running()
    {
        var log = new LogOfHost();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new[] { Store("steady"), Store("served") }.Select(set => set.Split('=')).Select(set => KeyValuePair.Create(set[0], (string?)set[1])));
        builder.Logging.AddProvider(log);
        builder.AddCdcPipeline<ServedPipeline>();
        builder.AddCdcPipeline<SteadyPipeline>();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await log.WhenAsync(eventId: 1014);

        Insert("steady-db");
        await CaughtUpAsync(Pipeline(host, "steady"));
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, health.Entries["served-live"].Status);
        Assert.StartsWith("CDCF1004: Pipeline 'served' needs a ", health.Entries["served-live"].Description, StringComparison.Ordinal);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Host_ends_when_its_last_pipeline_has_ended_after_another_had_failed()
    {
        var log = new LogOfHost();
        using var host = Build(log, Boundedness.UntilCaughtUp);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.Equal(PipelinePhase.Failed, Pipeline(host, "doomed").Status.Phase);
        Assert.Equal(PipelinePhase.Ended, Pipeline(host, "steady").Status.Phase);
    }

    [Fact]
    public async Task Program_ends_with_the_exit_code_of_the_pipeline_that_failed()
    {
        BreakDoomed();
        var run = await ProgramRun.OfAsync<SteadyPipeline>(
            ["run", "--until-caught-up", "--set", Store("steady"), "--set", Store("doomed")],
            builder => builder.AddCdcPipeline<DoomedPipeline>(options => options with { Boundedness = Boundedness.UntilCaughtUp }));
        Assert.True(run.Code == ExitCode.Failed, run.All);
        Assert.Contains("Pipeline doomed failed: CDCF1099: InvalidOperationException.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Pipeline steady has ended", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_is_logged_whole_at_level_debug_alone()
    {
        var log = new LogOfHost(LogLevel.Debug);
        using var host = Build(log, [new("Logging:LogLevel:CdcFlow", "Debug"), new("CdcFlow:doomed:FailureEndsHost", "true")]);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.All(log.Lines.Where(line => line.Contains(Secret, StringComparison.Ordinal)), line => Assert.StartsWith("Debug:", line, StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    private static void Insert(string database) =>
        InMemoryDatabase.Named(database).Transaction(transaction => transaction.Insert(new Item(Interlocked.Increment(ref rows), "new")));

    private static void BreakDoomed()
    {
        Insert("doomed-db");
        InMemorySinkServer.Named("doomed-out", SinkKind.Transactional).Faults.Add(SinkOperation.Write, new InvalidOperationException(Secret), afterEffect: false);
    }

    private static async Task CaughtUpAsync(HostedPipeline steady)
    {
        var rows = InMemoryDatabase.Named("steady-db").Rows<Item>(item => item.Id).Count;
        while (InMemorySinkServer.Named("steady-out", SinkKind.Transactional).Rows("steady-out").Count < rows)
        {
            await steady.Runner.CheckpointAsync(TestContext.Current.CancellationToken);
        }
    }

    private string Store(string pipeline) => $"CdcFlow:{pipeline}:Checkpoint:Store={Path.Combine(stores.Folder, pipeline)}";

    private static HostedPipeline Pipeline(IHost host, string name) => host.Services.GetRequiredKeyedService<HostedPipeline>(name);

    private IHost Build(LogOfHost log, KeyValuePair<string, string?>[]? settings = null) => Build(log, Boundedness.Continuous, settings);

    private IHost Build(LogOfHost log, Boundedness boundedness, KeyValuePair<string, string?>[]? settings = null)
    {
        BreakDoomed();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            [.. new[] { Store("steady"), Store("doomed") }.Select(set => set.Split('=')).Select(set => KeyValuePair.Create(set[0], (string?)set[1])), .. settings ?? []]);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddProvider(log);
        builder.AddCdcPipeline<SteadyPipeline>(options => options with { Boundedness = boundedness });
        builder.AddCdcPipeline<DoomedPipeline>(options => options with { Boundedness = boundedness });
        return builder.Build();
    }

    /// <summary>The stores that the tests share, as they share the databases and sinks of the process.</summary>
    public sealed class Stores : IDisposable
    {
        public Stores()
        {
            InMemoryDatabase.Named("steady-db").EndSnapshot<Item>();
            InMemoryDatabase.Named("doomed-db").EndSnapshot<Item>();
        }

        internal string Folder { get; } = Directory.CreateTempSubdirectory("cdcflow-shared-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
