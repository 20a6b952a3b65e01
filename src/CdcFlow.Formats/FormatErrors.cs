using System.Globalization;
using CdcFlow.Rows;

namespace CdcFlow.Formats;

/// <summary>The run-time error codes of the text formats.</summary>
public static class FormatErrors
{
    /// <summary>A column's type has no form in the format.</summary>
    public const string TypeHasNoForm = "CDCF2101";

    /// <summary>A text is not valid Unicode, and the format has no escape for that.</summary>
    public const string InvalidText = "CDCF2102";

    /// <summary>A column bears the name of a field that the format itself writes.</summary>
    public const string FieldNameTaken = "CDCF2103";

    /// <summary>A value is beyond what the format holds for its column.</summary>
    public const string ValueNotHeld = "CDCF2104";

    /// <summary>A record is larger than an array can be.</summary>
    public const string RecordTooLarge = "CDCF2105";

    /// <summary>The same error, with the column that it happened in.</summary>
    internal static CdcFlowException In(RowSchema schema, int column, CdcFlowException error) => column < 0 || column >= schema.Columns.Count ? error : new(
        error.Code, $"Column '{schema.Columns[column].Name}' of {schema.RowType}: {error.Happened}", error.Fix, error.Domain, inner: error);

    internal static CdcFlowException TooLarge() => new(
        RecordTooLarge, "A record of more than 2 GiB cannot be written.", "Leave its largest columns out with a transform, or filter the row out.");

    internal static CdcFlowException NoMemory(long bytes, OutOfMemoryException cause) => new(
        RecordTooLarge, string.Create(CultureInfo.InvariantCulture, $"A record needs {bytes:N0} bytes to be written in, and the process has no memory for that."),
        "Give the process more memory, leave the record's largest columns out with a transform, or filter the row out.", inner: cause);

    internal static CdcFlowException NotHeld(string value, string fix) => new(
        ValueNotHeld, $"The format has no form for {value}.", fix);

    /// <summary>A JSON element that nobody set.</summary>
    internal static CdcFlowException NoJson() => NotHeld("a JsonElement that was never set", "Set it, or make the property a JsonElement? and leave it null.");

    internal static CdcFlowException NoForm(Type type, string format) => new(
        TypeHasNoForm, $"{type} has no form in {format}.", "Convert the property with [ColumnConverter<…>] to text, a number or an array of them.");

    internal static CdcFlowException NotUnicode() => new(
        InvalidText, "A text holds half of a surrogate pair, which UTF-8 cannot express.", "Fix the transform that makes it, or write JSON lines (Kafka: Format = Json).");

    internal static CdcFlowException Taken(string row, string field) => new(
        FieldNameTaken, $"A column of {row} is named '{field}', as is a field that every change has.",
        "Give the sink rows of a type whose property has another name, by a [Transform]; or choose a Debezium format; of a file sink, set OperationField or MetadataField.");
}
