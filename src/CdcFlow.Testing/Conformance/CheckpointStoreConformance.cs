using CdcFlow.Testing.Conformance.Stores;

namespace CdcFlow.Testing.Conformance;

/// <summary>What every checkpoint store must do, as checks that any test framework can run.</summary>
/// <remarks>
/// Give <see cref="Checks"/> to a parametrised test and call <see cref="RunAsync"/> with each. A check makes a target of its own, plays several instances of a pipeline on it, one of them paused or dead, and throws
/// <see cref="ConformanceException"/> where the store breaks a guarantee of <see cref="Checkpointing.Stores.ICheckpointStore"/> or <see cref="Checkpointing.Stores.ICheckpointLease"/>. Time passes only by
/// <see cref="ICheckpointStoreTarget.PassAsync"/>. What happens at each step of a write that is cut off depends on the medium, and no check of this suite sees it: test it where the store meets its medium.
/// </remarks>
/// <param name="makeTarget">Makes an empty place.</param>
public sealed class CheckpointStoreConformance(Func<CancellationToken, ValueTask<ICheckpointStoreTarget>> makeTarget)
{
    /// <summary>The name of the pipeline that all checks play.</summary>
    public const string Pipeline = "conformance";

    /// <summary>The names of all checks.</summary>
    public static IReadOnlyList<string> Checks { get; } = [.. StoreChecks.All.Select(check => check.Name)];

    /// <summary>Runs one check on a new target.</summary>
    /// <exception cref="ConformanceException">The store broke its contract.</exception>
    public async Task RunAsync(string check, CancellationToken cancellationToken)
    {
        var found = StoreChecks.All.SingleOrDefault(candidate => candidate.Name == check)
            ?? throw new ArgumentException($"There is no check '{check}'.", nameof(check));
        await using var target = await makeTarget(cancellationToken);
        await found.RunAsync(new StoreStand(target, cancellationToken));
    }
}
