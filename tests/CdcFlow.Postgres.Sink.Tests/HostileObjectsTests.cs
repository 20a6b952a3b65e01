using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Functions and operators that another role has put in the way of the search path never run as the sink's role.</summary>
public sealed class HostileObjectsTests(SinkServer server)
{
    private static readonly string[] types = ["bigint", "integer", "smallint", "text", "name", "oid", "\"char\"", "numeric", "varchar"];

    [Theory]
    [InlineData("public, pg_catalog")]
    [InlineData("public")]
    public async Task Objects_of_others_in_the_search_path_are_not_used(string path)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            $"""
            CREATE TABLE accounts (id int8 PRIMARY KEY, owner varchar(90), balance numeric(12, 2), note text); ALTER TABLE accounts OWNER TO app; CREATE EXTENSION IF NOT EXISTS citext;
            DO $$ BEGIN CREATE ROLE mallory; EXCEPTION WHEN duplicate_object THEN END $$; GRANT CREATE ON SCHEMA public TO mallory; SET ROLE mallory; {string.Join('\n', types.Select(Operators))}
            CREATE FUNCTION public.format(text, anyelement) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''stolen''; END';
            CREATE FUNCTION public.unnest(smallint[]) RETURNS SETOF smallint LANGUAGE plpgsql AS 'BEGIN RAISE ''stolen''; END';
            CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE plpgsql AS 'BEGIN RAISE ''stolen''; END';
            CREATE FUNCTION public.count(anyelement) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RAISE ''stolen''; END';
            RESET ROLE; ALTER ROLE app IN DATABASE {database.Name} SET search_path = {path};
            """);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        Assert.Empty(await sink.ProblemsAsync());
        await sink.InsertAsync(new Account(1, "Ada", 1, "a"), new Account(2, "Bob", 2, "b"), new Account(3, "Eve", 3, "c"));
        await sink.CheckpointAsync(1);
        await sink.WriteAsync(
            metadata => new Change<Account>(Operation.Update, BeforeState.Absent, null, new Account(1, "Ada!", 1, null), new ColumnSet(AccountCodec.Schema, [false, false, false, true]), metadata),
            metadata => Change<Account>.DeleteByKey(new Account(3, "", 0, null), metadata));
        await sink.CheckpointAsync(2);
        Assert.Equal(
            [["1", "Ada!", "a"], ["2", "Bob", "b"]], await database.QueryAsync("SET search_path = pg_catalog; SELECT id, owner, note FROM public.accounts ORDER BY id"));
        await sink.WriteAsync(Change<Account>.Truncate);
        await sink.CheckpointAsync(3);
    }

    [Fact]
    public async Task Key_of_an_extensions_type_keeps_its_own_equality()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE SCHEMA more; CREATE EXTENSION ltree SCHEMA more; GRANT USAGE ON SCHEMA more TO app; CREATE TABLE labels (code more.ltree PRIMARY KEY, label text); ALTER TABLE labels OWNER TO app");
        await using var sink = await SinkInstance<Label, LabelCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.InsertAsync(new Label("a.b", "x"), new Label("a", "y"));
        await sink.CheckpointAsync(1);
        await sink.WriteAsync(metadata => Change<Label>.DeleteByKey(new Label("a", null), metadata));
        await sink.CheckpointAsync(2);
        Assert.Equal([["a.b"]], await database.QueryAsync("SELECT code FROM labels"));
    }

    private static string Operators(string type)
    {
        var name = string.Concat(type.Where(char.IsLetter));
        return $"CREATE FUNCTION public.steal_{name}(a {type}, b {type}) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE ''stolen''; END';"
            + string.Concat(new[] { "=", "<>", "<", "<=", "~" }.Select(sign => $"CREATE OPERATOR public.{sign} (LEFTARG = {type}, RIGHTARG = {type}, FUNCTION = public.steal_{name});"));
    }
}
