namespace CdcFlow.Postgres.Replication;

/// <summary>Makes files for spilled transactions: readable by this user only, and gone when they are closed or their process is killed.</summary>
/// <param name="folder">Where; it exists. Several processes, and several sources of one, may share it.</param>
internal sealed class SpillFolder(string folder)
{
    internal Stream CreateFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.SequentialScan,
            BufferSize = 64 * 1024,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(NewName(), options);
        }

        // Unix deletes at close only while the process lives. A file without a name lives as long as it is open.
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        options.Options &= ~FileOptions.DeleteOnClose;
        var name = NewName();
        var file = new FileStream(name, options);
        File.Delete(name);
        return file;
    }

    private string NewName() => Path.Combine(folder, $"cdcflow-{Guid.NewGuid():N}.spill");
}
