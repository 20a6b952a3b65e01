using Npgsql;

namespace Shop;

/// <summary>samples/Orders: into tables of a PostgreSQL warehouse and into files.</summary>
/// <param name="server">Where the warehouse is.</param>
/// <param name="files">Folder of the files.</param>
public sealed class WarehouseScenario(ShopServer server, string files) : IScenario
{
    private const string Customers = "SELECT id, concat_ws('|', name, tier, revision) FROM customers ORDER BY id";

    private const string WarehouseInvoices =
        "SELECT id, concat_ws('|', customer_id, net::numeric(12,2), gross::numeric(12,2), paid::text) FROM invoices ORDER BY id";

    public string Pipeline => "orders";

    public IReadOnlyDictionary<string, string> Sinks { get; } = new Dictionary<string, string> { ["warehouse"] = server.PipelineWarehouse, ["files"] = files };

    public async Task<IReadOnlyList<Verdict>> CompareAsync(NpgsqlDataSource shop, CancellationToken cancellationToken)
    {
        await using var warehouse = server.Warehouse();
        return
        [
            await ChangeComparison.AuditAsync("audit files", shop, Changes("audit"), cancellationToken),
            await TableComparison.CompareAsync("customers table", shop, Customers, warehouse, Customers, cancellationToken),
            await TableComparison.CompareAsync("invoices table", shop, $"{Invoices.Expected} ORDER BY id", warehouse, WarehouseInvoices, cancellationToken),
            await ChangeComparison.FoldAsync("files of small invoices", shop, Invoices.ExpectedSmall, Changes("small"), Invoices.Content, cancellationToken),
            await ChangeComparison.FoldAsync("files of large invoices", shop, Invoices.ExpectedLarge, Changes("large"), Invoices.Content, cancellationToken),
        ];
    }

    private IEnumerable<ChangeLine> Changes(string folder) => ChangeLine.ReadFolder(Path.Combine(files, folder));
}
