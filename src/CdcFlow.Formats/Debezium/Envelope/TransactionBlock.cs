using System.Globalization;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>An envelope's <c>transaction</c>: which one it is, and where in it the change stands.</summary>
internal static class TransactionBlock
{
    private const int LongestId = 32;

    private static readonly ConnectSchema id = new(ConnectType.String);
    private static readonly ConnectSchema order = new(ConnectType.Int64);

    private static readonly ConnectSchema older = new(ConnectType.Struct)
    {
        IsOptional = true,
        Fields = [new("id", id), new("total_order", order), new("data_collection_order", order)],
    };

    private static readonly ConnectSchema newer = older with { Name = "event.block", Version = 1 };

    public static ConnectSchema SchemaOf(DebeziumShape shape) => shape == DebeziumShape.Debezium19 ? older : newer;

    /// <summary>Appends the member for one transaction.</summary>
    /// <param name="writer">How it is spelled.</param>
    /// <param name="to">Where to.</param>
    /// <param name="shape">Whose envelope it is.</param>
    /// <param name="transaction">The transaction's id in the source; null for no block.</param>
    public static void Append(IEnvelopeWriter writer, EnvelopeTemplate to, DebeziumShape shape, string? transaction)
    {
        var schema = SchemaOf(shape);
        writer.Name(to, "transaction"u8);
        if (transaction is null)
        {
            writer.Null(to, schema);
            return;
        }

        // Debezium's id goes on with the address of the change's own record, so it differs between the changes of a transaction.
        Span<char> before = stackalloc char[LongestId];
        var fits = before.TryWrite(CultureInfo.InvariantCulture, $"{transaction}:", out var length);
        var begin = writer.Begin(to, schema);
        writer.Name(to, "id"u8);
        writer.Text(to, id, fits ? before[..length] : $"{transaction}:", RowFact.LogAddress, "");
        writer.Name(to, "total_order"u8);
        writer.Number(to, order, RowFact.TotalOrder);
        writer.Name(to, "data_collection_order"u8);
        writer.Number(to, order, RowFact.OrderInTable);
        writer.End(to, begin);
    }
}
