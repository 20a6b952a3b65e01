using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance.Checks;

namespace CdcFlow.Testing.Conformance;

/// <summary>What every sink connector must do, as checks that any test framework can run.</summary>
/// <remarks>
/// Give <see cref="Checks"/> to a parametrised test and call <see cref="RunAsync"/> with each. A check makes a target of its own, plays the
/// runtime's part on it (several processes, crashes, checkpoints that are given up) and throws <see cref="ConformanceException"/> where readers
/// see anything that the contract forbids. Nothing in it waits for time to pass.
/// </remarks>
/// <param name="kind">What the connector says it is.</param>
/// <param name="makeTarget">Makes an empty place to write to.</param>
public sealed class SinkConformance(SinkKind kind, Func<CancellationToken, ValueTask<ISinkTarget>> makeTarget)
{
    /// <summary>The name of the pipeline that all checks play.</summary>
    public const string Pipeline = "conformance";

    /// <summary>The checkpoint store of all instances, but of those that have another one by mistake.</summary>
    public static StoreId Store { get; } = new(new Guid("5ca1ab1e-0000-4000-8000-000000000001"));

    /// <summary>The names of the checks that apply to a kind of sink.</summary>
    public static IReadOnlyList<string> Checks(SinkKind kind) => [.. SinkChecks.All.Where(check => check.AppliesTo(kind)).Select(check => check.Name)];

    /// <summary>The permit to commit a checkpoint that a sink has prepared, as if its state were durable: for a connector's own tests.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="committable">What the sink has handed over.</param>
    /// <param name="isKnownCommitted">See <see cref="CommitPermit.IsKnownCommitted"/>.</param>
    public static CommitPermit Permit(CheckpointRef checkpoint, Committable committable, bool isKnownCommitted = false) =>
        new(Pipeline, checkpoint, Committable.Parse(committable.Json.GetRawText())) { IsKnownCommitted = isKnownCommitted }; // as it comes back from the store: any process must be able to read it

    /// <summary>Runs one check on a new target.</summary>
    /// <exception cref="ConformanceException">The connector broke its contract.</exception>
    public async Task RunAsync(string check, CancellationToken cancellationToken)
    {
        var found = SinkChecks.All.SingleOrDefault(candidate => candidate.Name == check)
            ?? throw new ArgumentException($"There is no check '{check}'.", nameof(check));
        await using var target = await makeTarget(cancellationToken);
        await found.RunAsync(new SinkStand(target, kind, cancellationToken));
    }
}
