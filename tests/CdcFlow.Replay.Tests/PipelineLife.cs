using System.Collections.Concurrent;
using CdcFlow.Checkpoints;
using CdcFlow.Hosting;
using CdcFlow.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Replay.Tests;

/// <summary>Starts a version of a pipeline's program.</summary>
internal delegate Task<PipelineLife> StartProgram(IReadOnlyDictionary<string, string?> configuration, Func<PipelineOptions, PipelineOptions> configure);

/// <summary>A pipeline from one start to its end, in a host as a program has it.</summary>
internal sealed class PipelineLife : IAsyncDisposable
{
    private readonly IHost host;
    private readonly LogLines log;

    private PipelineLife(IHost host, LogLines log)
    {
        this.host = host;
        this.log = log;
        Pipeline = host.Services.GetRequiredService<HostedPipeline>();
        Ended = EndAsync();
    }

    internal HostedPipeline Pipeline { get; }

    /// <summary>Why it ended: null when all was well.</summary>
    internal Task<Exception?> Ended { get; }

    internal IEnumerable<string> Log => log.Lines;

    internal static async Task<PipelineLife> StartAsync<TPipeline>(
        IReadOnlyDictionary<string, string?> configuration, Func<PipelineOptions, PipelineOptions> configure)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var log = new LogLines();
        var host = Build<TPipeline>(configuration, configure, log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new PipelineLife(host, log);
    }

    /// <summary>Does as <c>takeover --yes</c>.</summary>
    internal static async Task<TakeOverReport> TakeOverAsync<TPipeline>(IReadOnlyDictionary<string, string?> configuration)
        where TPipeline : ICdcPipeline<TPipeline> =>
        (await DoAsync<TPipeline, TakeOverReport?>(configuration, runner => runner.TakeOverAsync(_ => ValueTask.FromResult(true), TestContext.Current.CancellationToken)))!;

    /// <summary>Does with the runner of a program that is not started what a verb does.</summary>
    internal static async Task<T> DoAsync<TPipeline, T>(IReadOnlyDictionary<string, string?> configuration, Func<PipelineRunner, Task<T>> verb)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        using var host = Build<TPipeline>(configuration, options => options, new LogLines());
        return await verb(host.Services.GetRequiredService<HostedPipeline>().Runner);
    }

    /// <summary>Makes a checkpoint of what has come so far, after as many restarts as that takes; false where the pipeline has ended instead.</summary>
    internal async Task<bool> CheckpointAsync()
    {
        Task<CheckpointRef> checkpoint;
        do
        {
            checkpoint = Pipeline.Runner.CheckpointAsync(TestContext.Current.CancellationToken);
            await Task.WhenAny(checkpoint, Ended);
        }
        while (!checkpoint.IsCompletedSuccessfully && !Ended.IsCompleted);

        return checkpoint.IsCompletedSuccessfully;
    }

    /// <summary>Stops it in good order, as SIGTERM does.</summary>
    internal async Task<Exception?> StopAsync()
    {
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        host.Dispose();
    }

    private static IHost Build<TPipeline>(IReadOnlyDictionary<string, string?> configuration, Func<PipelineOptions, PipelineOptions> configure, LogLines log)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Logging.AddProvider(log);
        builder.AddCdcPipeline<TPipeline>(configure);
        return builder.Build();
    }

    private async Task<Exception?> EndAsync()
    {
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        return Pipeline.Status.Error;
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
