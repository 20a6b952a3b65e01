using CdcFlow.Capture;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Tests;

public class KeyOrderTests(SharedServer shared)
{
    [Theory]
    [InlineData("bigint", "(random() * 2000 - 1000)::bigint")]
    [InlineData("smallint", "(random() * 60000 - 30000)::smallint")]
    [InlineData("uuid", "md5(random()::text)::uuid")]
    [InlineData("bytea", "substr(decode(md5(random()::text), 'hex'), 1, 1 + (random() * 3)::int)")]
    [InlineData("boolean", "random() > 0.5")]
    [InlineData("text COLLATE \"C\"", "chr(32 + (random() * 200000)::int % 50000) || chr(60000 + (random() * 60000)::int % 5000) || chr(70000 + (random() * 100)::int)")]
    [InlineData("date", "'0001-01-01'::date + (random() * 3000000)::int")]
    [InlineData("timestamp", "'2026-01-01'::timestamp + random() * interval '3 seconds'")]
    [InlineData("timestamptz", "date_trunc('second', '1000-01-01'::timestamptz + random() * interval '2000 years') + (random() * 5)::int * interval '0.1 second'")]
    [InlineData("text COLLATE \"en-x-icu\"", "md5(random()::text)")]
    [InlineData("numeric", "(random() * 100)::numeric(6,3)")]
    [InlineData("name", "(md5(random()::text))::name")]
    [InlineData("name COLLATE \"en-x-icu\"", "(chr(65 + (random() * 57)::int) || md5(random()::text))::name")]
    public async Task Keys_are_located_as_the_server_orders_them(string type, string value)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"SELECT setseed(0.5); CREATE TABLE item (id {type}, other int); INSERT INTO item SELECT {value}, i % 3 FROM generate_series(1, 400) i");
        await database.ExecuteAsync("DELETE FROM item a USING item b WHERE a.ctid < b.ctid AND (a.id, a.other) = (b.id, b.other); ALTER TABLE item ADD PRIMARY KEY (id, other)");
        using var connection = PostgresConnection.Open(
            PostgresConnectionSettings.Parse(database.ConnectionString), SessionKind.Sql, TestContext.Current.CancellationToken);
        var table = TableCatalog.Find(connection, new TableId("public", "item"))!;
        var order = new KeyOrder([.. table.Key.Select(column => column.Order)]);
        var keys = connection.Query("SELECT id, other FROM public.item ORDER BY id, other").Rows.Select(row => new ChunkKey(row!)).ToArray();
        var bounds = keys.Where((_, i) => i % 7 == 3).ToArray();
        var expected = keys.Select((_, i) => ((i + 3) / 7)).ToArray();

        var server = connection.Query(new ChunkSql(table, new BoundForm(table, table.Columns.Select(column => column.Name).ToHashSet())).CountBelow(bounds, keys)).Rows.Select(row => row[0]!);

        Assert.Equal(expected.Select(count => $"{count}"), server);
        AssertAgree(order, bounds, keys, expected);
    }

    [Theory]
    [InlineData(15, "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'", "", false)]
    [InlineData(15, "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'", " COLLATE \"C\"", true)]
    [InlineData(15, "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'", " COLLATE trap.\"C\"", false)]
    [InlineData(13, "TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'", "", true)]
    [InlineData(13, "TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'", " COLLATE \"en-x-icu\"", false)]
    [InlineData(13, "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", "", false)]
    [InlineData(13, "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "", false)]
    [InlineData(13, "", "", false)] // the C library's C.UTF-8
    [InlineData(17, "TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'", "", true)]
    [InlineData(17, "TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C'", "", true)]
    [InlineData(17, "", " COLLATE pg_catalog.pg_c_utf8", true)]
    public async Task Texts_are_compared_by_bytes_where_their_collation_proves_it(int since, string options, string collation, bool isBytewise)
    {
        await (await shared.CreateAsync()).SkipBelowAsync(since, "such a database");
        var database = await shared.CreateAsync(options);
        await database.ExecuteAsync(
            (collation.Contains("trap", StringComparison.Ordinal) ? "CREATE SCHEMA trap; CREATE COLLATION trap.\"C\" (provider = icu, locale = 'en-US'); " : "")
            + $"CREATE TABLE item (id text{collation} PRIMARY KEY); INSERT INTO item SELECT chr(65 + i % 58) || i FROM generate_series(1, 300) i");
        using var connection = PostgresConnection.Open(
            PostgresConnectionSettings.Parse(database.ConnectionString), SessionKind.Sql, TestContext.Current.CancellationToken);
        var table = TableCatalog.Find(connection, new TableId("public", "item"))!;
        Assert.Equal(isBytewise ? ColumnOrder.Bytes : ColumnOrder.Server, Assert.Single(table.Key).Order);

        var keys = connection.Query("SELECT id FROM public.item ORDER BY id").Rows.Select(row => new ChunkKey(row!)).ToArray();
        AssertAgree(new KeyOrder([table.Key[0].Order]), [.. keys.Where((_, i) => i % 7 == 3)], keys, [.. keys.Select((_, i) => (i + 3) / 7)]);
    }

    private static void AssertAgree(KeyOrder order, ChunkKey[] bounds, ChunkKey[] keys, int[] expected)
    {
        if (order.IsLocal)
        {
            var local = keys.Select(key => order.TryCountBelow(bounds, key, out var below) ? below : -1).ToArray();
            Assert.Equal(expected.Where((_, i) => local[i] >= 0), local.Where(below => below >= 0));
            Assert.True(local.Count(below => below >= 0) > local.Length / 2, "hardly any key is located here");
        }
    }
}
