using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source;

/// <summary>Names the row in an error that a decoder threw: the decoder knows table and column only.</summary>
internal static class RowName
{
    /// <summary>Whether the error is about one row's value.</summary>
    internal static bool IsMissingFrom(CdcFlowException error) =>
        error.Code is PostgresWireErrorCodes.ValueDoesNotFit or ErrorCodes.NullColumn or ErrorCodes.UnknownEnumLabel;

    /// <summary>The error with the row's key, as far as that can be read.</summary>
    internal static CdcFlowException AddTo<T, TCodec>(CdcFlowException error, PostgresRowReader row)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        if (TCodec.Schema.KeyColumns.Count == 0)
        {
            return error;
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

        return new CdcFlowException(error.Code, $"{error.Happened} It is the row {key}.", error.Mend, error.Domain, error.IsTransient, error);
    }
}
