using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Tests.Conformance;

public sealed class InMemorySinkConformanceTests
{
    public static TheoryData<string, SinkKind> Checks
    {
        get
        {
            var data = new TheoryData<string, SinkKind>();
            foreach (var kind in Enum.GetValues<SinkKind>())
            {
                foreach (var check in SinkConformance.Checks(kind))
                {
                    data.Add(check, kind);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Checks))]
    public Task Conforms(string check, SinkKind kind) =>
        new SinkConformance(kind, _ => ValueTask.FromResult<ISinkTarget>(new InMemoryTarget(kind))).RunAsync(check, TestContext.Current.CancellationToken);
}

/// <summary>The system that in-memory sinks write to. It keeps changes, so they are folded here.</summary>
internal sealed class InMemoryTarget(SinkKind kind) : ISinkTarget
{
    private readonly InMemorySinkServer server = new(kind);

    public ISinkConnection Connect() => new InMemorySinkConnection("memory", server, process: null);

    public SinkAttribute Sink(string name) => new InMemorySinkAttribute("memory") { Name = name };

    public ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<object, object?[]>();
        foreach (var change in server.Changes(sink))
        {
            switch (change.Operation)
            {
                case Operation.Truncate: rows.Clear(); break;
                case Operation.Delete: rows.Remove(change.Key!); break;
                default: rows[change.Key!] = Merge(rows.GetValueOrDefault(change.Key!), change.Change); break;
            }
        }

        return ValueTask.FromResult<IReadOnlyList<object?[]>>([.. rows.Values]);
    }

    public ValueTask<long?> CountChangesAsync(string sink, CancellationToken cancellationToken) => ValueTask.FromResult<long?>(server.Changes(sink).Count);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static object?[] Merge(object?[]? before, object change) => change switch
    {
        Change<Testing.Conformance.Rows.Account> account => Merge<Testing.Conformance.Rows.Account, Testing.Conformance.Rows.AccountCodec>(before, account),
        Change<Place> place => Merge<Place, PlaceCodec>(before, place),
        Change<EveryType> every => Merge<EveryType, EveryTypeCodec>(before, every),
        _ => throw new NotSupportedException(),
    };

    private static object?[] Merge<T, TCodec>(object?[]? before, Change<T> change)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var values = new object?[TCodec.Schema.Columns.Count];
        var writer = new ValuesWriter(values);
        TCodec.Write(change.After!, ref writer);
        return [.. values.Select((value, index) => change.Missing?.Contains(index) == true ? before?[index] : value)];
    }
}
