using System.Diagnostics.Metrics;
using CdcFlow.Hosting.Commands;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Hosting.Observation;
using CdcFlow.Hosting.Progress;
using CdcFlow.Runtime;
using CdcFlow.Sources;
using CdcFlow.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace CdcFlow.Hosting.Tests;

public sealed class ObservationTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-host-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(PipelinePhase.Starting, 0, HealthStatus.Unhealthy)]
    [InlineData(PipelinePhase.Running, 29, HealthStatus.Healthy)]
    [InlineData(PipelinePhase.Running, 31, HealthStatus.Degraded)]
    [InlineData(PipelinePhase.Restarting, 0, HealthStatus.Unhealthy)]
    [InlineData(PipelinePhase.Ended, 1000, HealthStatus.Healthy)]
    [InlineData(PipelinePhase.Failed, 0, HealthStatus.Unhealthy)]
    public void Ready_means_that_rows_flow_and_checkpoints_are_young(PipelinePhase phase, int ageSeconds, HealthStatus expected) =>
        Assert.Equal(expected, PipelineHealth.Ready(phase, null, TimeSpan.FromSeconds(ageSeconds), interval).Status);

    [Fact]
    public void Pipeline_without_a_checkpoint_interval_is_never_too_old() =>
        Assert.Equal(HealthStatus.Healthy, PipelineHealth.Ready(PipelinePhase.Running, null, TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan).Status);

    [Fact]
    public void Live_says_why_the_pipeline_gave_up()
    {
        var result = PipelineHealth.Live(PipelinePhase.Failed, new CdcFlowException("CDCF9001", "It broke."));
        Assert.Equal((HealthStatus.Unhealthy, "CDCF9001: It broke."), (result.Status, result.Description));
        Assert.Equal(HealthStatus.Healthy, PipelineHealth.Live(PipelinePhase.Restarting, null).Status);
    }

    [Fact]
    public async Task Host_measures_and_answers_for_its_health()
    {
        InMemoryDatabase.Named("measured-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        var durations = new List<double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener) };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => durations.Add(value));
        listener.Start();

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("CdcFlow:measured:Checkpoint:Store", directory)]);
        builder.AddCdcPipeline<MeasuredPipeline>(options => options with { Boundedness = Boundedness.UntilCaughtUp });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(durations);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["measured-live", "measured-ready"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(PipelinePhase.Ended, host.Services.GetRequiredService<HostedPipeline>().Status.Phase);
    }

    [Fact]
    public void Pipeline_is_added_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddCdcPipeline<MeasuredPipeline>();
        builder.AddCdcPipeline<CheckedPipeline>();
        Assert.Throws<InvalidOperationException>(() => builder.AddCdcPipeline<MeasuredPipeline>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stack_trace_is_logged_only_when_asked_for(bool isVerbose)
    {
        var writer = new StringWriter();
        using var provider = new LineLoggerProvider(new Terminal(TextWriter.Null, writer, Console: null), TimeProvider.System, line => line.ToText(), isVerbose);
        provider.CreateLogger("CdcFlow.test").Log(LogLevel.Error, default, "It failed", new InvalidOperationException("inner"), (state, _) => state);
        Assert.Contains("error It failed", writer.ToString(), StringComparison.Ordinal);
        Assert.Equal(isVerbose, writer.ToString().Contains("InvalidOperationException", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("65536", 65536L)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData(" 2 gib ", 2L << 30)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("64MB", null)]
    [InlineData("9999999999999GiB", null)]
    [InlineData("", null)]
    public void Number_of_bytes_is_read_as_people_write_it(string text, long? expected) => Assert.Equal(expected, ByteSize.Parse(text));

    [Theory]
    [InlineData(900, "900 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(64L << 20, "64 MiB")]
    public void Number_of_bytes_is_written_for_people(long bytes, string expected) => Assert.Equal(expected, ByteSize.Format(bytes));

    [Fact]
    public void Exit_code_tells_what_a_person_must_look_at()
    {
        Assert.Equal(ExitCode.Ok, ExitCode.Of(null));
        Assert.Equal(ExitCode.Failed, ExitCode.Of(new InvalidOperationException()));
        Assert.Equal(ExitCode.Fenced, ExitCode.Of(new CdcFlowException("CDCF3002", "Fenced.") { IsFenced = true }));
        Assert.Equal(ExitCode.PositionLost, ExitCode.Of(new CdcFlowException("CDCF9001", "Gone.") { IsPositionLost = true }));
        Assert.Equal(ExitCode.Invalid, ExitCode.Of(new CdcFlowException(RuntimeErrorCodes.PreflightFailed, "No.")));
        var refusal = new CdcFlowException("CDCF9002", "No.") { IsSinkRefusal = true };
        Assert.Equal(ExitCode.SinkRefused, ExitCode.Of(new CdcFlowException(RuntimeErrorCodes.RestartLimit, "Too often.", inner: refusal)));
    }

    [Fact]
    public async Task Progress_on_a_terminal_ends_with_the_pipeline()
    {
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.AddCdcPipeline<CheckedPipeline>();
        using var host = builder.Build();
        using var ended = new CancellationTokenSource();

        var progress = new TerminalProgress(console).RunAsync(host.Services.GetRequiredService<HostedPipeline>(), ended.Token);
        await ended.CancelAsync();
        await progress;
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "CdcFlow" && instrument.Name == "cdcflow.checkpoint.duration")
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
