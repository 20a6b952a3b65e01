namespace CdcFlow.Postgres.Types;

/// <summary>Where and how a property's column is read.</summary>
/// <param name="Field">Its field in the row; <see cref="NotCarried"/> when the log does not carry it, <see cref="Lacking"/> when it did not yet.</param>
/// <param name="IsBinary">Whether the field is the type's binary form, to be read by <see cref="BinaryValue"/>; otherwise it is text.</param>
/// <param name="Type">The server's type.</param>
/// <param name="Decoder">Decodes the text into the property's type.</param>
internal readonly record struct BoundColumn(int Field, bool IsBinary, PostgresType Type, ITextDecoder Decoder)
{
    /// <summary>The log never has the column: a generated one that is not published.</summary>
    internal const int NotCarried = -1;

    /// <summary>A column that the table got after the row was written: null.</summary>
    internal const int Lacking = -2;
}
