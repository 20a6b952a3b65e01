using System.Runtime.CompilerServices;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Museum;

/// <summary>Commits rows and marker one after the other instead of together.</summary>
internal sealed class WritesTheMarkerApart(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    public override async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await StepAsync("commit rows");
        Server.Publish(Open);
        Open.Clear();
        await StepAsync("commit marker");
        Server.CommitTransaction(permit.Checkpoint, []);
    }
}

/// <summary>Commits when it should only prepare: the state may never become durable (Arroyo#224 turned round).</summary>
internal sealed class CommitsBeforePrepared(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    public override async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        await StepAsync("prepare");
        Server.CommitTransaction(checkpoint, Open);
        Open.Clear();
        return Committable.None;
    }

    public override ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Takes a lost answer for a failure and sends the rows again (FLINK-35938, iceberg#2808).</summary>
internal sealed class ResendsAfterALostAnswer(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    public override async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await StepAsync("commit");
        try
        {
            Server.Faults.Run(SinkOperation.Commit, () =>
            {
                Server.CommitTransaction(permit.Checkpoint, Open);
                return true;
            });
        }
        catch (CdcFlowException lost) when (lost.Code == InMemoryErrorCodes.Injected)
        {
            await StepAsync("commit again");
            Server.Publish(Open);
        }

        Open.Clear();
    }
}

/// <summary>Reads the marker without fencing older epochs (Materialize#9249).</summary>
internal sealed class DoesNotFence(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    protected override CheckpointRef? Fence(SinkOpenContext context) => Server.Marker;
}

/// <summary>Fences, and decides by the marker that was read before: what an older instance commits in between is written again.</summary>
internal sealed class DecidesByTheFirstReading(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    private CheckpointRef? first;

    protected override SinkMarker? Read()
    {
        var found = base.Read();
        first = found?.Checkpoint;
        return found;
    }

    protected override CheckpointRef? Fence(SinkOpenContext context)
    {
        base.Fence(context);
        return first;
    }
}

/// <summary>Prepares while a write is still on its way: the barrier overtakes data.</summary>
internal sealed class PreparesBeforeWritesHaveArrived(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    private IReadOnlyList<WrittenChange> onItsWay = [];

    protected override void Take(IReadOnlyList<WrittenChange> changes)
    {
        Open.AddRange(onItsWay);
        onItsWay = changes;
    }
}

/// <summary>Refuses a batch while it is busy, and the fan-out does not look (BroadcastBlock with bounded targets).</summary>
internal sealed class LosesWhatComesWhileBusy(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    private int writes;

    protected override void Take(IReadOnlyList<WrittenChange> changes)
    {
        if (++writes % 3 != 0)
        {
            Open.AddRange(changes);
        }
    }
}

/// <summary>Rolls back what it had prepared for a checkpoint that was given up, though nobody will send it again.</summary>
internal sealed class DropsWhatAnAbortedCheckpointHad(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    private int prepared;

    public override ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        Open.RemoveRange(0, prepared);
        prepared = Open.Count;
        return base.PrepareAsync(checkpoint, cancellationToken);
    }

    public override async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await base.CommitAsync(permit, cancellationToken);
        prepared = 0;
    }
}

/// <summary>Names the newest prepared checkpoint instead of the committed one: recovery goes on from a state whose rows were never committed.</summary>
internal sealed class NamesWhatIsPrepared(InMemorySinkServer server, SimulatedProcess process) : TransactionalShell(server, process)
{
    private static readonly ConditionalWeakTable<InMemorySinkServer, StrongBox<CheckpointRef?>> prepared = [];

    public override ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        prepared.GetOrCreateValue(Server).Value = checkpoint;
        return base.PrepareAsync(checkpoint, cancellationToken);
    }

    protected override CheckpointRef? Fence(SinkOpenContext context)
    {
        Server.Open(context);
        return prepared.GetOrCreateValue(Server).Value;
    }
}

/// <summary>Cannot finish what another process has prepared (Arroyo#224: "restoring from commit phase not yet implemented").</summary>
internal sealed class LeavesCommitsOfOthersUndone(ISinkConnection inner) : SinkShell(inner)
{
    public override ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) =>
        permit.Checkpoint.Epoch == Epoch ? base.CommitAsync(permit, cancellationToken) : ValueTask.CompletedTask;
}

/// <summary>Fences without asking whose the sink is: one start by mistake ends the instance that runs.</summary>
internal sealed class OpensForAnyStore(ISinkConnection inner, InMemorySinkServer server) : SinkShell(inner)
{
    public override ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SinkMarker?>(null);

    public override ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) =>
        base.OpenAsync(context with { Replaces = server.Owner }, cancellationToken);
}

/// <summary>Not a bug: takes so long to prepare once that the checkpoint is given up.</summary>
internal sealed class PreparesSlowlyOnce(ISinkConnection inner, TimeProvider time) : SinkShell(inner)
{
    private bool wasSlow;

    public override async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        if (!wasSlow)
        {
            wasSlow = true;
            await Task.Delay(TimeSpan.FromMinutes(11), time, cancellationToken);
        }

        return await base.PrepareAsync(checkpoint, cancellationToken);
    }
}
