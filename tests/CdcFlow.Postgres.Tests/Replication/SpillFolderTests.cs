using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Tests.Replication;

public sealed class SpillFolderTests : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("cdcflow-spill-").FullName;

    public void Dispose() => Directory.Delete(path, recursive: true);

    [Fact]
    public void Sources_that_share_a_folder_do_not_share_a_file()
    {
        using var one = new SpillFolder(path).CreateFile();
        using var other = new SpillFolder(path).CreateFile();
        one.Write("one"u8);
        other.Write("other"u8);
        one.Flush();
        Assert.Equal(3, one.Length);
    }

    [Fact]
    public void What_was_written_can_be_read_again()
    {
        using var file = new SpillFolder(path).CreateFile();
        file.Write("row"u8);
        file.Position = 0;
        Assert.Equal('r', file.ReadByte());
    }

    [Fact]
    public void Closed_file_leaves_nothing_behind()
    {
        new SpillFolder(path).CreateFile().Dispose();
        Assert.Empty(Directory.EnumerateFiles(path));
    }

    [Fact]
    public void Killed_process_would_leave_nothing_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the system deletes the file when its last handle is gone; here it must have no name while it is open.");
        using var file = new SpillFolder(path).CreateFile();
        Assert.Empty(Directory.EnumerateFiles(path));
    }

    [Fact]
    public async Task Network_file_system_that_keeps_the_name_of_an_open_file_loses_it_when_it_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the system deletes the file when its last handle is gone.");
        var isOpen = true;
        var spill = new SpillFolder(path, directory =>
        {
            if (isOpen)
            {
                throw new IOException("Directory not empty");
            }

            Directory.Delete(directory, recursive: true);
        });
        await using (var file = spill.CreateFile())
        {
            await file.WriteAsync("row"u8.ToArray(), TestContext.Current.CancellationToken);
            isOpen = false;
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
    }

    [Fact]
    public void Missing_folder_is_made_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There folders have the rights of the one above.");
        var missing = Path.Combine(path, "not", "there");

        new SpillFolder(missing).CreateFile().Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(missing));
        Assert.Empty(Directory.EnumerateFileSystemEntries(missing));
    }

    [Fact]
    public void Folder_that_cannot_be_used_is_named_with_the_setting_that_names_another()
    {
        var file = Path.Combine(path, "file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<CdcFlowException>(() => new SpillFolder(file).CreateFile());

        Assert.Equal(PostgresWireErrorCodes.SpillFolder, error.Code);
        Assert.False(error.IsTransient);
        Assert.Contains("Set SpillFolder", error.Fix);
    }

    [Fact]
    public void Full_disk_is_waited_out()
    {
        Assert.SkipWhen(!File.Exists("/dev/full"), "Only Linux has a disk that is always full.");
        var folder = new SpillFolder(path);
        using var transactions = new StreamedTransactions(memoryLimit: 1000, () => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        transactions.Start(1);

        var cause = Assert.Throws<IOException>(() => transactions.Append(1, 1, default, (byte)'I', new byte[5000]));

        var error = folder.Error(cause);
        Assert.Equal(PostgresWireErrorCodes.SpillFolder, error.Code);
        Assert.True(error.IsTransient && error.IsWaitedOut);
    }
}
