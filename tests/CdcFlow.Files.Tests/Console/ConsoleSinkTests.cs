using CdcFlow.Configuration;
using CdcFlow.Files.Console;
using CdcFlow.Files.Tests.Conformance;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Files.Tests.Console;

public sealed class ConsoleSinkTests
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.AtLeastOnce)];

    [Theory, MemberData(nameof(Checks))]
    public Task Conformance(string check) =>
        new SinkConformance(SinkKind.AtLeastOnce, _ => ValueTask.FromResult<ISinkTarget>(new Target())).RunAsync(check, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Reader_that_has_ended_stops_the_pipeline_with_a_code()
    {
        await using var connection = new ConsoleSinkConnection(new ClosedStream());
        var writer = connection.AddWriter<Testing.Conformance.Rows.Account, Testing.Conformance.Rows.AccountCodec>(new ConsoleSinkAttribute(), "console", ConnectorSettings.None);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await writer.WriteAsync(new Batches.ChangeBatch<Testing.Conformance.Rows.Account>(), TestContext.Current.CancellationToken));
        Assert.Equal(FileErrors.OutputClosed, error.Code);
    }

    private sealed class Target : ISinkTarget
    {
        private readonly MemoryStream output = new();

        public ISinkConnection Connect() => new ConsoleSinkConnection(output);

        public SinkAttribute Sink(string name) => new ConsoleSinkAttribute { Name = name };

        public ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken) =>
            ValueTask.FromResult(JsonLinesFold.Fold(JsonLinesFold.Lines([output.ToArray()]).Where(line => line.GetProperty("_cdc").GetProperty("table").ValueEquals(sink)), schema));

        public ValueTask DisposeAsync() => output.DisposeAsync();
    }

    private sealed class ClosedStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }
}
