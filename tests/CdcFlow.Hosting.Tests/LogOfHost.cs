using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Tests;

/// <summary>What a host has logged, each line with its exception, as a logger of a host writes it.</summary>
/// <param name="least">The least level that it takes.</param>
internal sealed class LogOfHost(LogLevel least = LogLevel.Information) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = [];
    private readonly ConcurrentDictionary<int, TaskCompletionSource> seen = new();

    public IEnumerable<string> Lines => lines;

    /// <summary>Waits for an event.</summary>
    public Task WhenAsync(int eventId) => Seen(eventId).Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
            Seen(eventId.Id).TrySetResult();
        }
    }

    public void Dispose()
    {
    }

    private TaskCompletionSource Seen(int eventId) => seen.GetOrAdd(eventId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
