using System.Text;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Tests.Replication;

/// <summary>Writes down what the decoder hands over, one line each.</summary>
internal sealed class RecordingHandler : IPgOutputHandler
{
    internal List<string> Lines { get; } = [];

    /// <summary>Where each row's or truncate's record lies in the log.</summary>
    internal List<Lsn> Addresses { get; } = [];

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

    public void Insert(Relation relation, Lsn at, TupleData row) => Add(at, $"insert {relation.Table} {Text(row)}");

    public void Update(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old, TupleData row) =>
        Add(at, $"update {relation.Table} {oldKind} {Text(old)} -> {Text(row)}");

    public void Delete(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old) => Add(at, $"delete {relation.Table} {oldKind} {Text(old)}");

    public void Truncate(ReadOnlySpan<Relation> relations, Lsn at, TruncateOptions options)
    {
        var names = string.Join(", ", relations.ToArray().Select(relation => relation.Table).Order(StringComparer.Ordinal));
        Add(at, $"truncate {names} {options}");
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

    private void Add(Lsn at, string line)
    {
        Addresses.Add(at);
        Lines.Add(line);
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
