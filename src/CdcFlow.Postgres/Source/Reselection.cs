using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CdcFlow.Capture;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

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

    /// <summary>The end of the log when a row was last read.</summary>
    internal Lsn UpTo { get; private set; }

    /// <summary>Whether the row and its old key lack a value that an output reads.</summary>
    internal bool Lacks(TupleData row, TupleData old)
    {
        if (!row.HasUnchanged || binding.Definition.Key.Count == 0)
        {
            return false;
        }

        for (var field = 0; field < row.Count; field++)
        {
            if (IsLacking(row, old, field))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads what a row lacks. Its transaction must be visible.</summary>
    /// <param name="row">The row.</param>
    /// <param name="old">Its old key; may be empty.</param>
    /// <param name="key">The new key.</param>
    /// <param name="whole">An old row that has what is unchanged.</param>
    /// <returns>False where the table has no row of the key any more, which the log goes on to say.</returns>
    /// <exception cref="CdcFlowException">The table is locked for long; transient.</exception>
    internal bool TryRead(TupleData row, TupleData old, ChunkKey key, out TupleData whole)
    {
        var names = Names(row, old);
        var found = control.Connection.Query(sql.Reselect(names.Values, key)).Rows[0];
        UpTo = Lsn.Parse(found[0]!);
        if (UpTo > Lsn.Parse(found[1]!))
        {
            control.Push(); // What was read must not be lost in a crash of the server.
        }

        byte[] message = Message(row, old, names.Keys.Zip(found.Skip(3)).ToDictionary(pair => pair.First, pair => pair.Second));
        var reader = new WireReader(message);
        whole = fields.ReadLogTuple(message, ref reader);
        return found[2] is not null;
    }

    // The columns' names of now. A column that is gone is not read.
    private Dictionary<int, string> Names(TupleData row, TupleData old)
    {
        var now = TableCatalog.Columns(control.Connection, binding.Definition.Schema.Identity!);
        var names = new Dictionary<int, string>();
        for (var field = 0; field < row.Count; field++)
        {
            var known = binding.Schema.Columns[field];
            if (IsLacking(row, old, field) && now.FirstOrDefault(column => IsSame(column, known) && Text(column.TypeOid) == known.TypeIdentity) is { } column)
            {
                names.Add(field, column.Name);
            }
        }

        return names;
    }

    private bool IsLacking(TupleData row, TupleData old, int field) =>
        row.IsUnchanged(field) && !IsIn(old, field)
        && binding.Definition.Columns.FirstOrDefault(column => IsSame(column, binding.Schema.Columns[field])) is { } column && binding.Reads(column.Name);

    private static bool IsSame(PostgresColumn column, TableColumn known) => Text(column.Number) == known.Identity;

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(short number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool IsIn(TupleData old, int field) => old.Count > 0 && !old.IsNull(field);

    // In the log's own form (TupleData of the logical replication message formats), so that one reader serves both.
    private static byte[] Message(TupleData row, TupleData old, Dictionary<int, string?> values)
    {
        using var stream = new MemoryStream();
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt16BigEndian(number, (short)row.Count);
        stream.Write(number[..sizeof(short)]);
        for (var field = 0; field < row.Count; field++)
        {
            var isSelected = values.TryGetValue(field, out var value);
            if (row.IsUnchanged(field) && (IsIn(old, field) || value is not null))
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

        return stream.ToArray();
    }
}
