using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>What a check plays on: a target, and the judgement of what its readers see.</summary>
internal sealed class SinkStand(ISinkTarget target, SinkKind kind, CancellationToken cancellationToken)
{
    public ISinkTarget Target { get; } = target;

    public SinkKind Kind { get; } = kind;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Starts an instance of the pipeline.</summary>
    public Task<SinkProcess> StartAsync(long epoch) => SinkProcess.StartAsync(this, epoch);

    /// <summary>Holds that readers of <paramref name="sink"/> see exactly these rows.</summary>
    public async Task SeesAsync<T, TCodec>(string sink, string moment, params IEnumerable<T> expected)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var wanted = expected.Select(row => RowText.Of<T, TCodec>(row)).Order(StringComparer.Ordinal).ToList();
        var seen = (await Target.ReadAsync(sink, TCodec.Schema, CancellationToken)).Select(RowText.Of).Order(StringComparer.Ordinal).ToList();
        Require(wanted.SequenceEqual(seen), () =>
            $"{moment}, readers of '{sink}' should see {wanted.Count} rows and see {seen.Count}."
            + $" Missing: {Sample(wanted.Except(seen))}. Not expected: {Sample(seen.Except(wanted))}.");
    }

    /// <summary>Holds that readers find so many changes, where the target counts them.</summary>
    public async Task CountsAsync(string sink, string moment, long expected)
    {
        var seen = await Target.CountChangesAsync(sink, CancellationToken);
        Require(seen is null || seen == expected, () => $"{moment}, readers of '{sink}' should find {expected} changes and find {seen}.");
    }

    /// <summary>Holds that the work is refused because a newer instance has taken over.</summary>
    public static async Task IsFencedAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CdcFlowException error) when (error.IsFenced)
        {
            return;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new ConformanceException($"{what} should fail as fenced (CdcFlowException.IsFenced), but failed with: {error.Message}");
        }

        throw new ConformanceException($"{what} should fail as fenced, but succeeded.");
    }

    public static void Require(bool holds, Func<string> finding)
    {
        if (!holds)
        {
            throw new ConformanceException(finding());
        }
    }

    private static string Sample(IEnumerable<string> rows) =>
        rows.Take(3).ToList() is { Count: > 0 } some ? string.Join(" ", some) : "none";
}
