using System.Globalization;
using System.Text;
using CdcFlow.Rejects;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Json;

/// <summary>What is kept of a row whose change is set aside, as text for people. Not for the hot path.</summary>
/// <remarks>Never throws: a row that cannot be shown is a reason to set it aside, not to stop.</remarks>
public static class RowEvidence<T, TCodec>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private static readonly JsonMembers members = new(TCodec.Schema, FieldNaming.SnakeCase);

    /// <summary>The row's key; null for a row type without one.</summary>
    public static string? Key(T row) => TCodec.Schema.KeyColumns.Count == 0 ? null : Try(() => TCodec.Key(row) switch
    {
        byte[] bytes => Convert.ToHexStringLower(bytes),
        var key => Convert.ToString(key, CultureInfo.InvariantCulture),
    });

    /// <summary>The new row as a JSON object, without the columns that the log did not carry; of a delete the old one, as far as it is known.
    /// Null where it is longer than <see cref="RejectedChange.RowLengthMax"/> bytes, or of no row.</summary>
    public static string? Row(in Change<T> change)
    {
        var (row, missing) = (change.After ?? change.Before, change.After is null ? null : change.Missing);
        var isKeyOnly = change.After is null && change.BeforeState == BeforeState.KeyOnly;
        return row is null ? null : Try(() => Json(row, missing, isKeyOnly));
    }

    private static string? Json(T row, ColumnSet? missing, bool isKeyOnly)
    {
        using var output = new ByteBuffer();
        var writer = new JsonRowWriter(output, members, missing);
        if (isKeyOnly)
        {
            TCodec.WriteKey(row, ref writer);
        }
        else
        {
            TCodec.Write(row, ref writer);
        }

        JsonMembers.Enclose(output, 0, '{', '}');
        return output.Length > RejectedChange.RowLengthMax ? null : Encoding.UTF8.GetString(output.Written);
    }

    private static string? Try(Func<string?> show)
    {
        try
        {
            return show();
        }
        catch (Exception unshown) when (unshown is not OutOfMemoryException)
        {
            return null;
        }
    }
}
