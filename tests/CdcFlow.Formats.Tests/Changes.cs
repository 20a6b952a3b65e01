using System.Text;
using CdcFlow.Formats.Csv;
using CdcFlow.Formats.Json;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests;

/// <summary>Changes of accounts at places that are easy to read, and their encoded form.</summary>
internal static class Changes
{
    public static readonly Account Ada = new(1, "Ada", 10.50m, null);

    public static ChangeMetadata Metadata { get; } = At(new ChangeOrigin(
        new TableOrigin("shop", new TableId("public", "accounts")) { Connector = "postgresql" },
        new NamedTransaction(0x16B3748, "771", 0x16B3000) { CommittedAt = new DateTimeOffset(2026, 1, 1, 14, 0, 0, 250, TimeSpan.FromHours(2)) })) with
    { Detail = 0x16B3100, Order = new TransactionOrder(8, 3) };

    public static ChangeMetadata At(ChangeOrigin origin, int index = 0, short row = 0) => new(origin, index, row);

    public static string Json(params Change<Account>[] changes) => Encoded(new JsonLinesEncoder<Account, AccountCodec>(new TextFormatOptions()), changes);

    public static string Csv(params Change<Account>[] changes) => Encoded(new CsvEncoder<Account, AccountCodec>(new TextFormatOptions()), changes);

    public static string Encoded<T>(IChangeEncoder<T> encoder, params Change<T>[] changes)
        where T : class
    {
        using (encoder)
        {
            using var buffer = new ByteBuffer(16);
            encoder.WriteHeader(buffer);
            foreach (var change in changes)
            {
                encoder.Write(change, buffer);
            }

            return Encoding.UTF8.GetString(buffer.Written);
        }
    }
}
