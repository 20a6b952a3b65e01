using System.Globalization;
using System.Text.Json;

namespace Shop;

/// <summary>What the samples' transform makes of an order, said once more in the database's own words, and what a sink has of it.</summary>
internal static class Invoices
{
    public const string Expected =
        "SELECT id, concat_ws('|', customer_id, total, total + round(total * 0.19, 2), (status = 'Paid')::text) FROM orders WHERE status <> 'Cancelled'";

    public const string ExpectedSmall = $"{Expected} AND total < 500";

    public const string ExpectedLarge = $"{Expected} AND total >= 500";

    public static string Content(JsonElement invoice) => string.Create(CultureInfo.InvariantCulture,
        $"{invoice.GetProperty("customer_id").GetInt64()}|{Money(invoice, "net")}|{Money(invoice, "gross")}|{(invoice.GetProperty("paid").GetBoolean() ? "true" : "false")}");

    private static string Money(JsonElement invoice, string column) => invoice.GetProperty(column).GetDecimal().ToString("F2", CultureInfo.InvariantCulture);
}
