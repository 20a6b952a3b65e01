using CdcFlow.Configuration;
using CdcFlow.Kafka.Preflight;
using CdcFlow.Kafka.Sink.Records;

namespace CdcFlow.Kafka.Tests;

public sealed class LocalFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
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
        Assert.Equal(isWarned ? [(PreflightStatus.Warning, "CDCF5220", $"chmod 600 {file}")] : [], checks.Select(check => (check.Status, check.Code!, check.Mend!)));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite); // 600
        Assert.Empty(LocalFiles.Keys([file]));
    }

    [Fact]
    public void Claim_folder_that_cannot_be_written_to_fails_the_check_and_the_write_alike()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var store = new ClaimStore(Path.Combine(file, "below"));
        Assert.Equal((PreflightStatus.Failed, "CDCF5255"), (LocalFiles.Claims(store).Status, LocalFiles.Claims(store).Code));
        var error = Assert.Throws<CdcFlowException>(() => store.Put("value"u8));
        Assert.Equal(("CDCF5255", true), (error.Code, error.IsTransient));

        File.Delete(file); // "Let the process write there"
        Assert.Equal(PreflightStatus.Passed, LocalFiles.Claims(store).Status);
        Assert.Equal(store.Put("value"u8), store.Put("value"u8));
        Assert.Single(Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("relative/folder")]
    public void Claim_check_without_a_folder_is_refused_by_its_name(string? folder)
    {
        var context = Conformance.KafkaSinkTarget.Context() with { OtherConnectionString = _ => folder };
        var error = Assert.Throws<CdcFlowException>(() => Kafka.Sink.KafkaSinkOptions.Resolve(new KafkaSinkAttribute("bus") { ClaimCheck = "claims" }, "orders", context, ConnectorSettings.None));
        Assert.Equal("CDCF5254", error.Code);
        Assert.Contains("ConnectionStrings:claims", error.Mend, StringComparison.Ordinal);
    }
}
