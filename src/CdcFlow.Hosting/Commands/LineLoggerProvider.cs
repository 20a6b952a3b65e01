using System.Globalization;
using CdcFlow.Hosting.Observation;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Commands;

/// <summary>The log of a program: one line per event, the time in UTC first. A stack trace only when it was asked for.</summary>
internal sealed class LineLoggerProvider(Terminal terminal, TimeProvider time, bool isVerbose) : ILoggerProvider
{
    private readonly Lock gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string message, Exception? error)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)} {LogText.Printable(message)}");
        lock (gate)
        {
            terminal.WriteLine(isVerbose && error is not null ? $"{line}\n{LogText.Printable(error.ToString())}" : line);
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };

    private sealed class LineLogger(LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, formatter(state, exception), exception);
    }
}
