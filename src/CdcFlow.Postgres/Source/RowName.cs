using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source;

/// <summary>Names the row in an error that a decoder threw: the decoder knows table and column only.</summary>
internal static class RowName
{
    /// <summary>Whether the error is about one row's value.</summary>
    internal static bool IsMissingFrom(CdcFlowException error) =>
        error.Code is PostgresWireErrorCodes.ValueDoesNotFit or ErrorCodes.NullColumn or ErrorCodes.UnknownEnumLabel or ErrorCodes.JsonNull;

    /// <summary>The error with the row's key, as far as that can be read.</summary>
    internal static CdcFlowException AddTo<T, TCodec>(CdcFlowException error, PostgresRowReader row)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var happened = error.Code == ErrorCodes.UnknownEnumLabel && UnknownLabel(row) is { } label ? $"{error.Happened} It is '{label}'." : error.Happened;
        if (TCodec.Schema.KeyColumns.Count == 0)
        {
            return new CdcFlowException(error.Code, happened, error.Fix, error.Domain, error.IsTransient, error);
        }

        string key;
        try
        {
            key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"of key {TCodec.Key(TCodec.ReadKey(ref row))}");
        }
        catch (CdcFlowException)
        {
            key = "whose key cannot be read either";
        }

        return new CdcFlowException(error.Code, $"{happened} It is the row {key}.", error.Fix, error.Domain, error.IsTransient, error);
    }

    private static string? UnknownLabel(PostgresRowReader row)
    {
        for (var column = 0; column < row.Schema.Columns.Count; column++)
        {
            var wanted = row.Schema.Columns[column];
            if (wanted.ClrType.IsEnum && row.Label(column) is { } label && ServerLabels.MemberOf(wanted, label) is null)
            {
                return label;
            }
        }

        return null;
    }
}
