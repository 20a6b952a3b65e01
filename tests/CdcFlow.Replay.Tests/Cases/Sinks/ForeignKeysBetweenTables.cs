using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#1185", "Writes of several tables came to the sink in another order than they had happened in.")]
public sealed partial class ForeignKeysBetweenTables : Case<ForeignKeysBetweenTables.Pipeline>
{
    [Table("parent")]
    public sealed record Parent([property: Key] long Id, string? Name);

    [Table("child")]
    public sealed record Child([property: Key] long Id, long Parent);

    [CdcPipeline("foreign-keys")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink", Name = "children")]
        public partial Changes<Child> Children { get; }

        [PostgresSource("source"), PostgresSink("sink", Name = "parents")]
        public partial Changes<Parent> Parents { get; }
    }

    [Fact]
    public async Task Hold_at_every_commit()
    {
        const string tables = "CREATE TABLE parent (id bigint PRIMARY KEY, name text); CREATE TABLE child (id bigint PRIMARY KEY, parent bigint REFERENCES parent DEFERRABLE INITIALLY DEFERRED)";
        await SourceAsync(tables);
        await SinkAsync(tables);
        await SourceAsync("INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (10, 1), (20, 2);");
        await RunAsync();
        await SourceAsync("INSERT INTO parent VALUES (3, 'c'); UPDATE child SET parent = 3 WHERE parent = 1; DELETE FROM parent WHERE id = 1; INSERT INTO child VALUES (30, 3);");
        await SourceAsync("TRUNCATE child; DELETE FROM parent WHERE id = 2; INSERT INTO child VALUES (40, 3);");
        await RunAsync();
        await SameAsync("parent", "parent");
        await SameAsync("child", "child");
    }
}
