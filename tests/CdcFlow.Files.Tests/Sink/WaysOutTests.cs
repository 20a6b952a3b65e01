using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>What each error of the file sink that comes back at every start says is to be done, done: the pipeline goes on.</summary>
public sealed class WaysOutTests : IConnectorLog
{
    private const string Target = "/data/out/audit/conformance.audit.000000000001.000001.000001.jsonl";

    private readonly SimulatedDisk disk = new();
    private readonly List<(string Code, string Message)> warnings = [];

    [Fact]
    [Trait("WayOut", "CDCF5104")]
    [Trait("WayOut", "CDCF5110")]
    public async Task Lost_file_is_left_out_when_told_so_and_that_is_said()
    {
        var owed = await CrashAsync();
        disk.Files().Delete(Staged());
        var error = await RefusedTwiceAsync(owed);
        Assert.Equal(FileErrors.StagedFileMissing, error.Code);
        Assert.Contains("CdcFlow:conformance:Sinks:audit:OnLostFile=Skip", error.Fix, StringComparison.Ordinal);
        await GoesOnAsync(owed, sink => sink.OnLostFile = OnLostFile.Skip, [2]);
        var (code, message) = Assert.Single(warnings);
        Assert.Equal(FileErrors.LostFileSkipped, code);
        Assert.EndsWith("Take the setting away when it has made its next checkpoint.", message, StringComparison.Ordinal);
        Assert.Contains($"goes on without '{Target}'", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF5105")]
    public async Task Damaged_file_is_left_out_when_told_so_and_kept_for_whoever_wants_to_look()
    {
        var owed = await CrashAsync();
        var staged = Staged();
        disk.Put(staged, [.. disk.Contents[staged][..^1], (byte)'x']);
        var error = await RefusedTwiceAsync(owed);
        Assert.Equal(FileErrors.StagedFileDiffers, error.Code);
        Assert.Contains("OnLostFile=Skip", error.Fix, StringComparison.Ordinal);

        await GoesOnAsync(owed, sink => sink.OnLostFile = OnLostFile.Skip, [2]);
        Assert.Equal(FileErrors.LostFileSkipped, Assert.Single(warnings).Code);
        Assert.EndsWith("x", System.Text.Encoding.UTF8.GetString(disk.Contents[Target + ".damaged"]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF5104")]
    public async Task Lost_file_brought_back_is_published()
    {
        var owed = await CrashAsync();
        var (staged, content) = (Staged(), disk.Contents[Staged()]);
        disk.Files().Delete(staged);
        await RefusedTwiceAsync(owed);

        disk.Put(staged, content);
        await GoesOnAsync(owed, configure: null, [1, 2]);
    }

    [Fact]
    [Trait("WayOut", "CDCF5106")]
    public async Task File_in_the_way_moved_away_lets_the_staged_one_be_published()
    {
        var owed = await CrashAsync();
        disk.Put(Target, [1, 2, 3]);
        var error = await RefusedTwiceAsync(owed);
        Assert.Equal(FileErrors.TargetDiffers, error.Code);
        Assert.Contains("move the file away", error.Fix, StringComparison.Ordinal);

        disk.Files().Rename(Target, "/data/elsewhere");
        await GoesOnAsync(owed, configure: null, [1, 2]);
    }

    [Fact]
    [Trait("WayOut", "CDCF5107")]
    public async Task Sink_put_back_under_its_name_publishes_what_its_checkpoint_owed()
    {
        var owed = await CrashAsync();
        for (var epoch = 2; epoch <= 3; epoch++)
        {
            await using var renamed = new FileProcess(disk.Files(), epoch, name: "renamed");
            await renamed.OpenAsync();
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => renamed.CommitAsync(owed));
            Assert.Equal(FileErrors.UnknownCommittable, error.Code);
            Assert.Contains("Put the sink back under its name", error.Fix, StringComparison.Ordinal);
        }

        await GoesOnAsync(owed, configure: null, [1, 2]);
    }

    [Fact]
    [Trait("WayOut", "CDCF5102")]
    public async Task Folder_that_may_be_written_again_goes_on()
    {
        var isAllowed = false;
        var files = new SimulatedFileSystem(disk, step => _ = isAllowed || !step.StartsWith("create", StringComparison.Ordinal) ? 0 : throw new UnauthorizedAccessException());
        for (var epoch = 0; epoch < 2; epoch++)
        {
            await using var process = new FileProcess(files, epoch);
            Assert.Equal(FileErrors.PermissionDenied, (await Assert.ThrowsAsync<CdcFlowException>(process.OpenAsync)).Code);
        }

        isAllowed = true;
        await using var next = new FileProcess(files, 2);
        await next.OpenAsync();
        await next.WriteAsync(1);
        await next.CommitAsync(await next.PrepareAsync(1));
        Assert.Equal([1], FileProcess.Published(disk.Contents));
    }

    [Theory]
    [InlineData("file:///data/out")]
    [InlineData("FILE:///data/o%75t")]
    public async Task Address_of_a_folder_of_this_machine_is_its_path(string connectionString)
    {
        await using var process = new FileProcess(disk.Files(), 1, folder: connectionString);
        await process.OpenAsync();
        await process.WriteAsync(1);
        await process.CommitAsync(await process.PrepareAsync(1));
        Assert.Equal([Target], FileProcess.Output(disk).Keys);
    }

    [Theory]
    [InlineData("file:/data/out")]
    [InlineData("file:out")]
    [InlineData("file:")]
    [InlineData("file://server/share")]
    [InlineData("file:///data?x=1")]
    [InlineData("file:///data%00")]
    [Trait("WayOut", "CDCF5108")]
    public async Task Address_of_anything_else_is_refused(string connectionString)
    {
        for (var start = 0; start < 2; start++)
        {
            var error = Assert.Throws<CdcFlowException>(() => new FileProcess(disk.Files(), 1, folder: connectionString));
            Assert.Equal(FileErrors.FolderInvalid, error.Code);
            Assert.Contains("/data/out, or file:///data/out for a connection", error.Fix, StringComparison.Ordinal);
        }

        await Address_of_a_folder_of_this_machine_is_its_path("/data/out");
        disk.Files().Delete(Target);
        await Address_of_a_folder_of_this_machine_is_its_path("file:///data/out");
    }

    [Theory]
    [InlineData("nul\0")]
    [InlineData("file:x")]
    [InlineData("ftp://user:hunter2@host/")]
    [InlineData(" ")]
    public void Folder_setting_that_is_no_path_is_refused(string folder)
    {
        var error = Assert.Throws<CdcFlowException>(() => new FileProcess(disk.Files(), 1, configure: sink => sink.Folder = folder));
        Assert.Equal(FileErrors.FolderInvalid, error.Code);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF5111")]
    public async Task Path_that_is_too_long_is_coded()
    {
        var folder = Directory.CreateTempSubdirectory("cdcflow-path-").FullName;
        try
        {
            for (var epoch = 1; epoch <= 2; epoch++)
            {
                await using var process = new FileProcess(LocalFileSystem.Default, epoch, folder: folder, configure: sink => sink.Folder = new string('x', 5000));
                var check = await process.CheckAsync();
                Assert.Equal((PreflightStatus.Failed, FileErrors.PathTooLong), (check.Status, check.Code));
                var error = await Assert.ThrowsAsync<CdcFlowException>(process.OpenAsync);
                Assert.Equal((FileErrors.PathTooLong, "Set the sink's Folder, or its connection's, to a shorter path."), (error.Code, error.Fix));
            }

            await using var next = new FileProcess(LocalFileSystem.Default, 3, folder: folder, configure: sink => sink.Folder = "x");
            await next.OpenAsync();
            await next.WriteAsync(1);
            await next.CommitAsync(await next.PrepareAsync(1));
            Assert.Single(Directory.GetFiles(Path.Combine(folder, "x"), "*.jsonl", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("640", 0b110_100_000, 0b111_101_000)]
    [InlineData("0604", 0b110_000_100, 0b111_000_101)]
    public async Task Files_get_the_permissions_that_were_asked_for(string permissions, int mode, int folderMode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no Unix permissions on Windows.");
        var folder = Directory.CreateTempSubdirectory("cdcflow-mode-").FullName;
        try
        {
            await using var process = new FileProcess(LocalFileSystem.Default, 1, folder: folder, configure: sink => sink.Permissions = permissions);
            await process.OpenAsync();
            await process.WriteAsync(1);
            await process.CommitAsync(await process.PrepareAsync(1));
            Assert.Equal(3, Directory.GetFiles($"{folder}/audit").Length);
            Assert.All(Directory.GetFiles($"{folder}/audit"), file => Assert.Equal(file.EndsWith(".lock", StringComparison.Ordinal) ? UnixFileMode.UserRead | UnixFileMode.UserWrite : (UnixFileMode)mode, ModeOf(file)));
            Assert.Equal((UnixFileMode)folderMode, ModeOf($"{folder}/audit"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("9")]
    [InlineData("888")]
    [InlineData("1777")]
    [InlineData("rw-r-----")]
    public void Permissions_that_are_none_are_refused(string permissions)
    {
        var error = Assert.Throws<CdcFlowException>(() => new FileProcess(disk.Files(), 1, configure: sink => sink.Permissions = permissions));
        Assert.Equal((ErrorCodes.ConfigurationValue, "Write three octal digits, as in 640, or leave it out."), (error.Code, error.Fix));
    }

    void IConnectorLog.Information(string message)
    {
    }

    void IConnectorLog.Warning(string code, string message) => warnings.Add((code, message));

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    /// <summary>An instance that has prepared its first checkpoint, of one change, and then died.</summary>
    private async Task<CommitPermit> CrashAsync()
    {
        await using var process = new FileProcess(disk.Files(), 1);
        await process.OpenAsync();
        await process.WriteAsync(1);
        return await process.PrepareAsync(1);
    }

    private async Task GoesOnAsync(CommitPermit owed, Action<FileSinkAttribute>? configure, long[] expected)
    {
        await using var process = Next(configure, epoch: 9);
        await process.OpenAsync();
        await process.CommitAsync(owed);
        await process.WriteAsync(2);
        await process.CommitAsync(await process.PrepareAsync(2));
        Assert.Equal(expected, FileProcess.Published(disk.Contents));
    }

    /// <summary>Two starts that cannot finish what the instance before them owed.</summary>
    private async Task<CdcFlowException> RefusedTwiceAsync(CommitPermit owed)
    {
        var error = new CdcFlowException("", "");
        for (var start = 0; start < 2; start++)
        {
            await using var next = Next();
            await next.OpenAsync();
            error = await Assert.ThrowsAsync<CdcFlowException>(() => next.CommitAsync(owed));
        }

        return error;
    }

    private FileProcess Next(Action<FileSinkAttribute>? configure = null, long epoch = 2) => new(disk.Files(), epoch, configure: configure, log: this);

    private string Staged() => Assert.Single(disk.Contents.Keys, path => path.EndsWith(".inprogress", StringComparison.Ordinal));
}

/// <summary>What a test does to a disk behind the sink's back.</summary>
internal static class DiskExtensions
{
    public static SimulatedFileSystem Files(this SimulatedDisk disk) => new(disk);
}
