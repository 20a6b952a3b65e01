using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Files.Console;
using CdcFlow.Files.Tests.Conformance;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Files.Tests.Console;

public sealed class ConsoleSinkTests
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.AtLeastOnce)];

    [Theory, MemberData(nameof(Checks))]
    public Task Conformance(string check) =>
        new SinkConformance(SinkKind.AtLeastOnce, _ => ValueTask.FromResult<ISinkTarget>(new Target())).RunAsync(check, TestContext.Current.CancellationToken);

    [Fact]
    [Trait("WayOut", "CDCF5109")]
    public async Task Reader_that_has_ended_stops_the_pipeline_with_a_code()
    {
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => WriteAsync(new ClosedStream()));
            Assert.Equal((FileErrors.OutputClosed, "Start the reader and the pipeline again."), (error.Code, error.Fix));
        }

        var read = new MemoryStream();
        await WriteAsync(read);
        Assert.Single(JsonLinesFold.Lines([read.ToArray()]));
    }

    private static async Task WriteAsync(Stream output)
    {
        await using var connection = new ConsoleSinkConnection("orders", output);
        var writer = connection.AddWriter<Account, AccountCodec>(new ConsoleSinkAttribute(), "console", ConnectorSettings.None);
        var batch = new ChangeBatch<Account>();
        var origin = new ChangeOrigin(new TableOrigin("s", new TableId("public", "accounts")), new SourceTransaction(1));
        batch.Add(Change<Account>.Insert(new Account(1, "Ada", 1, null), new ChangeMetadata(origin, 0, 0)));
        await writer.WriteAsync(batch, TestContext.Current.CancellationToken);
    }

    private sealed class Target : ISinkTarget
    {
        private readonly MemoryStream output = new();

        public ISinkConnection Connect() => new ConsoleSinkConnection("orders", output);

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
