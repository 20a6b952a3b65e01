using System.Security.Cryptography;
using CdcFlow.IO;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>A folder of values that are too large for their topics: each a file of its SHA-256's name, on disk before its record is sent.</summary>
/// <remarks>The same value is the same file, so a replay writes nothing new. Nothing is ever deleted here: whoever reads the topic knows how long it is wanted.
/// Whoever may read the folder may read what is in it; where it is made, that is its owner alone.</remarks>
internal sealed class ClaimStore(string folder, IFileSystem files)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readers = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode NotOfFiles = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.SetGroup;

    public string Folder => folder;

    /// <summary>Finds out whether it could keep one; leaves nothing but the folder.</summary>
    /// <exception cref="CdcFlowException">CDCF5255: the folder cannot be written to.</exception>
    public void Probe() => InFolder(() =>
    {
        var file = Path.Combine(folder, $"probe.{Guid.NewGuid():n}.tmp");
        files.CreateDirectory(folder, OwnerOnly);
        files.Create(file, OwnerOnly & ~NotOfFiles).Dispose();
        files.Delete(file);
    });

    /// <summary>Keeps a value.</summary>
    /// <returns>Its SHA-256, in lower-case hexadecimal digits; the file is <c>{first two digits}/{all}</c>.</returns>
    /// <exception cref="CdcFlowException">CDCF5255: the folder cannot be written to.</exception>
    public string Put(ReadOnlySpan<byte> value)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(value));
        var bytes = value.ToArray();
        InFolder(() => Keep(Path.Combine(folder, name[..2]), name, bytes));
        return name;
    }

    private void InFolder(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KafkaSinkErrors.ClaimUnwritable(folder, error);
        }
    }

    private void Keep(string directory, string name, byte[] value)
    {
        var file = Path.Combine(directory, name);
        if (!files.Exists(file) || files.Length(file) != value.Length)
        {
            files.CreateDirectory(folder, OwnerOnly);
            var mode = ModeOfFolder();
            files.CreateDirectory(directory, mode);
            Write(file, value, mode & ~NotOfFiles);
        }

        // Also of a file that is there: whoever put it there may have ended before it was on disk, as may whoever made its directory.
        files.SyncDirectory(directory);
        files.SyncDirectory(folder);
    }

    private void Write(string file, byte[] value, UnixFileMode mode)
    {
        var temporary = $"{file}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var writer = files.Create(temporary, mode))
            {
                writer.Write(value);
                writer.Sync();
            }

            files.Rename(temporary, file);
        }
        catch (IOException)
        {
            // Each try would leave its own where the disk is full.
            files.Delete(temporary);
            throw;
        }
    }

    private UnixFileMode ModeOfFolder() => OperatingSystem.IsWindows() || !Directory.Exists(folder)
        ? OwnerOnly
        : OwnerOnly | (File.GetUnixFileMode(folder) & (Readers | UnixFileMode.SetGroup));
}
