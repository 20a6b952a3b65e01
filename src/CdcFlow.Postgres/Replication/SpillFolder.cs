using System.Security.Cryptography;

namespace CdcFlow.Postgres.Replication;

/// <summary>Makes files for spilled transactions: nobody else can open or foretell them, and they are gone when they are closed or their process is killed.</summary>
/// <param name="folder">Where; made when it is missing. Several processes, and several sources of one, may share it.</param>
/// <param name="delete">Deletes a directory and what is in it; null: the file system's own.</param>
internal sealed class SpillFolder(string folder, Action<string>? delete = null)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    internal string Path => folder;

    /// <summary>Makes an empty file.</summary>
    /// <exception cref="CdcFlowException">CDCF4018.</exception>
    internal Stream CreateFile()
    {
        try
        {
            return OperatingSystem.IsWindows() ? CreateUntilClosed() : CreateWithoutName();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error(e);
        }
    }

    /// <summary>What a failure to write or read a file means.</summary>
    internal CdcFlowException Error(Exception cause) => cause is IOException io && IsDiskFull(io)
        ? new CdcFlowException(
            PostgresWireErrorCodes.SpillFolder, $"The disk under '{folder}', where large transactions in progress are kept, is full.",
            "Free some space, or set SpillFolder to a folder on another disk; the pipeline goes on by itself.", ErrorDomain.External, isTransient: true, cause)
        {
            IsWaitedOut = true,
        }
        : new CdcFlowException(
            PostgresWireErrorCodes.SpillFolder, $"Large transactions in progress cannot be kept in '{folder}': {cause.Message.TrimEnd('.')}.",
            "Set SpillFolder to a folder that the program's user may write.", inner: cause);

    private FileStream CreateUntilClosed()
    {
        Directory.CreateDirectory(folder);
        var options = Options();
        options.Options |= FileOptions.DeleteOnClose;
        return new FileStream(NewName(), options);
    }

    // Unix deletes at close only while the process lives. A file without a name lives as long as it is open.
    private UnnamedFile CreateWithoutName()
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, OwnerOnly);
            var own = NewName();
            Directory.CreateDirectory(own, OwnerOnly);
            try
            {
                var options = Options();
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                return new UnnamedFile(System.IO.Path.Combine(own, "transaction"), options, () => Unname(own));
            }
            finally
            {
                Unname(own);
            }
        }

        throw new PlatformNotSupportedException();
    }

    // NFS gives an open file another name (.nfs…) in the place of the one that is deleted, so its directory can go only when it is closed.
    private void Unname(string directory)
    {
        try
        {
            (delete ?? DeleteAll)(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        static void DeleteAll(string directory)
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static FileStreamOptions Options() => new()
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        Options = FileOptions.SequentialScan,
        BufferSize = 64 * 1024,
    };

    private string NewName() => System.IO.Path.Combine(folder, $"cdcflow-{RandomNumberGenerator.GetHexString(32, lowercase: true)}.spill");

    // ENOSPC and EDQUOT (Linux, macOS); ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL (Windows).
    private static bool IsDiskFull(IOException error) =>
        error.HResult is 28 or 122 or 69 || error.HResult == unchecked((int)0x80070027) || error.HResult == unchecked((int)0x80070070);

    private sealed class UnnamedFile(string path, FileStreamOptions options, Action closed) : FileStream(path, options)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            closed();
        }
    }
}
