using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Testing.Tests.InMemory;

public sealed class InMemoryOutputTests
{
    [Fact]
    public void Shows_what_a_sink_of_the_same_name_and_kind_has_committed()
    {
        var origin = new ChangeOrigin(new TableOrigin("bank", new TableId("", "accounts")), new SourceTransaction(1));
        var change = Change<Account>.Insert(new Account(1, "ada"), new ChangeMetadata(origin, 0, 0));
        InMemorySinkServer.Named("shown", SinkKind.Idempotent).Publish(
            [new WrittenChange("shown", Operation.Insert, "bank", origin.Table.Id, change.Metadata.Offset, 1L, change.After, change, new Epoch(1), 1)]);

        Assert.Equal("ada", InMemoryOutput.Rows<Account>("shown", SinkKind.Idempotent)[1L].Owner);
        Assert.Equal(Operation.Insert, Assert.Single(InMemoryOutput.Changes<Account>("shown", SinkKind.Idempotent)).Operation);
        Assert.Empty(InMemoryOutput.Rows<Account>("shown"));
    }
}
