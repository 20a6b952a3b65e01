using CdcFlow.Configuration;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Entities, unchanged, from a table to another of the same columns: the rows of both are one text, whether a snapshot or the log brought them.</summary>
/// <remarks>The type <c>vector</c> is a stand-in with pgvector's name, text and casts: no test has talked to the extension itself.</remarks>
public sealed class EntityTests(SinkServer server)
{
    private const string Types =
        """
        CREATE EXTENSION hstore; CREATE SCHEMA src; CREATE SCHEMA dwh; GRANT USAGE ON SCHEMA src, dwh TO app;
        CREATE TYPE src.mood AS ENUM ('sad', 'so_so', 'over the moon');
        """;

    private const string Vector =
        """
        CREATE TYPE src.vector;
        CREATE FUNCTION src.vector_in(cstring) RETURNS src.vector AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
        CREATE FUNCTION src.vector_out(src.vector) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
        CREATE TYPE src.vector (INPUT = src.vector_in, OUTPUT = src.vector_out, LIKE = text);
        CREATE FUNCTION src.to_vector(real[]) RETURNS src.vector LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT translate($1::text, '{}', '[]')::src.vector $$;
        CREATE FUNCTION src.to_reals(src.vector) RETURNS real[] LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT translate($1::text, '[]', '{}')::real[] $$;
        CREATE CAST (real[] AS src.vector) WITH FUNCTION src.to_vector(real[]) AS ASSIGNMENT;
        CREATE CAST (src.vector AS real[]) WITH FUNCTION src.to_reals(src.vector) AS ASSIGNMENT;
        """;

    private const string Entities =
        """
        CREATE TABLE src.entities (
          id bigint PRIMARY KEY, mood src.mood NOT NULL, former_mood src.mood, priority int NOT NULL, tags text[] NOT NULL, numbers int[],
          document json NOT NULL, settings jsonb, extra jsonb, flags varbit NOT NULL, octet bit(8), embedding src.vector NOT NULL, former_embedding src.vector,
          created_at timestamptz NOT NULL, local_time timestamp, labels hstore);
        CREATE TABLE dwh.entities (LIKE src.entities INCLUDING ALL);
        ALTER TABLE dwh.entities OWNER TO app;
        """;

    private const string Full =
        """
        'so_so', 'over the moon', 7, '{a,"b,c"}', '{1,NULL}', '{"b": 1,  "a": [1, 2.50, null], "b": 2}', '{"b": 1.50, "a": [true, {}]}', '{"n": [1.50, "x"]}',
        B'10110', B'00000001', '[1,2.5,-0.125]', '[3]', '2026-03-29 01:30:00.123456+00', '2026-03-29 01:30:00.5', 'k=>v'
        """;

