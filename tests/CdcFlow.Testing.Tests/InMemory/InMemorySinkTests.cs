using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Testing.Tests.InMemory;

public sealed class InMemorySinkTests
{
    [Fact]
    [Trait("WayOut", "CDCF5902")]
    public void Instance_that_was_taken_over_is_refused_and_the_newer_one_goes_on()
    {
        var server = new InMemorySinkServer(SinkKind.Transactional);
        Open(server, 1);
        Open(server, 2);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<CdcFlowException>(() => server.CommitTransaction(new CheckpointRef(new Epoch(1), new CheckpointId(1)), []));
            Assert.Equal((InMemoryErrorCodes.Fenced, true), (error.Code, error.IsFenced));
        }

        var committed = new CheckpointRef(new Epoch(2), new CheckpointId(2));
        server.CommitTransaction(committed, []);
        Assert.Equal(committed, Open(server, 3));
    }

    private static CheckpointRef? Open(InMemorySinkServer server, long epoch) =>
        server.Open(new SinkOpenContext("orders", new Epoch(epoch), Delivery.ExactlyOnce, SinkConformance.Store));
}
