using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Life;

/// <summary>What the server may forget, and what follows where it forgot more.</summary>
internal static class ConfirmChecks
{
    public static async Task NothingBeforeConfirmed(SourcePlay play)
    {
        var confirmed = 0;
        await new AccountWriter(play, seed: 13).FillAsync(8);
        await using (var process = await play.OpenStreamingAsync())
        {
            for (var number = 1; number <= 6; number++)
            {
                await play.WriteAsync(Write.Insert(new Account(1000 + number, "streamed", number, null)));
                await process.ReadUntilAsync("a change", () => play.Downstream.Changes.Any(change => change.Key is long key && key == 1000 + number));
                if (number == 3)
                {
                    await process.ConfirmAsync(play.Downstream.Rounds[^1]);
                    confirmed = play.Downstream.Rounds.Count - 1;
                }
            }
        }

        for (var round = confirmed; round < play.Downstream.Rounds.Count; round++)
        {
            await play.FinishFromAsync(round, $"After a restart from the state of round {round + 1}, where round {confirmed + 1} was confirmed");
        }
    }

    public static async Task LostLog(SourcePlay play)
    {
        await new AccountWriter(play, seed: 14).FillAsync(8);
        await play.FinishAsync("After a first run");
        await play.KillAsync();
        await play.WriteAsync(Write.Insert(new Account(1, "lost", 1m, null)));
        await play.Stand.LoseLogAsync(play.Cancellation);
        try
        {
            await using var process = await play.OpenAsync();
        }
        catch (CdcFlowException error)
        {
            Findings.Require(error.IsPositionLost, () => $"The log after the state is gone; the error is to say so (IsPositionLost), and is: {error.Message}");
            Findings.Require(!string.IsNullOrEmpty(error.Fix), () => $"The error says no way on: {error.Message}");
            return;
        }

        throw new ConformanceException("The log after the state is gone, and the source opened as if nothing had happened.");
    }
}
