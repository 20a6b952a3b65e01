using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Rejection;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Owns one sink connection: writes what comes in, and takes the connection through each checkpoint. The same for every kind of sink.</summary>
internal sealed class SinkNode(string connection, ISinkConnection sink, SinkRejectCount rejects) : INode
{
    private readonly List<ISinkInput> inputs = [];

    public string Id => connection;

    /// <summary>The connection's name.</summary>
    public string Connection => connection;

    /// <summary>Counts what its sinks reject themselves.</summary>
    public SinkRejectCount RejectCount => rejects;

    /// <summary>The connection. Once the graph runs, only this node calls it.</summary>
    public ISinkConnection Sink => sink;

    /// <summary>Adds a sink of the connection; its input is the next one of the node.</summary>
    public void AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        inputs.Add(new SinkInput<T>(name, sink.AddWriter<T, TCodec>(attribute, name, settings), sink));

    public ValueTask ProcessAsync(int input, StreamElement element, CancellationToken cancellationToken) =>
        inputs[input].WriteAsync(element, cancellationToken);

    public async ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken)
    {
        inputs.ForEach(input => input.Cut());
        var meeting = barrier.Meeting;
        if (meeting.IsGivenUp)
        {
            // Its writes belong to the next checkpoint.
            return;
        }

        if (meeting.IsLast)
        {
            sink.EndInput();
        }

        var committable = await sink.PrepareAsync(barrier.Checkpoint, cancellationToken);
        rejects.Clear();
        if (await meeting.AcknowledgeAsync(connection, committable, cancellationToken) is { } permit)
        {
            await sink.CommitAsync(permit, cancellationToken);
            meeting.ReportCommitted(connection);
        }
    }
}
