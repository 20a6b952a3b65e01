using System.Buffers.Binary;
using System.Text;

namespace CdcFlow.Postgres.Tests.Replication;

/// <summary>Builds pgoutput messages by the protocol's page. <c>xid</c> is set inside stream blocks only.</summary>
internal static class LogMessages
{
    internal static byte[] Begin(uint xid) => Of('B', [.. Long(100), .. Long(1_000_000), .. Int(xid)]);

    internal static byte[] Commit() => Of('C', [0, .. Long(100), .. Long(110), .. Long(1_000_000)]);

    internal static byte[] Relation(uint oid, string table, uint? xid = null, params string[] columns)
    {
        IEnumerable<byte> body = [.. Xid(xid), .. Int(oid), .. Text("public"), .. Text(table), (byte)'d', .. Short(columns.Length)];
        return Of('R', [.. body, .. columns.SelectMany((name, i) => (byte[])[(byte)(i == 0 ? 1 : 0), .. Text(name), .. Int(25), .. Int(uint.MaxValue)])]);
    }

    internal static byte[] Insert(uint oid, uint? xid = null, params string?[] row) => Of('I', [.. Xid(xid), .. Int(oid), (byte)'N', .. Tuple(row)]);

    internal static byte[] Update(uint oid, uint? xid, string?[] key, string?[] row) =>
        Of('U', [.. Xid(xid), .. Int(oid), (byte)'K', .. Tuple(key), (byte)'N', .. Tuple(row)]);

    internal static byte[] Delete(uint oid, uint? xid = null, params string?[] key) => Of('D', [.. Xid(xid), .. Int(oid), (byte)'O', .. Tuple(key)]);

    internal static byte[] Truncate(byte options, params uint[] oids) => Of('T', [.. Int((uint)oids.Length), options, .. oids.SelectMany(Int)]);

    internal static byte[] Message(bool isTransactional, string prefix, string content) =>
        Of('M', [(byte)(isTransactional ? 1 : 0), .. Long(100), .. Text(prefix), .. Int((uint)content.Length), .. Encoding.UTF8.GetBytes(content)]);

    internal static byte[] StreamStart(uint xid, bool isFirst) => Of('S', [.. Int(xid), (byte)(isFirst ? 1 : 0)]);

    internal static byte[] StreamStop() => [(byte)'E'];

    internal static byte[] StreamCommit(uint xid) => Of('c', [.. Int(xid), 0, .. Long(200), .. Long(210), .. Long(1_000_000)]);

    internal static byte[] StreamAbort(uint xid, uint owner) => Of('A', [.. Int(xid), .. Int(owner)]);

    private static byte[] Of(char type, IEnumerable<byte> body) => [(byte)type, .. body];

    private static byte[] Xid(uint? xid) => xid is { } value ? Int(value) : [];

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    // A tilde stands for an unchanged column.
    private static byte[] Tuple(string?[] row) =>
    [
        .. Short(row.Length),
        .. row.SelectMany(value => value switch
        {
            null => (byte[])[(byte)'n'],
            "~" => [(byte)'u'],
            _ => [(byte)'t', .. Int((uint)Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)],
        }),
    ];

    private static byte[] Short(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        return bytes;
    }

    private static byte[] Int(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
