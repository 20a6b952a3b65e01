namespace CdcFlow.Testing.Simulation;

/// <summary>A disk that outlives the processes which use it, and that forgets at a power cut what was never flushed.</summary>
/// <remarks>
/// Each file has bytes as its processes see them, and bytes that are durable since its last flush. Each directory has entries as
/// processes see them, and operations (create, rename, delete) that are not durable until the directory is flushed. A power cut keeps any part of
/// what is not durable: operations independently of each other, and files whole, torn, with zeros in place of their end, or as at their last flush.
/// Not thread-safe.
/// </remarks>
public sealed class SimulatedDisk
{
    private Dictionary<string, SimulatedFile> durable = new(StringComparer.Ordinal);
    private readonly List<EntryOperation> pending = [];

    internal Dictionary<string, SimulatedFile> Files { get; private set; } = new(StringComparer.Ordinal);

    internal HashSet<string> Directories { get; } = new(StringComparer.Ordinal) { "" };

    internal Dictionary<string, SimulatedFileSystem> Locks { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes that may still be written before the disk is full; null: no limit.</summary>
    public long? BytesFree { get; set; }

    /// <summary>Every file and its content as processes see it: for checks.</summary>
    public IReadOnlyDictionary<string, byte[]> Contents => Files.ToDictionary(file => file.Key, file => file.Value.Bytes.ToArray());

    /// <summary>Puts a file on the disk, durable.</summary>
    public void Put(string path, ReadOnlySpan<byte> content)
    {
        path = Normalize(path);
        AddDirectory(Parent(path));
        var file = new SimulatedFile();
        file.Bytes.AddRange(content);
        file.Sync();
        Files[path] = durable[path] = file;
    }

    /// <summary>The machine loses power: all its processes die, and what was not durable survives in part.</summary>
    /// <param name="random">Decides what survives.</param>
    public void CutPower(Random random)
    {
        foreach (var operation in pending)
        {
            if (random.Next(2) == 0)
            {
                operation.Apply(durable);
            }
        }

        pending.Clear();
        foreach (var file in durable.Values.Distinct())
        {
            file.LoseUnsynced(random);
        }

        foreach (var holder in Locks.Values.Distinct().ToList())
        {
            holder.Die();
        }

        Files = new(durable, StringComparer.Ordinal);
    }

    internal void Do(EntryOperation operation)
    {
        operation.Apply(Files);
        pending.Add(operation);
    }

    /// <summary>With its parents, and durable: that is what the file system's contract says.</summary>
    internal void AddDirectory(string path)
    {
        while (Directories.Add(path))
        {
            path = Parent(path);
        }
    }

    internal void SyncDirectory(string path)
    {
        foreach (var operation in pending.Where(operation => operation.Directory == path))
        {
            operation.Apply(durable);
        }

        pending.RemoveAll(operation => operation.Directory == path);
    }

    internal static string Normalize(string path) => path.Replace('\\', '/').TrimEnd('/');

    internal static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
}

/// <summary>A change of one directory's entries.</summary>
/// <param name="Directory">The directory whose flush makes it durable.</param>
/// <param name="Apply">Does it, to what processes see or to what is durable.</param>
internal sealed record EntryOperation(string Directory, Action<Dictionary<string, SimulatedFile>> Apply);

/// <summary>A file's bytes, apart from its name.</summary>
internal sealed class SimulatedFile
{
    private byte[] durable = [];

    public List<byte> Bytes { get; } = [];

    public void Sync() => durable = [.. Bytes];

    /// <summary>Files are only ever appended to, so the durable bytes are a prefix.</summary>
    public void LoseUnsynced(Random random)
    {
        var kept = random.Next(durable.Length, Bytes.Count + 1);
        var zeros = random.Next(2) == 0 ? 0 : Bytes.Count - kept;
        Bytes.RemoveRange(kept, Bytes.Count - kept);
        Bytes.AddRange(new byte[zeros]);
        Sync();
    }
}
