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
}
