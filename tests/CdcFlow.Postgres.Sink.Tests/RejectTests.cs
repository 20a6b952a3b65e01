using CdcFlow.Configuration;
using CdcFlow.Rejects;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Changes that a node sets aside are rows of <c>cdcflow_rejects</c>, committed with the rows around them.</summary>
public sealed class RejectTests(SinkServer server)
{
    private const string Kept = "SELECT sink, node, source, source_table, operation, key, leaves_old_row, code, message, evidence FROM cdcflow_rejects ORDER BY rejected_at, key, operation";

    [Fact]
    public async Task Reject_is_kept_once_although_the_sinks_session_ends_between_it_and_its_commit()
    {
        var database = await DatabaseAsync("(1, '10'), (2, 'ten'), (3, '30')");
        var ending = new EndingOnce(database);

        await new Rejecting(database, ending).RunAsync();

        Assert.True(ending.HasEnded);
        Assert.Equal([["1", "10"], ["3", "30"]], await database.QueryAsync("SELECT id, value FROM numbers ORDER BY id"));
        Assert.Equal(
            [["warehouse", "Parse", "shop", "public.readings", "SnapshotRead", "2", "f", ErrorCodes.TransformFailed, "The input string 'ten' was not in a correct format.", """{"id":2,"text":"ten"}"""]],
            await database.QueryAsync(Kept));
    }

    [Fact]
    public async Task Row_comes_through_once_it_is_repaired_at_the_source_and_a_rejected_update_leaves_the_old_row()
    {
        var database = await DatabaseAsync("(1, '10')");
        var pipeline = new Rejecting(database);
        await pipeline.RunAsync();
        await database.ExecuteAsync("UPDATE readings SET text = 'ten' WHERE id = 1; INSERT INTO readings VALUES (2, 'two')");
        await pipeline.RunAsync();

        Assert.Equal([["1", "10"]], await database.QueryAsync("SELECT id, value FROM numbers"));
        Assert.Equal([["Update", "1", "t"], ["Insert", "2", "f"]], await database.QueryAsync("SELECT operation, key, leaves_old_row FROM cdcflow_rejects ORDER BY key"));
        var listed = Assert.Single(await pipeline.ListAsync()).Kept.Rejects.OrderBy(reject => reject.Key, StringComparer.Ordinal);
        Assert.Equal([("Parse", "1", true), ("Parse", "2", false)], listed.Select(reject => (reject.Node, reject.Key, reject.LeavesOldRow)));
        Assert.Single(Assert.Single(await pipeline.ListAsync(max: 1)).Kept.Rejects);

        await database.ExecuteAsync("UPDATE readings SET text = '11' WHERE id = 1; UPDATE readings SET text = '2' WHERE id = 2");
        await pipeline.RunAsync();
        Assert.Equal([["1", "11"], ["2", "2"]], await database.QueryAsync("SELECT id, value FROM numbers ORDER BY id"));
    }

    [Fact]
    public async Task Table_of_rejects_is_checked_before_the_start_and_made_by_the_statement()
    {
        var database = await DatabaseAsync("(1, 'ten')");
        await database.ExecuteAsync($"ALTER DATABASE {database.Name} OWNER TO CURRENT_USER; REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE TABLE numbers (id int8 PRIMARY KEY, value int4 NOT NULL); ALTER TABLE numbers OWNER TO app");
        var pipeline = new Rejecting(database);
        for (var start = 0; start < 2; start++)
        {
            Assert.Contains("cdcflow_rejects", (await Assert.ThrowsAsync<CdcFlowException>(pipeline.RunAsync)).Message, StringComparison.Ordinal);
        }

        foreach (var problem in (await pipeline.CheckAsync()).Where(check => check.Code == PostgresSinkErrors.PrivilegeMissing))
        {
            await database.ExecuteAsync(problem.Fix!.Split("; or set")[0]);
        }

        Assert.Empty(Assert.Single(await pipeline.ListAsync()).Kept.Rejects);
        await pipeline.RunAsync();
        Assert.Equal([["1"]], await database.QueryAsync("SELECT key FROM cdcflow_rejects"));
        Assert.All((await pipeline.CheckAsync()).Where(check => check.Name == "table of rejects"), check => Assert.Equal(PreflightStatus.Passed, check.Status));
    }

    [Fact]
    public async Task Changes_of_one_place_of_which_neither_key_nor_row_is_known_are_all_kept()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Reading, ReadingCodec>.OpenAsync(database.ConnectionString, 1, sink => (sink.Table, sink.OnError) = ("numbers", OnError.DeadLetter));
        var metadata = new ChangeMetadata(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "t")), new SourceTransaction(1)), 0, 0);
        for (var chunk = 0; chunk < 2; chunk++)
        {
            await sink.RejectAsync(new RejectedChange { Node = "Parse", Metadata = metadata, Operation = Operation.SnapshotRead, Code = ErrorCodes.TransformFailed, Cause = "It threw." });
        }

        await sink.CheckpointAsync(1);
        Assert.Equal([["2"]], await database.QueryAsync("SELECT count(*) FROM cdcflow_rejects"));
    }

    private async Task<TestDatabase> DatabaseAsync(string rows)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"CREATE TABLE readings (id int8 PRIMARY KEY, text text NOT NULL); INSERT INTO readings VALUES {rows}");
        return database;
    }
}
