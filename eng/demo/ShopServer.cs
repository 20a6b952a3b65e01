using Npgsql;

namespace Shop;

/// <summary>A PostgreSQL server that holds the shop (what the pipeline reads) and the warehouse (what it writes).</summary>
/// <param name="Administrator">Connection string of a superuser, without a database.</param>
public sealed record ShopServer(string Administrator)
{
    public const int Customers = 20_000;
    public const int Orders = 180_000;

    /// <summary>What the pipeline connects to the shop with: a role that may replicate and, as a member of the tables' owner, publish them.</summary>
    public string PipelineShop => For("shop", "cdc", "cdcpw");

    /// <summary>What the pipeline connects to the warehouse with.</summary>
    public string PipelineWarehouse => For("warehouse", "app", "apppw");

    public NpgsqlDataSource Shop() => NpgsqlDataSource.Create(For("shop", "app", "apppw"));

    public NpgsqlDataSource Warehouse() => NpgsqlDataSource.Create(PipelineWarehouse);

    /// <summary>Makes both databases anew and fills the shop with <paramref name="orders"/> orders and a ninth as many customers.</summary>
    public async Task FillAsync(int orders, CancellationToken cancellationToken)
    {
        await using (var server = NpgsqlDataSource.Create(Administrator))
        {
            foreach (var statement in new[]
            {
                "DROP DATABASE IF EXISTS shop", "DROP DATABASE IF EXISTS warehouse",
                "CREATE DATABASE shop OWNER app", "CREATE DATABASE warehouse OWNER app",
                "GRANT app TO cdc", "GRANT CREATE ON DATABASE shop TO cdc",
            })
            {
                await ExecuteAsync(server, statement, cancellationToken);
            }
        }

        await using var shop = Shop();
        await ExecuteAsync(shop, Tables(orders), cancellationToken);
    }

    private static string Tables(int orders) =>
        $"""
        CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, tier text NOT NULL, revision int NOT NULL);
        CREATE TABLE orders (
            id bigint PRIMARY KEY, customer_id bigint NOT NULL, total numeric(12,2) NOT NULL, status text NOT NULL, note text, revision int NOT NULL);
        INSERT INTO customers SELECT id, 'Customer ' || id, CASE WHEN id % 10 = 0 THEN 'Gold' ELSE 'Basic' END, 1
            FROM generate_series(1, {orders / 9}) AS id;
        INSERT INTO orders SELECT id, 1 + id % {orders / 9}, (id * 7919 % 100000) / 100.0, (ARRAY['New', 'Paid', 'Cancelled'])[1 + id % 3],
            CASE WHEN id % 5 = 0 THEN NULL ELSE 'note ' || id END, 1
            FROM generate_series(1, {orders}) AS id;
        {RowHistory.Table}
        ANALYZE;
        """;

    private string For(string database, string role, string password) =>
        new NpgsqlConnectionStringBuilder(Administrator) { Database = database, Username = role, Password = password }.ConnectionString;

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
