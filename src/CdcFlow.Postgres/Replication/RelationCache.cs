using System.Buffers.Binary;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>The tables as the server last described them.</summary>
/// <remarks>
/// A transaction in progress brings its own descriptions, which hold for its rows. When it is replayed at its commit, other transactions may
/// have brought newer ones meanwhile (a publication's column list was altered): each description is numbered as it arrives, and for the
/// transactions that follow the newest counts.
/// </remarks>
internal sealed class RelationCache
{
    private readonly Dictionary<uint, (Relation Relation, long Number)> newest = [];
    private readonly Dictionary<uint, Relation> replayed = [];
    private bool isReplaying;
    private long count;

    /// <summary>The table by its OID, as it is for the current transaction's rows.</summary>
    internal Relation this[uint oid] =>
        isReplaying && replayed.TryGetValue(oid, out var own) ? own
        : newest.TryGetValue(oid, out var known) ? known.Relation
        : throw new PostgresProtocolException($"The log names table {oid} before it has described it.");

    /// <summary>Puts its number before a description that is put aside with its transaction.</summary>
    internal byte[] Number(ReadOnlySpan<byte> relationMessage)
    {
        var numbered = new byte[sizeof(long) + relationMessage.Length];
        BinaryPrimitives.WriteInt64BigEndian(numbered, ++count);
        relationMessage.CopyTo(numbered.AsSpan(sizeof(long)));
        return numbered;
    }

    /// <summary>From now on descriptions are those of a transaction that was put aside.</summary>
    internal void StartReplay() => isReplaying = true;

    internal void StopReplay()
    {
        isReplaying = false;
        replayed.Clear();
    }

    /// <summary>Reads a Relation message; numbered while replaying.</summary>
    internal void Announce(ref WireReader reader)
    {
        var number = isReplaying ? reader.ReadInt64() : ++count;
        var relation = Relation.Read(ref reader);
        if (isReplaying)
        {
            replayed[relation.Oid] = relation;
        }

        if (!newest.TryGetValue(relation.Oid, out var known) || known.Number < number)
        {
            newest[relation.Oid] = (relation, number);
        }
    }
}
