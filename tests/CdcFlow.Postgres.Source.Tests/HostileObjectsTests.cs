using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Who may create in a schema of the role's search path cannot have the source run code of his.</summary>
public class HostileObjectsTests(SharedServer shared)
{
    [Theory]
    [InlineData("PRIMARY KEY (id)")]
    [InlineData("UNIQUE (id)")] // no key: read in one pass
    public async Task Functions_and_operators_of_others_are_never_called(string constraint)
    {
        var database = await shared.CreateAsync();
        var role = $"wary_{database.Name}";
        await database.ExecuteAsync(
            $"CREATE TABLE item (id bigint, name text, version bigint NOT NULL, {constraint}); ALTER TABLE item REPLICA IDENTITY FULL; "
            + "INSERT INTO item SELECT i, 'name', i FROM generate_series(1, 1000) i; "
            + $"CREATE ROLE {role} LOGIN REPLICATION; GRANT SELECT ON item TO {role}; CREATE PUBLICATION {database.Name} FOR TABLE item; {HostileObjects} "
            + $"ALTER ROLE {role} SET search_path = public, pg_catalog");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 100 });

        await AssertHostileAsync(database, role);
        Assert.True((await source.Connector().PreflightAsync(state: null, TestContext.Current.CancellationToken)).Passed);
        await source.OpenAsync();
        await database.ExecuteAsync("UPDATE item SET version = version + 1; INSERT INTO item VALUES (1001, 'last', 1)");
        await source.ReadUntilAsync(() => source.HasWholeSnapshot && source.Changes.Exists(change => change.After?.Id == 1001));
        await source.CrashAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (1002, 'after a restart', 1)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 1002));

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    // A copy of everything that the server has, for exactly the same arguments; and better matches than the server's own for some that are used.
    private static string HostileObjects =>
        """
        CREATE FUNCTION public.hostile() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$;
        DO $do$ DECLARE f record; BEGIN
            FOR f IN SELECT p.oid, proname, pg_get_function_identity_arguments(p.oid) AS args, pg_get_function_result(p.oid) AS result
                     FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' LOOP
                BEGIN
                    EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS $$ BEGIN PERFORM public.hostile(); END $$', f.proname, f.args, f.result);
                EXCEPTION WHEN others THEN NULL; -- of a pseudo-type
                END;
            END LOOP;
            FOR f IN SELECT oprname, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result
                     FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprkind = 'b' LOOP
                BEGIN
                    EXECUTE format('CREATE FUNCTION public.%I(l %s, r %s) RETURNS %s LANGUAGE plpgsql AS $$ BEGIN PERFORM public.hostile(); END $$', 'op ' || f.oprname, f.l, f.r, f.result);
                    EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.%I)', f.oprname, f.l, f.r, 'op ' || f.oprname);
                EXCEPTION WHEN others THEN NULL;
                END;
            END LOOP;
        END $do$;
        CREATE FUNCTION public.pg_table_size(oid) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN PERFORM public.hostile(); END $$;
        CREATE FUNCTION public.pg_partition_tree(oid) RETURNS SETOF oid LANGUAGE plpgsql AS $$ BEGIN PERFORM public.hostile(); END $$;
        CREATE FUNCTION public.has_table_privilege(oid, varchar) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM public.hostile(); END $$;
        CREATE VIEW public.pg_class AS SELECT c.*, public.hostile() FROM pg_catalog.pg_class c; GRANT SELECT ON public.pg_class TO PUBLIC;
        """;

    // The role is in danger: what it would call without a care is another's.
    private static async Task AssertHostileAsync(TestDatabase database, string role)
    {
        await using var careless = new Npgsql.NpgsqlConnection(database.ConnectionStringOf(new PostgresRole(role, "")) + ";Pooling=false;Server Compatibility Mode=NoTypeLoading");
        await careless.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var statement in new[] { "SELECT pg_table_size('item'::regclass::oid)", "SELECT 1 = 1", "SELECT pg_current_snapshot()", "SELECT * FROM pg_class LIMIT 1" })
        {
            await using var command = new Npgsql.NpgsqlCommand(statement, careless);
            var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.Contains("hijacked", error.MessageText, StringComparison.Ordinal);
        }
    }
}
