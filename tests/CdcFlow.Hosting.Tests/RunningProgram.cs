using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Tests;

/// <summary>A pipeline's program that runs until it is stopped, and its runner.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly Task<ProgramRun> run;

    private RunningProgram(PipelineRunner runner, Task<ProgramRun> run, CancellationTokenSource stop) => (Runner, this.run, this.stop) = (runner, run, stop);

    public PipelineRunner Runner { get; }

    public static async Task<RunningProgram> StartAsync<TPipeline>(params string[] options)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var stop = new CancellationTokenSource();
        var running = new TaskCompletionSource<PipelineRunner>(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = ProgramRun.OfAsync<TPipeline>(
            ["run", "--set", $"CdcFlow:{TPipeline.Graph.Name}:Checkpoint:Interval=1h", .. options],
            builder => builder.Services.AddSingleton<IHostedService>(services => new Probe(services, running)), stop);
        return new RunningProgram(await running.Task, run, stop);
    }

    /// <summary>Stops it in good order.</summary>
    public async Task<ProgramRun> StopAsync()
    {
        await stop.CancelAsync();
        return await run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private sealed class Probe(IServiceProvider services, TaskCompletionSource<PipelineRunner> running) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            running.TrySetResult(services.GetRequiredService<HostedPipeline>().Runner);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
