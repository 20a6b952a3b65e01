using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;
using CdcFlow.Snapshots;

namespace CdcFlow.Postgres.Source;

/// <summary>Reads the large values that an update of the key left out of the log from the table itself, where downstream has no row to take them from,
/// because the snapshot has not handed it over, or will have the new row wait.</summary>
/// <remarks>
/// What is read is of later than the change: perhaps another value, another row of that key, or none. It is right once the log has come to <see cref="UpTo"/>:
/// a value that was changed meanwhile is carried by its change, and a row that has moved on is read again under its next key, because until then
/// every such update reads. Where there is none, nothing of the key is handed over until the log deletes it. Touched by the log's reader only.
/// </remarks>
/// <param name="binding">The table.</param>
/// <param name="sql">Its statements.</param>
/// <param name="control">Reads.</param>
internal sealed class Reselection(TableBinding binding, ChunkSql sql, ControlSession control)
{
    private readonly TupleFields fields = new();
    private byte[] message = [];

    /// <summary>The end of the log when a row was last read.</summary>
    internal Lsn UpTo { get; private set; }

    /// <summary>Reads what a row lacks.</summary>
    /// <param name="row">The row, under its new key.</param>
    /// <param name="old">Its old key.</param>
    /// <param name="key">The new key.</param>
    /// <param name="whole">An old row that has what is unchanged.</param>
    /// <returns>False where the table has no row of the key any more, which the log goes on to say.</returns>
    internal bool TryRead(TupleData row, TupleData old, ChunkKey key, out TupleData whole)
    {
        var names = Names(row, old);
        var found = control.Connection.Query(sql.Reselect(names.Values, key)).Rows[0];
        UpTo = Lsn.Parse(found[0]!);
        Write(row, old, names.Keys.Zip(found.Skip(2)).ToDictionary(pair => pair.First, pair => pair.Second));
        var reader = new WireReader(message);
        whole = fields.ReadLogTuple(message, ref reader);
        return found[1] is not null;
    }

    // The unchanged fields that are read and that the old key does not have, with their columns' names of now. A column that is gone is not read.
    private Dictionary<int, string> Names(TupleData row, TupleData old)
    {
        var now = TableCatalog.Columns(control.Connection, binding.Definition.Schema.Identity!);
        var names = new Dictionary<int, string>();
        for (var field = 0; field < row.Count; field++)
        {
            var known = binding.Schema.Columns[field];
            if (row.IsUnchanged(field) && old.IsNull(field)
                && now.FirstOrDefault(column => column.Number.ToString(CultureInfo.InvariantCulture) == known.Identity
                    && column.TypeOid.ToString(CultureInfo.InvariantCulture) == known.TypeIdentity) is { } column
                && binding.Definition.Columns.FirstOrDefault(column => column.Number.ToString(CultureInfo.InvariantCulture) == known.Identity) is { } first && binding.Reads(first.Name))
            {
                names.Add(field, column.Name);
            }
        }

        return names;
    }

    // In the log's own form (TupleData of the logical replication message formats), so that one reader serves both.
    private void Write(TupleData row, TupleData old, Dictionary<int, string?> values)
    {
        using var stream = new MemoryStream();
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt16BigEndian(number, (short)row.Count);
        stream.Write(number[..sizeof(short)]);
        for (var field = 0; field < row.Count; field++)
        {
            var isSelected = values.TryGetValue(field, out var value);
            if (row.IsUnchanged(field) && (!old.IsNull(field) || value is not null))
            {
                var text = value is null ? old[field] : Encoding.UTF8.GetBytes(value);
                stream.WriteByte((byte)'t');
                BinaryPrimitives.WriteInt32BigEndian(number, text.Length);
                stream.Write(number);
                stream.Write(text);
            }
            else
            {
                stream.WriteByte(isSelected ? (byte)'n' : (byte)'u');
            }
        }

        message = stream.ToArray();
    }
}
