using System.Globalization;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>Bytes, by Debezium's <c>binary.handling.mode</c>, and bit strings.</summary>
internal static class BinaryTypes
{
    public static DebeziumType? Find(ServerType type, BinaryMode mode) => type.Name switch
    {
        "bytea" or "blob" or "binary" or "varbinary" => mode switch
        {
            BinaryMode.Base64 => new(ConnectType.String, ValueForm.Bytes),
            BinaryMode.Base64UrlSafe => new(ConnectType.String, ValueForm.Base64UrlSafe),
            BinaryMode.Hex => new(ConnectType.String, ValueForm.Hex),
            _ => new(ConnectType.Bytes, ValueForm.Bytes),
        },
        "bit" => type.Number(0) is null or 1 ? new(ConnectType.Boolean, ValueForm.Boolean) : Bits(type.Number(0)!.Value),
        "varbit" or "bit varying" => Bits(type.Number(0) ?? int.MaxValue),
        _ => null,
    };

    private static DebeziumType Bits(int length) => new(
        new ConnectSchema(ConnectType.Bytes)
        {
            Name = "io.debezium.data.Bits",
            Version = 1,
            Parameters = [("length", length.ToString(CultureInfo.InvariantCulture))],
        },
        ValueForm.Bits);
}
