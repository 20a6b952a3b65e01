using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("MaterializeInc/materialize", "#38199", "A root and its partitions were published under two names.")]
public sealed partial class RootAndLeaf : Case<RootAndLeaf.Pipeline>
{
    [Table("t")]
    public sealed record Root([property: Key] long Id, string? Value);

    [Table("t_low")]
    public sealed record Leaf([property: Key] long Id, string? Value);

    [CdcPipeline("root-and-leaf")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink", Name = "root")]
        public partial Changes<Root> Roots { get; }

        [PostgresSource("source"), PostgresSink("sink", Name = "leaf")]
        public partial Changes<Leaf> Leaves { get; }
    }

    [Fact]
    public async Task Are_refused_together()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id);
            CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100);
            """);
        await RefusedAsync("CDCF4066", "t_low");
    }
}
