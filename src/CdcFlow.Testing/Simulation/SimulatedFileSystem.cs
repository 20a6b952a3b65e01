using CdcFlow.IO;

namespace CdcFlow.Testing.Simulation;

/// <summary>One process's view of a <see cref="SimulatedDisk"/>: it can die before each operation, and in the middle of each write.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="disk">The disk, which survives.</param>
/// <param name="step">Called with a name before each effect; throws where the process shall die or the disk shall fail.</param>
public sealed class SimulatedFileSystem(SimulatedDisk disk, Action<string>? step = null) : IFileSystem
{
    // ENOSPC: the same number that the real file system reports on Linux.
    private const int NoSpace = 28;

    private bool isDead;

    /// <summary>The process is gone, as by kill -9: its locks are free, what it wrote stays, and nothing it still tries has an effect.</summary>
    public void Die()
    {
        isDead = true;
        foreach (var path in disk.Locks.Where(held => held.Value == this).Select(held => held.Key).ToList())
        {
            disk.Locks.Remove(path);
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path, UnixFileMode? mode = null)
    {
        Step("create directory", path);
        disk.AddDirectory(SimulatedDisk.Normalize(path));
    }

    /// <inheritdoc/>
    public IFileWriter Create(string path, UnixFileMode? mode = null)
    {
        Step("create", path);
        path = SimulatedDisk.Normalize(path);
        if (disk.Files.ContainsKey(path))
        {
            throw new IOException($"The file '{path}' already exists.");
        }

        if (!disk.Directories.Contains(SimulatedDisk.Parent(path)))
        {
            throw new DirectoryNotFoundException($"There is no directory for '{path}'.");
        }

        var file = new SimulatedFile();
        disk.Do(new EntryOperation(SimulatedDisk.Parent(path), files => files[path] = file));
        return new Writer(this, path, file);
    }

    /// <inheritdoc/>
    public bool Exists(string path) => disk.Files.ContainsKey(SimulatedDisk.Normalize(path));

    /// <inheritdoc/>
    public long Length(string path) =>
        disk.Files.TryGetValue(SimulatedDisk.Normalize(path), out var file) ? file.Bytes.Count : throw new FileNotFoundException($"There is no file '{path}'.");

    /// <inheritdoc/>
    public byte[] ReadAllBytes(string path)
    {
        Step("read", path);
        return disk.Files.TryGetValue(SimulatedDisk.Normalize(path), out var file) ? [.. file.Bytes] : throw new FileNotFoundException($"There is no file '{path}'.");
    }

    /// <inheritdoc/>
    public Stream OpenRead(string path) => new MemoryStream(ReadAllBytes(path), writable: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory)
    {
        Step("list", directory);
        directory = SimulatedDisk.Normalize(directory);
        return [.. disk.Files.Keys.Where(path => SimulatedDisk.Parent(path) == directory).Select(path => path[(directory.Length + 1)..]).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        Step("rename", to);
        (from, to) = (SimulatedDisk.Normalize(from), SimulatedDisk.Normalize(to));
        if (!disk.Files.TryGetValue(from, out var file))
        {
            throw new FileNotFoundException($"There is no file '{from}'.");
        }

        var target = SimulatedDisk.Parent(to);
        if (target == SimulatedDisk.Parent(from))
        {
            disk.Do(new EntryOperation(target, files =>
            {
                files.Remove(from);
                files[to] = file;
            }));
        }
        else
        {
            // Two directories, two flushes: after a power cut the file may bear both names, or neither.
            disk.Do(new EntryOperation(target, files => files[to] = file));
            disk.Do(new EntryOperation(SimulatedDisk.Parent(from), files => files.Remove(from)));
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        Step("delete", path);
        path = SimulatedDisk.Normalize(path);
        if (disk.Files.ContainsKey(path))
        {
            disk.Do(new EntryOperation(SimulatedDisk.Parent(path), files => files.Remove(path)));
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        Step("sync directory", path);
        disk.SyncDirectory(SimulatedDisk.Normalize(path));
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        Step("lock", path);
        path = SimulatedDisk.Normalize(path);
        if (!disk.Files.ContainsKey(path))
        {
            disk.Do(new EntryOperation(SimulatedDisk.Parent(path), files => files.TryAdd(path, new SimulatedFile())));
        }

        return disk.Locks.TryAdd(path, this) ? new FileLock(disk, this, path) : null;
    }

    private void Step(string operation, string path)
    {
        if (isDead)
        {
            throw new IOException("The simulated process is dead.");
        }

        step?.Invoke($"{operation} {Path.GetFileName(path)}");
    }

    private void Append(string path, SimulatedFile file, ReadOnlySpan<byte> bytes)
    {
        Step("write", path);
        if (disk.BytesFree < bytes.Length)
        {
            throw new IOException("No space left on device", NoSpace);
        }

        disk.BytesFree -= bytes.Length;
        file.Bytes.AddRange(bytes);
    }

    private sealed class Writer(SimulatedFileSystem system, string path, SimulatedFile file) : IFileWriter
    {
        public long Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            // A process can be killed in the middle of a write.
            system.Append(path, file, bytes[..(bytes.Length / 2)]);
            system.Append(path, file, bytes[(bytes.Length / 2)..]);
            Length += bytes.Length;
        }

        public void Sync()
        {
            system.Step("sync", path);
            file.Sync();
        }

        public void Dispose()
        {
        }
    }

    private sealed class FileLock(SimulatedDisk disk, SimulatedFileSystem holder, string path) : IDisposable
    {
        public void Dispose()
        {
            if (disk.Locks.GetValueOrDefault(path) == holder)
            {
                disk.Locks.Remove(path);
            }
        }
    }
}
