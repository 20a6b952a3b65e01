using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Takes away what a pipeline has left, by its user's order: looks → refuses what must not be → asks → lease → sources → sinks → store.</summary>
/// <remarks>In this order, so that a start after a crash on the way stops: without the source's log or a sink's marker nothing goes on from a checkpoint. The store goes last,
/// since it says whose all of it is.</remarks>
internal sealed class Reset(PipelineDefinition definition, PipelineServices services, TimeSpan leaseWait)
{
    public async Task<ResetPlan?> RunAsync(
        FlowGraph graph, bool rejects, Func<ResetPlan, ValueTask<bool>> confirm, Action<ConnectionTrace> removed, CancellationToken cancellationToken)
    {
        await RunningInstance.RefuseAsync(definition, services, "reset", cancellationToken);
        var facts = await FirstReading.RunAsync(definition, services.Store, graph, _ => { }, cancellationToken);
        Admit(facts, own: null);
        var plan = await FindAsync(graph, facts, rejects, cancellationToken);
        if (plan.IsEmpty)
        {
            return plan;
        }

        if (!await confirm(plan))
        {
            return null;
        }

        await using var lease = await new InstanceLease(services, leaseWait, waitsForLiving: false).AcquireAsync(cancellationToken);
        Admit(facts with { Store = facts.Store ?? lease.Store }, lease.Epoch);
        foreach (var found in plan.Traces.Where(found => found.Trace.State == TraceState.Present))
        {
            await lease.RenewAsync(cancellationToken);
            await found.Trace.RemoveAsync(cancellationToken);
            removed(found);
        }

        await lease.EraseAsync(cancellationToken);
        return plan;
    }

    private static void Admit(RecoveryFacts facts, Epoch? own)
    {
        if (Recovery.AdmitReset(facts, own) is { } refusal)
        {
            throw refusal.ToException();
        }
    }

    private static async ValueTask<ResetPlan> FindAsync(FlowGraph graph, RecoveryFacts facts, bool rejects, CancellationToken cancellationToken)
    {
        var scope = new TraceScope(facts.Store, rejects);
        var traces = new List<ConnectionTrace>();
        var unknown = new List<string>();
        foreach (var source in graph.Sources)
        {
            Add($"source {source.Connection}", await source.Connector.FindTracesAsync(scope, cancellationToken));
        }

        foreach (var node in graph.Sinks)
        {
            Add($"sink {node.Connection}", await node.Sink.FindTracesAsync(scope, cancellationToken));
        }

        return new ResetPlan(
            traces, facts.Store is not null || facts.Stored.Count > 0, unknown,
            [.. graph.Sinks.SelectMany(node => node.Sink.KeepingSinks).Order(StringComparer.Ordinal)]);

        void Add(string connection, IReadOnlyList<PipelineTrace>? found)
        {
            traces.AddRange((found ?? []).Select(trace => new ConnectionTrace(connection, trace)));
            if (found is null)
            {
                unknown.Add(connection);
            }
        }
    }
}
