using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.IO;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>The store's file operations; turns what the system says into coded errors.</summary>
internal sealed class StoreFiles(string directory, IFileSystem files)
{
    public void MakeDirectory() => Guarded(() => files.CreateDirectory(directory));

    /// <summary>Makes a small file durable and deletes it, in the folder or in the nearest one above it, in which it would be made.</summary>
    public void Probe() => Guarded(() =>
    {
        var found = Path.GetFullPath(directory);
        while (!TryProbe(found))
        {
            found = Path.GetDirectoryName(found) ?? throw new DirectoryNotFoundException("There is no such folder, nor any above it.");
        }
    });

    public IReadOnlyList<string> List() => Guarded(() => files.ListFiles(directory));

    /// <summary>Reads a whole file, null when there is none. Its length is asked first: whatever lies there, it does not fill the memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytesMax">The most that is read.</param>
    public StoredFile? Read(string path, int bytesMax) => Guarded<StoredFile?>(() =>
    {
        try
        {
            var length = files.Length(path);
            return new StoredFile(length, length > bytesMax ? null : files.ReadAllBytes(path));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public IDisposable? TryLock(string path) => Guarded(() => files.TryLock(path));

    /// <summary>Renames a file; false when there is none of that name.</summary>
    public bool TryRename(string from, string to) => Guarded(() =>
    {
        try
        {
            files.Rename(from, to);
            return true;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    });

    public void Delete(string path) => Guarded(() => files.Delete(path));

    /// <summary>Writes a file and makes its bytes durable; false when it exists, made by another.</summary>
    public bool TryWriteNew(string path, ReadOnlyMemory<byte> bytes) => Guarded(() =>
    {
        if (TryCreate(path) is not { } created)
        {
            return false;
        }

        using var file = created;
        file.Write(bytes.Span);
        Flushed(file.Sync);
        return true;
    });

    /// <summary>Writes a file whose name nobody reads yet, over what an earlier try may have left.</summary>
    public void WriteAside(string path, ReadOnlyMemory<byte> bytes)
    {
        Delete(path);
        TryWriteNew(path, bytes);
    }

    /// <summary>The store's folder has been deleted, emptied or replaced under a running instance.</summary>
    public static CdcFlowException Vanished(string directory, Epoch own) => new(
        CheckpointErrorCodes.StoreVanished,
        $"The checkpoint store '{directory}' no longer holds epoch {own} of this instance: it was deleted, emptied or replaced, or its disk is not mounted any more.",
        "Bring the folder back (mount its disk, or restore it), then start the pipeline again. If it is lost, make an empty folder the sinks' owner, `takeover`, and start with `run --restore-from none`, which reads everything anew; rows may then appear twice. " + FreshStart.LeavesDeletedRows,
        ErrorDomain.External);

    /// <summary>Makes renames durable.</summary>
    public void SyncDirectory() => Guarded(() => Flushed(() => files.SyncDirectory(directory)));

    /// <summary>After a failed flush the system may drop what it could not write and report success the next time: only a new process,
    /// which reads what is there, can be trusted again.</summary>
    private void Flushed(Action flush)
    {
        try
        {
            flush();
        }
        catch (IOException error)
        {
            throw new CdcFlowException(
                CheckpointErrorCodes.FlushFailed,
                $"The disk under '{directory}' did not confirm that a checkpoint is durable: {error.Message}",
                "Look at the disk and the system's log, then start the pipeline again; it goes on from the last durable checkpoint.",
                ErrorDomain.External,
                inner: error);
        }
    }

    /// <returns>False where there is no such folder.</returns>
    private bool TryProbe(string folder)
    {
        if (files.Exists(folder))
        {
            throw new IOException($"'{folder}' is a file, and a folder is needed there.");
        }

        var path = Path.Combine(folder, $".cdcflow-probe-{Guid.NewGuid():n}"); // of its own: several may look at once
        try
        {
            using var file = files.Create(path);
            file.Write("probe"u8);
            file.Sync();
            files.SyncDirectory(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch
        {
            files.Delete(path);
            throw;
        }

        files.Delete(path);
        return true;
    }

    private IFileWriter? TryCreate(string path)
    {
        try
        {
            return files.Create(path);
        }
        catch (IOException) when (files.Exists(path))
        {
            return null;
        }
    }

    private void Guarded(Action act) => Guarded<object?>(() =>
    {
        act();
        return null;
    });

    private T Guarded<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            throw new CdcFlowException(
                CheckpointErrorCodes.DiskFull,
                $"The disk under '{directory}' is full; the last checkpoint is kept.",
                "Free some space; the pipeline goes on by itself.",
                ErrorDomain.External,
                isTransient: true,
                error)
            {
                IsWaitedOut = true,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CdcFlowException(
                CheckpointErrorCodes.StoreUnavailable,
                $"The checkpoint store '{directory}' cannot be used: {error.Message}",
                "Fix path, permissions (the user must own the folder) or mount.",
                inner: error);
        }
    }

    // ENOSPC and EDQUOT (Linux, macOS); ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL (Windows).
    private static bool IsDiskFull(IOException error) =>
        error.HResult is 28 or 122 or 69 || error.HResult == unchecked((int)0x80070027) || error.HResult == unchecked((int)0x80070070);
}

/// <summary>A file of the store.</summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Bytes">All of them; null when they are too many.</param>
internal readonly record struct StoredFile(long Length, byte[]? Bytes);
