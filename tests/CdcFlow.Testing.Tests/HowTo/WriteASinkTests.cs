using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using ThirdParty.FooSink.Ledger;

namespace CdcFlow.Testing.Tests.HowTo;

/// <summary>The sink of <c>docs/how-to/write-a-sink.md</c> keeps the contract of its kind.</summary>
public sealed class WriteASinkTests
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.Transactional)];

    [Theory, MemberData(nameof(Checks))]
    public Task Ledger_conforms(string check) =>
        new SinkConformance(SinkKind.Transactional, _ => ValueTask.FromResult<ISinkTarget>(new LedgerTarget())).RunAsync(check, TestContext.Current.CancellationToken);

    private sealed class LedgerTarget : ISinkTarget
    {
        private readonly LedgerServer server = new();

        public ISinkConnection Connect() => new LedgerConnection(server, SinkConformance.Pipeline);

        public SinkAttribute Sink(string name) => new LedgerSinkAttribute("ledger") { Name = name };

        public ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken) => ValueTask.FromResult(server.Rows(sink));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
