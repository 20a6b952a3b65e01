using System.Globalization;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>Decimal numbers, by Debezium's <c>decimal.handling.mode</c>.</summary>
internal static class DecimalTypes
{
    private const int MoneyScale = 2;

    private static readonly ConnectSchema variableScale = new(ConnectType.Struct)
    {
        Name = "io.debezium.data.VariableScaleDecimal",
        Version = 1,
        Doc = "Variable scaled decimal",
        Fields = [new("scale", new(ConnectType.Int32)), new("value", new(ConnectType.Bytes))],
    };

    public static DebeziumType? Find(ServerType type, DecimalMode mode) => type.Name switch
    {
        "numeric" or "decimal" => mode switch
        {
            DecimalMode.String => new(ConnectType.String, ValueForm.Text),
            DecimalMode.Double => new(ConnectType.Float64, ValueForm.DecimalDouble),
            _ => type.Number(0) is { } precision ? Fixed(type.Number(1) ?? 0, precision) : new(variableScale, ValueForm.VariableScaleDecimal),
        },
        "money" => mode switch
        {
            DecimalMode.String => new(ConnectType.String, ValueForm.MoneyText),
            DecimalMode.Double => new(ConnectType.Float64, ValueForm.MoneyDouble),
            _ => Fixed(MoneyScale, precision: null) with { Form = ValueForm.MoneyDecimal },
        },
        "xid8" => Find(new ServerType("numeric", ["20", "0"], false), mode),
        _ => null,
    };

    private static DebeziumType Fixed(int scale, int? precision)
    {
        var parameters = new List<(string, string)> { ("scale", scale.ToString(CultureInfo.InvariantCulture)) };
        if (precision is { } digits)
        {
            parameters.Add(("connect.decimal.precision", digits.ToString(CultureInfo.InvariantCulture)));
        }

        return new(new(ConnectType.Bytes) { Name = "org.apache.kafka.connect.data.Decimal", Version = 1, Parameters = parameters }, ValueForm.Decimal, scale);
    }
}
