using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Sources;

namespace CdcFlow.Testing.Tests.Conformance;

/// <summary>Hands over what another reader does, but for one defect.</summary>
internal sealed class DefectiveReader(ISourceReader inner, InMemorySourceStand stand, SourceDefect defect, SourceOpenContext context) : ISourceReader
{
    private readonly Queue<SourceRound> rest = [];
    private readonly DefectiveChanges changes = new(defect);
    private List<SourceElement> late = [];
    private int rounds;

    public SourceProgress Progress => defect == SourceDefect.CountsNoRows
        ? inner.Progress with { Tables = [.. inner.Progress.Tables.Select(table => table with { Rows = table.IsComplete ? -1 : table.Rows })] }
        : inner.Progress;

    private bool IsInSnapshot => inner.Progress.Phase != SourcePhase.Streaming;

    private bool IsIdle => !IsInSnapshot && inner.Progress.LagBytes == 0;

    private bool EndsTooEarly => defect == SourceDefect.EndsBeforeTheSnapshotDoes && rounds == 1 && IsInSnapshot;

    private bool EndsWhenIdle => defect == SourceDefect.EndsOnlyWhenIdle && context.Boundedness == Boundedness.UntilCaughtUp && IsIdle;

    public async ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken)
    {
        if (rest.TryDequeue(out var kept))
        {
            return kept;
        }

        if (EndsTooEarly || EndsWhenIdle)
        {
            return null;
        }

        var forgets = (defect == SourceDefect.ForgetsChangesDuringSnapshot && IsInSnapshot) || (defect == SourceDefect.LosesInvisibleCommits && stand.IsVisibilityDelayed);
        if (await inner.ReadAsync(defect == SourceDefect.IgnoresCancellation ? CancellationToken.None : cancellationToken) is not { } round)
        {
            return null;
        }

        rounds++;
        return await DamageAsync(round, forgets, cancellationToken);
    }

    public ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken) => inner.ConfirmAsync(checkpoint, state, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<SourceRound> DamageAsync(SourceRound round, bool forgets, CancellationToken cancellationToken)
    {
        switch (defect)
        {
            case SourceDefect.ConfirmsTooEarly:
                await inner.ConfirmAsync(null!, round.State, cancellationToken); // without a proof: nobody can make one
                return round;
            case SourceDefect.KeepsBytes:
                await context.Budget.ReserveAsync(1, cancellationToken);
                return round;
            case SourceDefect.StateIsARoundAhead when !IsIdle && await inner.ReadAsync(cancellationToken) is { } next:
                rest.Enqueue(next);
                return round with { State = next.State };
            case SourceDefect.TearsTransactions when round.Elements.Count > 1:
                round.Elements.Skip(1).ToList().ForEach(element => rest.Enqueue(new SourceRound([element], round.State)));
                return new SourceRound([round.Elements[0]], round.State);
            case SourceDefect.SchemasComeLate:
                var (now, later) = (late, round.Elements.Where(element => element.Element is SchemaChange).ToList());
                late = later;
                return round with { Elements = [.. round.Elements.Except(later), .. now] };
            default:
                return round with { Elements = [.. round.Elements.SelectMany(element => changes.Damage(element, forgets, isFirst: rounds == 1 && context.State is not null))] };
        }
    }
}
