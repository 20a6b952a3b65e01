using System.Text;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Tests.Replication;

/// <summary>Writes down what the decoder hands over, one line each.</summary>
internal sealed class RecordingHandler : IPgOutputHandler
{
    internal List<string> Lines { get; } = [];

    internal List<uint> Xids { get; } = [];

    internal Lsn LastEnd { get; private set; }

    internal int Commits { get; private set; }

    /// <summary>Leaves out transactions without a change: servers before 15 send those of everybody else.</summary>
    internal bool SkipsEmpty { get; init; }

    public void Begin(BeginMessage begin)
    {
        Xids.Add(begin.Xid);
        Lines.Add("begin");
    }

    public void Insert(Relation relation, TupleData row) => Lines.Add($"insert {relation.Table} {Text(row)}");

    public void Update(Relation relation, OldTupleKind oldKind, TupleData old, TupleData row) =>
        Lines.Add($"update {relation.Table} {oldKind} {Text(old)} -> {Text(row)}");

    public void Delete(Relation relation, OldTupleKind oldKind, TupleData old) => Lines.Add($"delete {relation.Table} {oldKind} {Text(old)}");

    public void Truncate(ReadOnlySpan<Relation> relations, TruncateOptions options)
    {
        var names = string.Join(", ", relations.ToArray().Select(relation => relation.Table).Order(StringComparer.Ordinal));
        Lines.Add($"truncate {names} {options}");
    }

    public void Message(LogicalMessage message) =>
        Lines.Add($"message {message.IsTransactional} {Encoding.UTF8.GetString(message.Prefix)} {Encoding.UTF8.GetString(message.Content)}");

    public void Commit(CommitMessage commit)
    {
        LastEnd = commit.EndLsn;
        if (SkipsEmpty && Lines[^1] == "begin")
        {
            Lines.RemoveAt(Lines.Count - 1);
            Xids.RemoveAt(Xids.Count - 1);
            return;
        }

        Commits++;
        Lines.Add("commit");
    }

    private static string Text(TupleData row)
    {
        var fields = new List<string>();
        for (var i = 0; i < row.Count; i++)
        {
            fields.Add(row.IsUnchanged(i) ? "~" : row.IsNull(i) ? "null" : Encoding.UTF8.GetString(row[i]));
        }

        return $"({string.Join(", ", fields)})";
    }
}
