namespace CdcFlow.Formats.Debezium.Types;

/// <summary>Which forms a C# type's values can take. A text, and a type that is written as its text, can take any: the text says what it is.</summary>
internal static class ValueFit
{
    public static bool Fits(Type clr, ValueForm form) => Type.GetTypeCode(clr) switch
    {
        _ when clr.IsEnum => form == ValueForm.Text,
        TypeCode.Boolean => form == ValueForm.Boolean,
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Decimal =>
            form is ValueForm.Integer or ValueForm.Float or ValueForm.Double || IsDecimal(form),
        TypeCode.Single or TypeCode.Double => form is ValueForm.Float or ValueForm.Double,
        TypeCode.DateTime => IsMoment(form),
        _ when clr == typeof(DateTimeOffset) || clr == typeof(DateOnly) => IsMoment(form),
        _ when clr == typeof(TimeOnly) => IsTime(form),
        _ when clr == typeof(TimeSpan) => IsTime(form) || form is ValueForm.MicroDuration or ValueForm.IsoInterval,
        _ when clr == typeof(Guid) || clr == typeof(System.Text.Json.JsonElement) => form == ValueForm.Text,
        _ when clr == typeof(System.Collections.BitArray) => form is ValueForm.Bits or ValueForm.Boolean or ValueForm.Text,
        _ when clr == typeof(Dictionary<string, string>) => form == ValueForm.HstoreJson,
        _ when clr == typeof(byte[]) => form is ValueForm.Bytes or ValueForm.Base64UrlSafe or ValueForm.Hex,
        _ => true,
    };

    private static bool IsDecimal(ValueForm form) => form is ValueForm.Decimal or ValueForm.VariableScaleDecimal or ValueForm.DecimalDouble
        or ValueForm.MoneyDecimal or ValueForm.MoneyDouble or ValueForm.MoneyText or ValueForm.Text;

    private static bool IsTime(ValueForm form) => form is ValueForm.MillisOfDay or ValueForm.MicrosOfDay or ValueForm.IsoTime or ValueForm.ZonedTime;

    private static bool IsMoment(ValueForm form) => form is ValueForm.Days or ValueForm.IsoDate
        or ValueForm.MillisTimestamp or ValueForm.MicrosTimestamp or ValueForm.IsoTimestamp or ValueForm.ZonedTimestamp;
}
