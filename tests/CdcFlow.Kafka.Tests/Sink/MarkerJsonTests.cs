using System.Buffers;
using System.Text;
using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Sink.Commit;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>The marker's form, which two versions of CdcFlow read in turn.</summary>
public sealed class MarkerJsonTests
{
    private static readonly StoreId store = new(new Guid("5ca1ab1e-0000-4000-8000-000000000001"));

    [Fact]
    public void Marker_of_version_0_1_names_no_store()
    {
        var marker = MarkerJson.Read("""{"version":1,"epoch":7,"holder":"alpha:12","checkpoint":{"epoch":7,"id":41},"topics":{},"positions":{}}"""u8);
        Assert.Equal((null, new Epoch(7), new CheckpointRef(new Epoch(7), new CheckpointId(41))), (marker.Store, marker.Epoch, marker.Checkpoint!.Value));
    }

    [Fact]
    public void Store_comes_back_and_version_0_1_would_pass_over_it()
    {
        var text = new ArrayBufferWriter<byte>();
        MarkerJson.Write(Marker.None with { Epoch = new Epoch(7), Store = store }, text);
        Assert.Contains("{\"version\":1,", Encoding.UTF8.GetString(text.WrittenSpan), StringComparison.Ordinal);
        Assert.Equal(store, MarkerJson.Read(text.WrittenSpan).Store);
    }

    [Fact]
    public void Store_that_is_no_id_makes_it_no_marker() => Assert.Throws<FormatException>(() =>
        MarkerJson.Read("""{"version":1,"epoch":7,"holder":"","store":"mine","topics":{},"positions":{}}"""u8));
}
