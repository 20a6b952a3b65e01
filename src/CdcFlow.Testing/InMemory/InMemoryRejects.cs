using CdcFlow.Rejects;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Rejected changes of one in-memory session: committed with its rows.</summary>
/// <param name="server">What they go to.</param>
/// <param name="step">Runs a call of the session.</param>
internal sealed class InMemoryRejects(InMemorySinkServer server, Func<SinkOperation, Action, ValueTask> step) : ISinkRejects
{
    /// <summary>Those that are not committed.</summary>
    public List<WrittenReject> Open { get; } = [];

    public void Require(string sink)
    {
    }

    public ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken) => step(SinkOperation.Write, () =>
    {
        var written = new WrittenReject(sink, rejected);
        if (server.Kind == SinkKind.AtLeastOnce)
        {
            server.Publish([], [written]);
        }
        else
        {
            Open.Add(written);
        }
    });

    public ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken) => ValueTask.FromResult(
        new RejectList([.. server.Rejects.Reverse().Take(max).Select(rejected => StoredReject.Of(rejected.Sink, rejected.Change))]));

    public ValueTask<long?> CountAsync(CancellationToken cancellationToken) => ValueTask.FromResult<long?>(server.Rejects.Count);
}