    [Fact]
    public async Task Values_of_entities_arrive_as_they_were()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Types + Vector + Entities);
        await database.ExecuteAsync($"INSERT INTO src.entities VALUES (1, {Full})");
        await database.ExecuteAsync("""
            INSERT INTO src.entities (id, mood, priority, tags, document, settings, flags, embedding, created_at) VALUES (2, 'sad', 42, '{}', 'null', 'null', B'', '[0]', 'epoch')
            """);
        await using var copy = await EntityPipeline.CopyEntitiesAsync(database, database.Name);
        await copy.CopyAsync(2);
        await AssertEqualAsync(database, "entities", "id");

        await database.ExecuteAsync($"INSERT INTO src.entities VALUES (3, {Full})");
        await database.ExecuteAsync("UPDATE src.entities SET mood = 'over the moon', priority = -1, embedding = '[7,8]', flags = B'1' WHERE id = 1; UPDATE src.entities SET id = 20 WHERE id = 2");
        await copy.CopyAsync(5);
        await AssertEqualAsync(database, "entities", "id");
        Assert.Equal(3, (await database.QueryAsync("SELECT id FROM dwh.entities")).Count);
    }

    [Fact]
    public async Task Table_is_made_for_entities()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Types + Vector + Entities + "DROP TABLE dwh.entities; ALTER SCHEMA dwh OWNER TO app;");
        await database.ExecuteAsync($"INSERT INTO src.entities VALUES (1, {Full})");
        await using var copy = await EntityPipeline.CopyEntitiesAsync(database, database.Name);
        await copy.CopyAsync(1);
        Assert.Equal(
            [["SoSo", "High", "{a,\"b,c\"}", "{\"a\": [1, 2.50, null], \"b\": 2}", "10110", "{1,2.5,-0.125}", "jsonb", "bit varying", "real[]"]],
            await database.QueryAsync("SELECT mood, priority, tags, document, flags, embedding, pg_typeof(document), pg_typeof(flags), pg_typeof(embedding) FROM dwh.entities"));
    }

    [Fact]
    public async Task Time_without_a_zone_is_no_instant()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Types + Vector + Entities + "ALTER TABLE dwh.entities ALTER local_time TYPE timestamptz");
        await database.ExecuteAsync($"INSERT INTO src.entities VALUES (1, {Full})");
        await using var copy = await EntityPipeline.CopyEntitiesAsync(database, database.Name);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => copy.CopyAsync(1));
        Assert.Equal("CDCF5004", error.Code);
        Assert.Contains("\"local_time\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("A DateTime must be of kind Utc there", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_and_numbers_of_a_key_find_their_rows()
    {
        var database = await MoodsAsync("src.mood", "smallint");
        await database.ExecuteAsync("INSERT INTO src.moods VALUES ('sad', -1, 'a'), ('so_so', 0, 'b'), ('over the moon', 7, 'c'), ('sad', 5, 'd')");
        await using var copy = await EntityPipeline.CopyMoodsAsync(database, database.Name);
        await copy.CopyAsync(4);
        await database.ExecuteAsync("""
            UPDATE src.moods SET note = 'x' WHERE mood = 'so_so'; UPDATE src.moods SET mood = 'so_so', priority = 7 WHERE mood = 'over the moon'; DELETE FROM src.moods WHERE note = 'a'
            """);
        await copy.CopyAsync(7);
        await AssertEqualAsync(database, "moods", "mood, priority");
        Assert.Equal(3, (await database.QueryAsync("SELECT mood FROM dwh.moods")).Count);
    }

    [Fact]
    public async Task Texts_get_what_codecs_write()
    {
        var database = await MoodsAsync("text", "text");
        await database.ExecuteAsync("INSERT INTO src.moods VALUES ('so_so', 0, 'a'), ('over the moon', 5, 'b')");
        await using var copy = await EntityPipeline.CopyMoodsAsync(database, database.Name);
        await copy.CopyAsync(2);
        Assert.Equal([["SoSo", "Normal", "a"], ["over the moon", "5", "b"]], await database.QueryAsync("SELECT mood, priority, note FROM dwh.moods ORDER BY note"));
    }

    [Fact]
    [Trait("WayOut", "CDCF2107")]
    public async Task Labels_that_the_sink_lacks_are_said_and_added()
    {
        var database = await MoodsAsync("dwh.mood", "int", "CREATE TYPE dwh.mood AS ENUM ('SAD', 'its \\ so''so');");
        for (var start = 0; start < 2; start++)
        {
            await using var sink = await EntityPipeline.OpenMoodsAsync(database);
            var problem = Assert.Single(await sink.ProblemsAsync());
            Assert.Equal(("CDCF2107", PreflightStatus.Warning), (problem.Code, problem.Status));
            Assert.Equal("ALTER TYPE dwh.mood ADD VALUE 'SoSo'; ALTER TYPE dwh.mood ADD VALUE 'over the moon';", problem.Fix);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.WriteAsync(new MoodRow(Mood.Sad, Priority.Low, "a"), new MoodRow(Mood.Happy, Priority.Low, "b")));
            Assert.Equal("CDCF5004", error.Code);
            Assert.Contains("ALTER TYPE dwh.mood ADD VALUE", error.Fix, StringComparison.Ordinal);
            foreach (var statement in start == 0 ? [] : problem.Fix!.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                await database.ExecuteAsync(statement);
            }
        }

        await using var goesOn = await EntityPipeline.OpenMoodsAsync(database);
        Assert.Empty(await goesOn.ProblemsAsync());
        await goesOn.WriteAsync(new MoodRow(Mood.Sad, Priority.Low, "a"), new MoodRow(Mood.Happy, Priority.Low, "b"));
        Assert.Equal([["SAD", "-1"], ["over the moon", "-1"]], await database.QueryAsync("SELECT mood, priority FROM dwh.moods ORDER BY mood"));
    }

    private async Task<TestDatabase> MoodsAsync(string mood, string priority, string more = "")
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            Types + more + "CREATE TABLE src.moods (mood src.mood, priority smallint, note text, PRIMARY KEY (mood, priority));"
            + $"CREATE TABLE dwh.moods (mood {mood}, priority {priority}, note text, PRIMARY KEY (mood, priority)); ALTER TABLE dwh.moods OWNER TO app;");
        return database;
    }

    private static async Task AssertEqualAsync(TestDatabase database, string table, string order) => Assert.Equal(
        await database.QueryAsync($"SELECT e::text FROM src.{table} e ORDER BY {order}"), await database.QueryAsync($"SELECT e::text FROM dwh.{table} e ORDER BY {order}"));
}
