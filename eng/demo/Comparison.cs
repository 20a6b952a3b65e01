using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Shop;

/// <summary>Compares everything that samples/Orders writes with the shop, each sink on its own.</summary>
public static class Comparison
{
    private const string Customers = "SELECT id, concat_ws('|', name, tier, revision) FROM customers ORDER BY id";

    // What the pipeline's transform makes of an order, said once more in the database's own words.
    private const string Invoices =
        "SELECT id, concat_ws('|', customer_id, total, total + round(total * 0.19, 2), (status = 'Paid')::text) FROM orders WHERE status <> 'Cancelled'";

    private const string WarehouseInvoices =
        "SELECT id, concat_ws('|', customer_id, net::numeric(12,2), gross::numeric(12,2), paid::text) FROM invoices ORDER BY id";

    /// <summary>One verdict per sink, the one of the audit files first.</summary>
    public static async Task<IReadOnlyList<Verdict>> CompareAsync(
        NpgsqlDataSource shop, NpgsqlDataSource warehouse, string files, CancellationToken cancellationToken) =>
    [
        await FileComparison.AuditAsync("audit files", shop, Path.Combine(files, "audit"), cancellationToken),
        await TableComparison.CompareAsync("customers table", shop, Customers, warehouse, Customers, cancellationToken),
        await TableComparison.CompareAsync("invoices table", shop, $"{Invoices} ORDER BY id", warehouse, WarehouseInvoices, cancellationToken),
        await FileComparison.FoldAsync("files of small invoices", shop, $"{Invoices} AND total < 500", Path.Combine(files, "small"), Content, cancellationToken),
        await FileComparison.FoldAsync("files of large invoices", shop, $"{Invoices} AND total >= 500", Path.Combine(files, "large"), Content, cancellationToken),
    ];

    private static string Content(JsonElement invoice) => string.Create(CultureInfo.InvariantCulture,
        $"{invoice.GetProperty("customer_id").GetInt64()}|{Money(invoice, "net")}|{Money(invoice, "gross")}|{(invoice.GetProperty("paid").GetBoolean() ? "true" : "false")}");

    private static string Money(JsonElement invoice, string column) => invoice.GetProperty(column).GetDecimal().ToString("F2", CultureInfo.InvariantCulture);
}
