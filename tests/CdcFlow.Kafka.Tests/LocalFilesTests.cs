using CdcFlow.Checkpointing.IO;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Preflight;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Kafka.Tests;

public sealed class LocalFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, Trait("WayOut", "CDCF5220")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite, true)]
    public void Private_key_that_others_may_read_or_replace_is_warned_of_and_chmod_ends_it(UnixFileMode mode, bool isWarned)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var file = Path.Combine(folder, "key.pem");
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, mode);
        var checks = LocalFiles.Keys([file, file, Path.Combine(folder, "none")]).ToList();
        Assert.Equal(isWarned ? [(PreflightStatus.Warning, "CDCF5220", $"chmod 600 {file}")] : [], checks.Select(check => (check.Status, check.Code!, check.Fix!)));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite); // 600
        Assert.Empty(LocalFiles.Keys([file]));
    }

    [Fact]
    public void Claim_folder_that_cannot_be_written_to_fails_the_check_and_the_write_alike()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var store = new ClaimStore(Path.Combine(file, "below"), LocalFileSystem.Default);
        Assert.Equal((PreflightStatus.Failed, "CDCF5255"), (LocalFiles.Claims(store).Status, LocalFiles.Claims(store).Code));
        var error = Assert.Throws<CdcFlowException>(() => store.Put("value"u8));
        Assert.Equal(("CDCF5255", true), (error.Code, error.IsTransient));

        File.Delete(file); // "Let the process write there"
        Assert.Equal(PreflightStatus.Passed, LocalFiles.Claims(store).Status);
        Assert.Equal(store.Put("value"u8), store.Put("value"u8));
        Assert.Single(Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Claim_is_on_disk_with_its_folders_before_its_name_is_given_out_also_where_an_earlier_process_left_it_half_done(int seed)
    {
        for (var step = 1; ; step++)
        {
            var (disk, steps) = (new SimulatedDisk(), 0);
            var dying = new SimulatedFileSystem(disk, _ =>
            {
                if (++steps >= step)
                {
                    throw new IOException("died");
                }
            });
            var isWhole = Record.Exception(() => new ClaimStore("/claims", dying).Put("value"u8)) is null;
            var name = new ClaimStore("/claims", new SimulatedFileSystem(disk)).Put("value"u8);
            disk.CutPower(new Random(seed));
            Assert.Equal("value"u8.ToArray(), disk.Contents[$"/claims/{name[..2]}/{name}"]);
            if (isWhole)
            {
                Assert.InRange(step, 8, 30);
                return;
            }
        }
    }

    [Fact]
    public void Disk_that_is_full_keeps_no_half_claims()
    {
        var disk = new SimulatedDisk { BytesFree = 3 };
        Assert.Throws<CdcFlowException>(() => new ClaimStore("/claims", new SimulatedFileSystem(disk)).Put("value"u8));
        Assert.Empty(disk.Contents);
    }

    [Theory]
    [InlineData(null, UnixFileMode.None)]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.GroupExecute, UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite, UnixFileMode.None)]
    public void Claims_may_be_read_by_whoever_may_read_the_folder_which_is_made_for_its_owner_alone(UnixFileMode? others, UnixFileMode expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite, own = file | UnixFileMode.UserExecute;
        var claims = Path.Combine(folder, "claims");
        if (others is { } open)
        {
            Directory.CreateDirectory(claims);
            File.SetUnixFileMode(claims, own | open);
        }

        var name = new ClaimStore(claims, LocalFileSystem.Default).Put("value"u8);
        Assert.Equal(own | (others ?? UnixFileMode.None), File.GetUnixFileMode(claims));
        Assert.Equal(file | expected, File.GetUnixFileMode(Path.Combine(claims, name[..2], name)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("relative/folder")]
    public void Claim_check_without_a_folder_is_refused_by_its_name(string? folder)
    {
        var context = Conformance.KafkaSinkTarget.Context() with { OtherConnectionString = _ => folder };
        var error = Assert.Throws<CdcFlowException>(() => Kafka.Sink.KafkaSinkOptions.Resolve(new KafkaSinkAttribute("bus") { ClaimCheck = "claims" }, "orders", context, ConnectorSettings.None));
        Assert.Equal("CDCF5254", error.Code);
        Assert.Contains("ConnectionStrings:claims", error.Fix, StringComparison.Ordinal);
    }
}
