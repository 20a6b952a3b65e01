using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Rejects;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>A sink of the pipeline under test: an in-memory one of the same kind as the real one.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class TestSink<T> : ITestSink
    where T : class
{
    private readonly InMemorySinkServer server;
    private readonly Func<IReadOnlyList<WrittenChange>> staged;
    private readonly Func<string> context;

    internal TestSink(string name, string connection, InMemorySinkServer server, Func<IReadOnlyList<WrittenChange>> staged, Func<string> context)
    {
        Name = name;
        Connection = connection;
        this.server = server;
        this.staged = staged;
        this.context = context;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Connection { get; }

    /// <summary>How the sink takes part in checkpoints.</summary>
    public SinkKind Kind => server.Kind;

    /// <summary>The rows that readers see, by key: the property's value, or a value tuple of them.</summary>
    public IReadOnlyDictionary<object, T> Rows => server.Rows(Name).ToDictionary(row => row.Key, row => (T)row.Value);

    /// <summary>The changes that readers see, in the order in which they became visible.</summary>
    public IReadOnlyList<Change<T>> Committed => [.. server.Changes(Name).Select(change => (Change<T>)change.Change)];

    /// <summary>Changes that have reached the sink and that no reader sees yet.</summary>
    public IReadOnlyList<Change<T>> Staged => [.. Pending.Select(change => (Change<T>)change.Change)];

    /// <summary>The changes that the sink lacks because a node before it set them aside (<see cref="OnError.DeadLetter"/>), as committed, in order.</summary>
    public IReadOnlyList<RejectedChange> Rejects => [.. server.Rejects.Where(rejected => rejected.Sink == Name).Select(rejected => rejected.Change)];

    /// <summary>The checkpoints committed on the sink's connection, oldest first.</summary>
    public IReadOnlyList<CheckpointRef> Commits => server.Commits;

    private List<WrittenChange> Pending => [.. staged().Where(change => change.Sink == Name)];

    /// <summary>Lets the next calls that bring rows fail.</summary>
    /// <param name="count">How many.</param>
    /// <param name="error">What they throw; null: a transient <see cref="CdcFlowException"/>, after which the pipeline restarts by itself.</param>
    public void FailNext(int count = 1, Exception? error = null) => FailNext(SinkOperation.Write, count, error);

    /// <summary>Lets the next calls of one kind fail, without effect.</summary>
    /// <param name="operation">Which calls.</param>
    /// <param name="count">How many.</param>
    /// <param name="error">What they throw; null: a transient <see cref="CdcFlowException"/>, after which the pipeline restarts by itself.</param>
    public void FailNext(SinkOperation operation, int count = 1, Exception? error = null)
    {
        for (var call = 0; call < count; call++)
        {
            server.Faults.Add(operation, error ?? Injected($"The test let '{operation}' of sink '{Name}' fail."), afterEffect: false);
        }
    }

    /// <summary>Changes of the source's columns (<see cref="TestSource{T}.Ddl"/>) that any attempt brought to the sink, in order.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges => [.. server.SchemaChanges.Where(written => written.Sink == Name).Select(written => written.Change)];

    /// <summary>Lets the next commit take effect although the pipeline is told that it failed.</summary>
    public void LoseNextCommitAnswer() =>
        server.Faults.Add(SinkOperation.Commit, Injected($"The test lost the answer to a commit of sink '{Name}'."), afterEffect: true);

    /// <summary>Each change that any attempt brought took effect once, and those of one key in the source's order.</summary>
    /// <remarks>At-least-once sinks may show a change again, but never a new change late. Call it after a checkpoint.</remarks>
    /// <exception cref="AuditException">Names the change and shows the history of its key, the seed and the crashes.</exception>
    public void ShouldHaveAppliedEachChangeOnce()
    {
        var written = server.Written.Where(change => change.Sink == Name).ToList();
        if (SinkAudit.Judge(written, server.Changes(Name), Pending, server.Kind == SinkKind.AtLeastOnce) is { } verdict)
        {
            throw new AuditException(verdict + context());
        }
    }

    private static CdcFlowException Injected(string happened) =>
        new(InMemoryErrorCodes.Injected, happened, "Nothing; it is used up.", ErrorDomain.External, isTransient: true);
}
