using System.Diagnostics;
using System.Runtime.Versioning;
using CdcFlow.Checkpointing.IO;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>What those who may read or write in a real folder can put there: it neither hangs the pipeline nor leads it elsewhere.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostileFolderTests : IDisposable
{
    private readonly string directory;

    public HostileFolderTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes mkfifo and flock of Linux.");
        directory = Directory.CreateTempSubdirectory("cdcflow-hostile-").FullName;
    }

    private string Owner => Path.Combine(directory, ".conformance.out.owner");

    private string Lock => Owner + ".lock";

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("fifo")]
    [InlineData("/dev/zero")]
    [InlineData("/etc/hostname")]
    public async Task Owner_file_that_is_no_regular_file_stops_an_instance_that_runs_and_one_that_starts(string what)
    {
        await using var running = Process();
        await running.OpenAsync();
        await PutAsync(what, Owner);
        Refused(Owner, await Assert.ThrowsAsync<CdcFlowException>(() => running.PrepareAsync(1)));

        await using var next = Process();
        Refused(Owner, await Assert.ThrowsAsync<CdcFlowException>(next.ReadMarkerAsync));
    }

    [Fact]
    public async Task Owner_file_larger_than_any_is_not_read()
    {
        await using var running = Process();
        await running.OpenAsync();
        using (var file = new FileStream(Owner, FileMode.Create))
        {
            file.SetLength(1L << 40);
        }

        Assert.Equal(FileErrors.OwnerUnreadable, (await Assert.ThrowsAsync<CdcFlowException>(() => running.PrepareAsync(1))).Code);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("/dev/zero")]
    public async Task Rejects_file_that_is_no_regular_file_is_refused(string what)
    {
        await using var process = Process();
        await process.OpenAsync();
        await process.RejectAsync(1);
        await process.CommitAsync(await process.PrepareAsync(1));
        var published = Assert.Single(Directory.GetFiles(Path.Combine(directory, "audit", "_rejects"), "*.jsonl"));
        await PutAsync(what, published);
        Refused(published, await Assert.ThrowsAsync<CdcFlowException>(() => process.ListAllAsync(10)));
    }

    [Fact]
    public async Task Lock_file_that_is_a_link_makes_no_file_where_it_leads()
    {
        var target = Path.Combine(directory, "elsewhere");
        await PutAsync(target, Lock);
        await using var process = Process();
        Refused(Lock, await Assert.ThrowsAsync<CdcFlowException>(process.OpenAsync));
        Assert.False(File.Exists(target));
    }

    [Fact]
    public async Task Lock_file_is_the_pipelines_alone_although_readers_may_read_the_others()
    {
        await using var process = Process();
        await process.OpenAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Lock));
        Assert.True(File.GetUnixFileMode(Owner).HasFlag(UnixFileMode.OtherRead));
    }

    [Fact]
    [Trait("WayOut", "CDCF5116")]
    public async Task Lock_that_another_program_holds_is_named_and_its_file_deleted_lets_the_next_start_go_on()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "It takes /usr/bin/flock.");
        using var holder = System.Diagnostics.Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 9>\"$0\"; flock 9; echo locked; exec cat", Lock])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("locked", await holder.StandardOutput.ReadLineAsync(CancellationToken.None));
            for (var start = 0; start < 2; start++)
            {
                await using var refused = Process();
                var error = await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
                Assert.Equal(FileErrors.FolderBeingOpened, error.Code);
                Assert.Contains($"or another process holds '{Lock}'", error.Happened, StringComparison.Ordinal);
                Assert.Contains($"`fuser -v '{Lock}'` (Linux) names the process that has the file open: end it; or, where no instance of the pipeline runs, delete the file", error.Fix, StringComparison.Ordinal);
            }

            File.Delete(Lock);
            await using var next = Process();
            await next.OpenAsync();
            await next.WriteAsync(1);
            await next.CommitAsync(await next.PrepareAsync(1));
            Assert.Single(Directory.GetFiles(Path.Combine(directory, "audit"), "*.jsonl"));
        }
        finally
        {
            holder.Kill();
        }
    }

    private FileProcess Process() => new(LocalFileSystem.Default, 1, folder: directory, configure: sink => sink.Permissions = "644");

    private static async Task PutAsync(string what, string path)
    {
        File.Delete(path);
        if (what != "fifo")
        {
            File.CreateSymbolicLink(path, what);
            return;
        }

        using var making = System.Diagnostics.Process.Start("mkfifo", [path]);
        await making.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, making.ExitCode);
    }

    private static void Refused(string path, CdcFlowException error)
    {
        Assert.Equal(FileErrors.FileSystemFailed, error.Code);
        Assert.Contains($"'{path}' is a link, a FIFO or a device, and only a regular file is used there", error.Happened, StringComparison.Ordinal);
    }
}
