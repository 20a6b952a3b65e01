using System.Text;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>How much of the old row the table's log carries (<c>REPLICA IDENTITY</c>).</summary>
internal enum ReplicaIdentity : byte
{
    Default = (byte)'d',
    Nothing = (byte)'n',
    Full = (byte)'f',
    Index = (byte)'i',
}

/// <summary>One column of a <see cref="Relation"/>.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="TypeOid">Its type: <c>pg_type.oid</c> (a domain's own).</param>
/// <param name="TypeModifier"><c>atttypmod</c>.</param>
/// <param name="IsKey">Whether it is part of the replica identity.</param>
internal sealed record RelationColumn(string Name, uint TypeOid, int TypeModifier, bool IsKey);

/// <summary>A Relation message: the table as it is for the rows that follow. A new object each time the server announces it.</summary>
internal sealed record Relation(uint Oid, string Schema, string Table, ReplicaIdentity Identity, IReadOnlyList<RelationColumn> Columns)
{
    // Flag, name's zero, type, modifier.
    private const int MinimumColumnLength = 10;

    internal static Relation Read(ref WireReader reader)
    {
        var oid = reader.ReadUInt32();
        var schema = Encoding.UTF8.GetString(reader.ReadCString());
        var table = Encoding.UTF8.GetString(reader.ReadCString());
        var identity = (ReplicaIdentity)reader.ReadByte();
        var count = reader.ReadInt16();
        if (!Enum.IsDefined(identity) || count < 0 || count * MinimumColumnLength > reader.Remaining)
        {
            throw new PostgresProtocolException($"A Relation message announces {count} columns and replica identity {(byte)identity}.");
        }

        var columns = new RelationColumn[count];
        for (var i = 0; i < count; i++)
        {
            var isKey = (reader.ReadByte() & 1) != 0;
            columns[i] = new RelationColumn(
                Encoding.UTF8.GetString(reader.ReadCString()), reader.ReadUInt32(), reader.ReadInt32(), isKey);
        }

        reader.ExpectEnd();
        // An empty namespace stands for pg_catalog.
        return new Relation(oid, schema.Length == 0 ? "pg_catalog" : schema, table, identity, columns);
    }
}
