using CdcFlow.Configuration;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>The sink's own tables are used only where nobody has laid them out for it: a trigger or a check of a stranger would run with its role's rights.</summary>
public sealed class OwnTableTests(SinkServer server)
{
    private const string Checkpoint = "cdcflow_checkpoint (pipeline text PRIMARY KEY, epoch bigint NOT NULL, checkpoint_epoch bigint, checkpoint_id bigint, committed_at timestamptz, session_pid integer, session_start timestamptz, store_id text, tables text)";
    private const string Rejects = "cdcflow_rejects (id text PRIMARY KEY, pipeline text NOT NULL, sink text NOT NULL, node text NOT NULL, source text NOT NULL, source_table text NOT NULL, source_offset text NOT NULL, committed_at timestamptz NOT NULL, operation text NOT NULL, key text, leaves_old_row boolean NOT NULL, code text NOT NULL, cause text NOT NULL, message text, evidence text, rejected_at timestamptz NOT NULL DEFAULT now())";

    private const string Mallory = "DO $$ BEGIN CREATE ROLE eve LOGIN; EXCEPTION WHEN duplicate_object THEN END $$; GRANT CREATE ON SCHEMA public TO eve, app;";
    private const string Trap = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''sprung''; END';";

    [Theory]
    [InlineData(Checkpoint, 0)]
    [InlineData(Checkpoint, 1)]
    [InlineData(Rejects, 0)]
    [InlineData(Rejects, 1)]
    [Trait("WayOut", "CDCF5020")]
    public async Task Table_that_a_stranger_made_is_not_touched_until_it_is_the_roles_or_out_of_the_way(string definition, int way)
    {
        var name = definition.Split(' ')[0];
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            $"""
            {Mallory} SET ROLE eve; CREATE TABLE {definition}; GRANT ALL ON {name} TO PUBLIC; {Trap}
            CREATE TRIGGER "tr;ap" BEFORE INSERT OR UPDATE OR DELETE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION trap()
            """);
        var fix = await RefusedTwiceAsync(database);
        Assert.StartsWith($"""ALTER TABLE "public"."{name}" OWNER TO app; where""", fix, StringComparison.Ordinal);
        Assert.Contains($"""Otherwise ALTER TABLE "public"."{name}" RENAME TO "{name}_before"; and""", fix, StringComparison.Ordinal);
        await database.ExecuteAsync(fix.Split(". Otherwise ")[way].Split(';')[0]);
        if (way == 0)
        {
            fix = await RefusedTwiceAsync(database);
            Assert.Equal($"""DROP TRIGGER "tr;ap" ON public.{name};""", fix);
            await database.ExecuteAsync(fix);
        }

        await using var sink = Sink(database, 9);
        Assert.Empty(await sink.ProblemsAsync());
        await sink.OpenAsync();
        await sink.InsertAsync(new Account(1, "Ada", 1, null));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1"]], await database.QueryAsync("SELECT checkpoint_id FROM cdcflow_checkpoint"));
    }

    [Theory]
    [InlineData("ALTER SCHEMA public OWNER TO eve", true)] // who owns the schema could take the table away as well
    [InlineData("ALTER TABLE cdcflow_checkpoint OWNER TO own_table_group", true)]
    [InlineData("GRANT eve TO app", false)] // on servers before 15 eve could say so herself
    public async Task Owner_may_be_one_whose_rights_the_role_has_or_the_schemas(string sql, bool isTrusted)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        var version = int.Parse((await database.QueryAsync("SHOW server_version_num"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);
        await database.ExecuteAsync(
            $"""
            DO $$ BEGIN CREATE ROLE own_table_group; EXCEPTION WHEN duplicate_object THEN END $$; GRANT own_table_group TO app;
            {Mallory} CREATE TABLE {Checkpoint}; ALTER TABLE cdcflow_checkpoint OWNER TO eve; GRANT ALL ON cdcflow_checkpoint TO app; {sql}
            """);
        try
        {
            await using var sink = Sink(database, 1);
            Assert.Equal(isTrusted || version >= 150000, (await sink.ProblemsAsync()).Count == 0);
        }
        finally
        {
            await database.ExecuteAsync("REVOKE eve, own_table_group FROM app");
        }
    }

    private static async Task<string> RefusedTwiceAsync(TestDatabase database)
    {
        await using var refused = Sink(database, 1);
        var problem = Assert.Single(await refused.ProblemsAsync());
        Assert.Equal((PostgresSinkErrors.TableLosesRows, PreflightStatus.Failed), (problem.Code, problem.Status));
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
            Assert.Equal((problem.Code, problem.Fix), (error.Code, error.Fix));
        }

        return problem.Fix!;
    }

    private static SinkInstance<Account, AccountCodec> Sink(TestDatabase database, long epoch) => new(database.ConnectionString, epoch, sink => sink.OnError = OnError.DeadLetter);
}
