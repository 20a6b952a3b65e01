using CdcFlow.Hosting.Progress;
using CdcFlow.Sources;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Tests;

public sealed class ProgressLinesTests
{
    private static readonly TableId orders = new("public", "orders");
    private readonly Lines log = new();

    [Fact]
    public void Snapshot_is_told_every_ten_seconds_with_its_share()
    {
        var lines = new ProgressLines(log, tellsSnapshots: true);
        for (var second = 1; second <= 25; second++)
        {
            lines.Tell(Shop(SourcePhase.Snapshot, new TableProgress(orders, second * 100, 10_000, IsComplete: false)), second);
        }

        Assert.Equal(
            ["shop: snapshot of public.orders: 1000 rows of about 10000 (10 %)", "shop: snapshot of public.orders: 2000 rows of about 10000 (20 %)"], log);
    }

    [Fact]
    public void Complete_table_is_told_at_once_and_once()
    {
        var lines = new ProgressLines(log, tellsSnapshots: true);
        var done = Shop(SourcePhase.Snapshot, new TableProgress(orders, 7, null, IsComplete: true));
        lines.Tell(done, 3);
        lines.Tell(done, 10);
        lines.TellCompleted(done);
        Assert.Equal(["shop: snapshot of public.orders is complete: 7 rows"], log);
    }

    [Fact]
    public void Streaming_is_told_when_it_begins_and_each_minute()
    {
        var lines = new ProgressLines(log, tellsSnapshots: true);
        for (var second = 1; second <= 125; second++)
        {
            lines.Tell(Shop(second < 5 ? SourcePhase.Snapshot : SourcePhase.Streaming), second);
        }

        Assert.Equal(Enumerable.Repeat("shop: streaming at 0/16B3748, 1.5 KiB behind", 3), log);
    }

    [Fact]
    public void Tables_that_bars_have_shown_are_not_told()
    {
        var lines = new ProgressLines(log, tellsSnapshots: false);
        lines.Tell(Shop(SourcePhase.Streaming, new TableProgress(orders, 7, null, IsComplete: true)), 10);
        Assert.Equal(["shop: streaming at 0/16B3748, 1.5 KiB behind"], log);
    }

    private static Dictionary<string, SourceProgress> Shop(SourcePhase phase, params TableProgress[] tables) =>
        new() { ["shop"] = new SourceProgress(phase, tables, "0/16B3748", 1536, null) };

    private sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
