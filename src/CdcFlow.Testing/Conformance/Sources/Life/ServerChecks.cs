using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Life;

/// <summary>The server dies under a source.</summary>
internal static class ServerChecks
{
    public static async Task Restart(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 19);
        await writer.FillAsync(40);
        await using (var process = await play.OpenAsync())
        {
            await process.ReadAsync();
            await writer.WriteAsync();
            await play.Stand.RestartServerAsync(play.Cancellation);
            await ReadOnAsync(play, process);
        }

        await writer.WriteAsync();
        await play.FinishAsync("After the server died and started again");
    }

    /// <summary>The source goes on by itself, or stops as one that a new start heals.</summary>
    private static async Task ReadOnAsync(SourcePlay play, SourceProcess process)
    {
        play.Awaited = "go on or stop after its server died";
        try
        {
            while (process.IsInSnapshot)
            {
                await process.ReadAsync();
            }
        }
        catch (CdcFlowException error)
        {
            Findings.Require(error.IsTransient, () => $"The server died and is there again: a new start heals that, and the error is not transient: {error.Message}");
        }
    }
}
