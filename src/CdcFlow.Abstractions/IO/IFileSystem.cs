namespace CdcFlow.IO;

/// <summary>The file operations that durability rests on. Injected, so that a test can crash between any two of them.</summary>
/// <remarks>Paths are absolute or relative to the process, in the platform's form. Every member throws <see cref="IOException"/>
/// (or <see cref="UnauthorizedAccessException"/>) on failure; a failed flush must never be retried.</remarks>
public interface IFileSystem
{
    /// <summary>Makes a directory and its parents, durably; no error when it exists.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="mode">The permissions of those that are made, where the platform has such a thing; null: the file system's own choice.</param>
    void CreateDirectory(string path, UnixFileMode? mode = null);

    /// <summary>Makes a new file for writing; fails when it exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Its permissions, where the platform has such a thing; null: the file system's own choice.</param>
    IFileWriter Create(string path, UnixFileMode? mode = null);

    /// <summary>Whether the file exists.</summary>
    bool Exists(string path);

    /// <summary>How many bytes a file has: to be asked before a file of unknown origin is read whole.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    long Length(string path);

    /// <summary>The whole file, which must be a regular one: a link, a FIFO or a device is refused, and never waited for.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    byte[] ReadAllBytes(string path);

    /// <summary>Opens a regular file to be read from its start: for one that may be larger than memory. Others are refused as by <see cref="ReadAllBytes"/>.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    Stream OpenRead(string path);

    /// <summary>Names (without the directory) of the files directly in a directory, sorted ordinally; empty when it does not exist.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Renames a file within one file system, replacing the target. Durable only after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; no error when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes creations, renames and deletions in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Takes an exclusive advisory lock on a regular file; null when another process holds it. Disposal releases it, and so does the end of the process.
    /// If absent it is made, for its owner alone where the platform has such a thing. Others are refused as by <see cref="ReadAllBytes"/>.</summary>
    IDisposable? TryLock(string path);
}

/// <summary>A file being written, from its start to its end.</summary>
public interface IFileWriter : IDisposable
{
    /// <summary>Bytes written so far.</summary>
    long Length { get; }

    /// <summary>Appends bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Makes everything written durable (fsync).</summary>
    void Sync();
}
