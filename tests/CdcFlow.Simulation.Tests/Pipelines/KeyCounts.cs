using System.Buffers;
using System.Globalization;
using System.Text;
using CdcFlow.Runtime.State;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>How many changes each key has had. A part is one line for each key: the key and its count.</summary>
internal sealed class KeyCounts : INodeState
{
    private readonly SortedDictionary<long, int> counts = [];
    private readonly SortedSet<long> changed = [];

    public IReadOnlyDictionary<long, int> Counts => counts;

    /// <summary>A bug: what was restored is forgotten.</summary>
    public bool ForgetsWhatIsRestored { get; init; }

    /// <summary>A bug: each cut after the first is taken for empty, as by a checkpoint that keeps its changes to itself.</summary>
    public bool ForgetsChanges { get; init; }

    public void Add(long key)
    {
        counts[key] = counts.GetValueOrDefault(key) + 1;
        changed.Add(key);
    }

    public void WriteWhole(IBufferWriter<byte> part) => Write(part, counts.Keys);

    public void WriteChanges(IBufferWriter<byte> part) => Write(part, ForgetsChanges ? [] : changed);

    public void Restore(ReadOnlySpan<byte> part)
    {
        if (ForgetsWhatIsRestored)
        {
            return;
        }

        foreach (var line in Encoding.ASCII.GetString(part).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = line.Split(' ');
            counts[long.Parse(numbers[0], CultureInfo.InvariantCulture)] = int.Parse(numbers[1], CultureInfo.InvariantCulture);
        }
    }

    private void Write(IBufferWriter<byte> part, IEnumerable<long> keys)
    {
        foreach (var key in keys)
        {
            part.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key} {counts[key]}\n")));
        }

        changed.Clear();
    }
}
