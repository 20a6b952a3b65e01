using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources;

/// <summary>What every source connector must do, as checks that any test framework can run.</summary>
/// <remarks>
/// Give <see cref="Checks"/> to a parametrised test and call <see cref="RunAsync"/> with each. A check makes a stand of its own and plays the runtime's part on it: it takes rounds, keeps every state, confirms,
/// kills readers and opens others from each state in turn, while it writes to the tables. It throws <see cref="ConformanceException"/> where what came does not add up to the table, or came otherwise than the
/// contract says. Nothing in it waits for time to pass, except that what is due must come within <see cref="Patience"/>.
/// </remarks>
/// <param name="makeStand">Makes a database with empty tables.</param>
public sealed class SourceConformance(Func<CancellationToken, ValueTask<ISourceStand>> makeStand)
{
    /// <summary>The name of the pipeline that all checks play.</summary>
    public const string Pipeline = "conformance";

    /// <summary>How long a check may take; longer, and the source owes something that does not come. Default: two minutes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The names of the checks that apply to a source.</summary>
    /// <param name="traits">What source and stand can do.</param>
    public static IReadOnlyList<string> Checks(SourceTraits traits) => [.. SourceChecks.All.Where(check => (check.Needs & ~traits) == SourceTraits.None).Select(check => check.Name)];

    /// <summary>Runs one check on a new stand.</summary>
    /// <exception cref="ConformanceException">The connector broke its contract.</exception>
    public async Task RunAsync(string check, CancellationToken cancellationToken)
    {
        var found = SourceChecks.All.SingleOrDefault(candidate => candidate.Name == check)
            ?? throw new ArgumentException($"There is no check '{check}'.", nameof(check));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await using var stand = await makeStand(cancellationToken);
        await using var play = new SourcePlay(stand, patience.Token);
        try
        {
            await found.RunAsync(play);
        }
        catch (OperationCanceledException error) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ConformanceException($"Within {Patience} the source did not {play.Awaited}.", error);
        }
        catch (CdcFlowException error)
        {
            throw new ConformanceException($"The source was to {play.Awaited} and stopped: {error.Message}", error);
        }
    }
}
