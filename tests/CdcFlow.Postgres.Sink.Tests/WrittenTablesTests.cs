using CdcFlow.Configuration;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Two pipelines and one table.</summary>
public sealed class WrittenTablesTests(SinkServer server)
{
    private const string Former = "SELECT tables FROM cdcflow_checkpoint WHERE pipeline = 'former'";

    [Fact, Trait("WayOut", "CDCF5031")]
    public async Task Second_pipeline_is_refused_before_it_changes_anything_until_the_first_has_left()
    {
        var database = await FormerAsync();
        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);
        for (var start = 0; start < 2; start++)
        {
            var problem = Assert.Single(await sink.ProblemsAsync(), check => check.Status == PreflightStatus.Failed);
            Assert.Equal(PostgresSinkErrors.TableOfOther, problem.Code);
            Assert.StartsWith("Sink 'sink' would write into \"public\".\"accounts\", and so does pipeline 'former' (last at 2", problem.Sentence, StringComparison.Ordinal);
            Assert.Contains("[CdcPipeline(\"former\")]", problem.Fix!, StringComparison.Ordinal);
        }

        var statements = (await sink.ProblemsAsync()).Single(check => check.Code == PostgresSinkErrors.TableOfOther).Fix!;
        statements = statements[statements.IndexOf("DELETE", StringComparison.Ordinal)..statements.IndexOf(" --", StringComparison.Ordinal)];
        await database.ExecuteAsync(statements);
        Assert.DoesNotContain(await sink.ProblemsAsync(), check => check.Status == PreflightStatus.Failed);
        await sink.OpenAsync();
        await sink.CheckpointAsync(1);
        Assert.Equal([["0"]], await database.QueryAsync("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task Of_two_that_start_at_once_the_later_one_is_refused()
    {
        var database = await FormerAsync();
        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);

        Assert.Equal(PostgresSinkErrors.TableOfOther, (await Assert.ThrowsAsync<CdcFlowException>(sink.OpenAsync)).Code);
        Assert.Equal(
            [["former"]], // the refused one has kept nothing that would refuse the first one's next start
            await database.QueryAsync("SELECT pipeline FROM cdcflow_checkpoint WHERE tables IS NOT NULL"));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public async Task Both_must_say_that_they_share_it(bool theirs, bool own, bool isAllowed)
    {
        var database = await FormerAsync(sink => (sink.Shared, sink.Truncates) = (theirs, RemovalMode.Ignore));
        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2, sink => (sink.Shared, sink.Truncates) = (own, RemovalMode.Ignore));

        Assert.Equal(isAllowed, (await sink.ProblemsAsync()).All(check => check.Code != PostgresSinkErrors.TableOfOther));
    }

    [Fact]
    public async Task Tables_that_take_appended_changes_are_everybodys()
    {
        var database = await FormerAsync(sink => sink.Mode = PostgresSinkMode.Append);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2, sink => sink.Mode = PostgresSinkMode.Append);
        Assert.DoesNotContain(await sink.ProblemsAsync(), check => check.Code == PostgresSinkErrors.TableOfOther);
    }

    [Fact]
    public async Task Table_that_was_made_anew_is_another_one()
    {
        var database = await FormerAsync();
        Assert.Matches("^\\{\"[0-9]+\": false\\}$", (await database.QueryAsync(Former))[0][0]);
        await database.ExecuteAsync("ALTER TABLE accounts RENAME TO kept");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2);
        await sink.CheckpointAsync(1);
    }

    /// <summary>A database with a table that a pipeline of another name has written.</summary>
    private async Task<TestDatabase> FormerAsync(Action<PostgresSinkAttribute>? configure = null)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using (var former = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, configure))
        {
            await former.CheckpointAsync(1);
        }

        await database.ExecuteAsync("UPDATE cdcflow_checkpoint SET pipeline = 'former'");
        return database;
    }
}
