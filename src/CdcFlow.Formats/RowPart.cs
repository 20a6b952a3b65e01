using CdcFlow.Rows;

namespace CdcFlow.Formats;

/// <summary>Which columns of a change are written: the new row, or what a delete knows of the old one.</summary>
internal static class RowPart
{
    /// <summary>Writes them; columns that are not called for stay out.</summary>
    public static void Write<T, TCodec, TWriter>(in Change<T> change, ref TWriter writer)
        where T : class
        where TCodec : struct, IRowCodec<T>
        where TWriter : struct, IRowWriter
    {
        if (change.After is { } after)
        {
            TCodec.Write(after, ref writer);
        }
        else if (change.Before is { } before && TCodec.Schema.KeyColumns.Count > 0)
        {
            TCodec.WriteKey(before, ref writer);
        }
        else if (change.Before is { } keyless)
        {
            TCodec.Write(keyless, ref writer);
        }
    }
}
