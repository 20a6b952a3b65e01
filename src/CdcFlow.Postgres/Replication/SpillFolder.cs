namespace CdcFlow.Postgres.Replication;

/// <summary>Makes files for spilled transactions: readable by this user only, gone when closed.</summary>
/// <param name="folder">Where; made when it is missing. A killed process may leave files behind: the folder's owner empties it at start.</param>
internal sealed class SpillFolder(string folder)
{
    private int count;

    internal Stream CreateFile()
    {
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.SequentialScan,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(folder, $"transaction-{Environment.ProcessId}-{++count}.spill"), options);
    }
}
