using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/seatunnel", "#11077", "A writer was made of the first table's options and served all, whatever the others said.")]
public sealed partial class SinksThatDisagree : Case<SinksThatDisagree.Pipeline>
{
    [Table("other")]
    public sealed record Other([property: Key] long Id, string? Value);

    [CdcPipeline("disagreeing")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink", Name = "first")]
        public partial Changes<Item> Rows { get; }

        [PostgresSource("source"), PostgresSink("sink", Name = "second")]
        public partial Changes<Other> Others { get; }
    }

    [Theory, Trait("WayOut", "CDCF2051")]
    [InlineData("second")]
    [InlineData("first")]
    public async Task Are_refused_until_one_does_as_the_message_says(string settled)
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE other (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'a'); INSERT INTO other VALUES (2, 'b');");
        Set("Sinks:second:LockTimeoutSeconds", "7");
        var refusal = await RefusedTwiceAsync("CDCF2051", "Sink 'second' has LockTimeoutSeconds = 7, and connection 'sink' has 30, of its first sink 'first'.");
        var setting = refusal.Split($"CdcFlow:disagreeing:Sinks:{settled}:")[1].Split(')')[0].Split('=');
        Set($"Sinks:{settled}:{setting[0]}", setting[1]);
        await RunAsync();
        await SameAsync();
        await SameAsync("other", "other");
    }
}
