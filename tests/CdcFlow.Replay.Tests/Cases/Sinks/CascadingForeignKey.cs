using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("flatcar/nebraska", "#1632", "What foreign keys do at a delete happened in the target other than at the origin.")]
[Report("matrixorigin/matrixone", "#26831", "A foreign key to its own table cascaded to other rows than it should.")]
public sealed partial class CascadingForeignKey : Case<CascadingForeignKey.Pipeline>
{
    [Table("tree")]
    public sealed record Node([property: Key] long Id, long? Parent);

    [Table("leaf")]
    public sealed record Leaf([property: Key] long Id, long Node);

    [CdcPipeline("cascading")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink", Name = "leaves")]
        public partial Changes<Leaf> Leaves { get; }

        [PostgresSource("source"), PostgresSink("sink", Name = "nodes")]
        public partial Changes<Node> Nodes { get; }
    }

    [Fact, Trait("WayOut", "CDCF5020")]
    public async Task Is_refused_with_the_statement_that_leaves_the_cascade_to_the_source()
    {
        const string tables =
            """
            CREATE TABLE tree (id bigint PRIMARY KEY, parent bigint REFERENCES tree ON DELETE CASCADE);
            CREATE TABLE leaf (id bigint PRIMARY KEY, node bigint, CONSTRAINT "of node" FOREIGN KEY (node) REFERENCES tree (id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL NOT VALID);
            """;
        await SourceAsync($"{tables} INSERT INTO tree VALUES (1, NULL), (3, NULL), (2, 1), (5, 2); INSERT INTO leaf VALUES (10, 1), (50, 5);");
        await SinkAsync(tables);
        var leaf = $"""ALTER TABLE "{Name}"."leaf" DROP CONSTRAINT "of node", ADD CONSTRAINT "of node" FOREIGN KEY (node) REFERENCES {Name}.tree(id) MATCH FULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;""";
        var tree = $"""ALTER TABLE "{Name}"."tree" DROP CONSTRAINT tree_parent_fkey, ADD CONSTRAINT tree_parent_fkey FOREIGN KEY (parent) REFERENCES {Name}.tree(id) DEFERRABLE INITIALLY DEFERRED;""";
        await RefusedAsync("CDCF5020", leaf);
        await RefusedAsync("CDCF5020", leaf);
        await SinkAsync(leaf);
        await RefusedAsync("CDCF5020", tree);
        await SinkAsync(tree);

        await RunAsync();
        await SourceAsync("UPDATE tree SET parent = 3 WHERE id = 2; UPDATE leaf SET node = 3 WHERE id = 10; DELETE FROM tree WHERE id = 1;");
        await RunAsync();
        await SameAsync("tree", "tree");
        await SameAsync("leaf", "leaf");
    }
}
