using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>What pipelines log, for a test that waits until they say something.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    /// <summary>Waits for a line that has a text in it, and forgets those before.</summary>
    public async Task<string> SaidAsync(string text)
    {
        while (true)
        {
            if (await lines.Reader.ReadAsync(TestContext.Current.CancellationToken) is { } line && line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Whether a line with a text is among those that nobody has waited for; forgets them.</summary>
    public bool HasSaid(string text)
    {
        var has = false;
        while (lines.Reader.TryRead(out var line))
        {
            has |= line.Contains(text, StringComparison.Ordinal);
        }

        return has;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Writer.TryWrite($"{logLevel}: {formatter(state, exception)} {exception?.Message}");

    public void Dispose()
    {
    }
}
