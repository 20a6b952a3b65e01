using CdcFlow.Batches;

namespace CdcFlow.Golden.Tests;

/// <summary>Changes of the golden tables, per row type in order.</summary>
internal sealed class GoldenChanges
{
    private readonly Dictionary<Type, object> changes = [];

    internal List<Change<T>> Of<T>()
        where T : class
    {
        if (!changes.TryGetValue(typeof(T), out var list))
        {
            changes.Add(typeof(T), list = new List<Change<T>>());
        }

        return (List<Change<T>>)list;
    }

    internal int Count { get; private set; }

    /// <summary>Adds the changes of a batch.</summary>
    internal void Take(StreamElement element)
    {
        _ = Took<Types>(element) || Took<PkComposite>(element) || Took<NoPk>(element) || Took<FullIdentity>(element) || Took<Toast>(element) || Took<OddName>(element);
    }

    private bool Took<T>(StreamElement element)
        where T : class
    {
        if (element is not ChangeBatch<T> batch)
        {
            return false;
        }

        Of<T>().AddRange(batch.Changes);
        Count += batch.Count;
        batch.Release();
        return true;
    }
}
