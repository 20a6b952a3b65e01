using CdcFlow.IO;

namespace CdcFlow.Checkpointing.IO;

/// <summary>The machine's own file system.</summary>
public sealed class LocalFileSystem : IFileSystem
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private readonly bool ownerOnly;

    private LocalFileSystem(bool ownerOnly) => this.ownerOnly = ownerOnly && !OperatingSystem.IsWindows();

    /// <summary>New files and directories get the permissions that the user's settings (umask) give.</summary>
    public static LocalFileSystem Default { get; } = new(ownerOnly: false);

    /// <summary>New files and directories can be read and written by their owner alone (0600, 0700), where the platform has such a thing.</summary>
    public static LocalFileSystem OwnerOnly { get; } = new(ownerOnly: true);

    /// <inheritdoc/>
    public void CreateDirectory(string path, UnixFileMode? mode = null)
    {
        var full = Path.GetFullPath(path);
        if (IsDirectory(full))
        {
            return;
        }

        // A directory is an entry of its parent, and as easily lost as a file.
        var parent = Path.GetDirectoryName(full)!;
        CreateDirectory(parent, mode);
        if (ownerOnly && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(full, OwnerDirectory);
        }
        else
        {
            Directory.CreateDirectory(full);
        }

        // Apart from its creation: the user's settings (umask) take nothing away from what was asked for.
        if (mode is { } asked && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(full, asked);
        }

        LocalDirectory.Sync(parent);
    }

    /// <inheritdoc/>
    public IFileWriter Create(string path, UnixFileMode? mode = null)
    {
        var file = new FileStream(path, NewFile());
        if (mode is { } asked && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, asked);
        }

        return new LocalFileWriter(file);
    }

    /// <inheritdoc/>
    public bool Exists(string path) => Attributes(path) is { } found && !found.HasFlag(FileAttributes.Directory);

    /// <inheritdoc/>
    public long Length(string path) => new FileInfo(path).Length;

    /// <inheritdoc/>
    public byte[] ReadAllBytes(string path)
    {
        using var file = RegularFile.Open(path, FileAccess.Read);
        var bytes = new byte[file.Length <= Array.MaxLength ? file.Length : throw new IOException($"'{path}' is too large to be read whole.")];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <inheritdoc/>
    public Stream OpenRead(string path) => RegularFile.Open(path, FileAccess.Read);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => !IsDirectory(directory)
        ? []
        : [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (IsDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path) => LocalDirectory.Sync(path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => LocalLock.TryTake(path);

    private static bool IsDirectory(string path) => Attributes(path)?.HasFlag(FileAttributes.Directory) == true;

    // File.Exists would say "no" also where the disk fails or the process may not look: what cannot be told must not be taken for absent.
    private static FileAttributes? Attributes(string path)
    {
        try
        {
            return File.GetAttributes(path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (ownerOnly && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }
}
