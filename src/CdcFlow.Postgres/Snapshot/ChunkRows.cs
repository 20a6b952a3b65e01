using CdcFlow.Batches;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The rows of one chunk, decoded, for all outputs of the table.</summary>
internal sealed class ChunkRows
{
    private readonly List<SourceElement> batches = [];

    /// <summary>Rows of the table (not of its outputs together).</summary>
    internal long Rows { get; set; }

    /// <summary>About the memory they hold.</summary>
    internal long Bytes { get; set; }

    internal IReadOnlyList<SourceElement> Batches => batches;

    internal void Add(int output, ChangeBatch batch) => batches.Add(new SourceElement(output, batch));

    /// <summary>Throws the rows away.</summary>
    internal void Release()
    {
        foreach (var element in batches)
        {
            ((ChangeBatch)element.Element).Release();
        }

        batches.Clear();
    }
}
