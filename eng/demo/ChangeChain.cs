namespace Shop;

/// <summary>
/// Reads the changes of a table in the order in which a sink has them, and finds what is missing, doubled or out of order without knowing
/// the source: the revisions of one key must follow each other without a gap, and nothing may follow its delete.
/// </summary>
public sealed class ChangeChain
{
    private const int Deleted = -1;
    private readonly Dictionary<long, int> revisions = [];

    public long Changes { get; private set; }

    public long Lost { get; private set; }

    public long Doubled { get; private set; }

    public long OutOfOrder { get; private set; }

    /// <summary>Keys that are alive after the last change, with their revision.</summary>
    public IEnumerable<KeyValuePair<long, int>> Alive => revisions.Where(row => row.Value != Deleted);

    /// <summary>A row as it is after a change (or as the snapshot read it).</summary>
    public void Write(long key, int revision)
    {
        Changes++;
        if (!revisions.TryGetValue(key, out var last))
        {
            revisions[key] = revision;
            return;
        }

        // A key is never used again, so a write after its delete is an old change that comes late or twice.
        if (last == Deleted || revision < last)
        {
            OutOfOrder++;
        }
        else if (revision == last)
        {
            Doubled++;
        }
        else
        {
            Lost += revision - last - 1;
            revisions[key] = revision;
        }
    }

    /// <summary>The end of a row.</summary>
    public void Delete(long key)
    {
        Changes++;
        if (revisions.TryGetValue(key, out var last) && last == Deleted)
        {
            Doubled++;
        }

        // A delete of a key that was never written is the end of a row that began and ended while the snapshot passed it by.
        revisions[key] = Deleted;
    }
}
