using System.Net.Mail;
using CdcFlow.Kafka.Broker.Tests.Pipelines;
using CdcFlow.Testing;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>What the rows of a program stop at every start, and goes on with its next version or with a setting.</summary>
public sealed class ProgramWayOutTests(MadeFixture pipeline, SharedBroker broker) : IClassFixture<MadeFixture>
{
    [Fact, Trait("WayOut", "CDCF2104"), Trait("WayOut", "CDCF5242")]
    public async Task Value_that_the_format_does_not_hold_is_written_as_the_message_says()
    {
        await pipeline.AddAsync();
        pipeline.Rig.Program.At = "294276-12-31 00:00:00";
        var said = await pipeline.StopsAsync("CDCF5242");
        Assert.Contains("Column 'At' of", said, StringComparison.Ordinal);
        Assert.Contains("Times = IsoString", said, StringComparison.Ordinal);
        await pipeline.GoesOnAsync(("Times", "IsoString"));
        pipeline.Rig.Program.At = null;
    }

    [Fact, Trait("WayOut", "CDCF5245")]
    public async Task Row_type_chooses_a_partition_that_there_is()
    {
        await pipeline.AddAsync();
        pipeline.Rig.Program.Partition = 1;
        Assert.Contains("Return a number from 0 to one less than there are partitions", await pipeline.StopsAsync("CDCF5245"), StringComparison.Ordinal);
        pipeline.Rig.Program.Partition = 0;
        await pipeline.GoesOnAsync();
    }

    [Fact, Trait("WayOut", "CDCF2101")]
    public async Task Column_whose_type_has_no_form_is_converted_to_text()
    {
        var server = await broker.StartAsync();
        using var rig = new PipelineRig<AddresseePipeline>(server);
        InMemoryDatabase.Named("addressees-db").Snapshot(new Addressee(1, new MailAddress("ada@example.org"))).EndSnapshot<Addressee>();
        for (var start = 1; start <= 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync());
            Assert.Equal("CDCF2101", error.Code); // before the start, and before any row
            Assert.Contains("Convert the property with [ColumnConverter<…>] to text", error.Fix, StringComparison.Ordinal);
        }

        using var next = new PipelineRig<ConvertedAddresseePipeline>(server);
        InMemoryDatabase.Named("converted-addressees-db").Snapshot(new ConvertedAddressee(1, new MailAddress("ada@example.org"))).EndSnapshot<ConvertedAddressee>();
        await next.RunAsync();
        Assert.Equal([1], await next.ItemsAsync());
    }

    [Fact, Trait("WayOut", "CDCF2103")]
    public async Task Column_of_a_name_that_the_format_writes_itself_goes_into_a_format_that_does_not()
    {
        using var rig = new PipelineRig<OperatedPipeline>(await broker.StartAsync());
        InMemoryDatabase.Named("operated-db").Snapshot(new Operated(1, "one")).EndSnapshot<Operated>();
        rig.Settings = new Dictionary<string, string?> { ["CdcFlow:operated:Sinks:bus:Format"] = "Json" };
        for (var start = 1; start <= 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync());
            Assert.Equal("CDCF2103", error.Code);
            Assert.Contains("choose a Debezium format", error.Fix, StringComparison.Ordinal);
        }

        rig.Settings = new Dictionary<string, string?>();
        await rig.RunAsync();
        Assert.Equal([1], await rig.ItemsAsync());
    }
}
