using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Commands;

/// <summary>The log of a program, on its error stream: one line per event. It stands for the host's console logger, and is configured as that is
/// (<c>Logging:LogLevel</c>, <c>Logging:Console:LogLevel</c>). A stack trace only when it was asked for.</summary>
[ProviderAlias("Console")]
internal sealed class LineLoggerProvider(Terminal terminal, TimeProvider time, Func<LogLine, string> format, bool isVerbose) : ILoggerProvider
{
    private readonly Lock gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void Dispose()
    {
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private Exception? Shown(Exception? fault) => isVerbose ? fault : null;

    private void Write(LogLine line)
    {
        lock (gate)
        {
            terminal.WriteLine(format(line));
        }
    }

    private sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(new LogLine(
                provider.Now, logLevel, category, eventId, formatter(state, exception),
                state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], provider.Shown(exception)));
    }
}
