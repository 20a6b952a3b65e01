using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Life;

/// <summary>Instances: two at a time, and the end of one.</summary>
internal static class InstanceChecks
{
    public static async Task TwoAtATime(SourcePlay play)
    {
        await new AccountWriter(play, seed: 15).FillAsync(8);
        await using var first = await play.OpenStreamingAsync();
        var second = await StopsAsync(async () => await play.OpenAsync());
        await play.WriteAsync(Write.Insert(new Account(1, "while there were two", 1m, null)));
        if (second is null)
        {
            var error = await StopsAsync(() => first.ReadUntilAsync("that another instance has taken over", () => play.Downstream.Changes.Any(change => change.Key is 1L)));
            Findings.Require(error is not null, () => "Two instances of one pipeline read at the same time, and neither was told of the other.");
        }
        else
        {
            await first.ReadUntilAsync("a change, since the second instance was refused", () => play.Downstream.Changes.Any(change => change.Key is 1L));
        }

        await play.FinishAsync("After two instances at a time");
    }

    public static async Task Disposal(SourcePlay play)
    {
        await new AccountWriter(play, seed: 16).FillAsync(8);
        await using var process = await play.OpenStreamingAsync();
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(play.Cancellation))
        {
            var waiting = process.ReadAsync(stop.Token);
            play.Awaited = "end a read that waits and is cancelled";
            await stop.CancelAsync();
            await EndsAsync(waiting.WaitAsync(play.Cancellation), play.Cancellation);
        }

        play.Awaited = "end, at disposal";
        await process.DisposeAsync().AsTask().WaitAsync(play.Cancellation);
        RequireAllBack(process);

        await using var reading = await play.OpenAsync();
        await play.WriteAsync([.. Enumerable.Range(1000, 500).Select(number => Write.Insert(new Account(number, "unread", number, new string('x', 1000))))]);
        await reading.ReadUntilAsync("a change", () => play.Downstream.Changes.Any(change => change.Operation == Operation.Insert));
        play.Awaited = "end, at disposal";
        await reading.DisposeAsync().AsTask().WaitAsync(play.Cancellation);
        RequireAllBack(reading);
    }

    private static void RequireAllBack(SourceProcess process) =>
        Findings.Require(process.Budget.UsedBytes == 0, () => $"The source is disposed and all batches were released, and {process.Budget.UsedBytes} bytes of the budget are not back.");

    private static async Task EndsAsync(Task read, CancellationToken patience)
    {
        try
        {
            await read;
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            // As it should be; a round that came just before is as good.
        }
    }

    private static async Task<Exception?> StopsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (CdcFlowException error)
        {
            return error;
        }
    }
}
