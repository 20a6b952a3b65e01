using CdcFlow.Configuration;
using CdcFlow.Hosting.Configuration;

namespace CdcFlow.Hosting.Tests;

/// <summary>What the mode and the owner of the store's folder mean for who runs the pipeline.</summary>
public sealed class StoreFolderTests
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Below = "et Checkpoint:Store to a folder below it ('/data/store'), which the pipeline makes with mode 0700";

    [Theory]
    [InlineData(UnixFileMode.None, 1000u, true, PreflightStatus.Passed, null, null)]
    [InlineData(UnixFileMode.OtherWrite, 1000u, true, PreflightStatus.Failed, "CDCF3025", "chmod o-w '/data', or s" + Below)]
    [InlineData(UnixFileMode.OtherWrite, null, true, PreflightStatus.Failed, "CDCF3025", "chmod o-w '/data', or s" + Below)]
    [InlineData(UnixFileMode.OtherWrite, 0u, true, PreflightStatus.Warning, "CDCF3025", "S" + Below)] // a container's volume
    [InlineData(UnixFileMode.OtherWrite, 1000u, false, PreflightStatus.Warning, "CDCF3025", "Its file system keeps no modes")] // a network share
    [InlineData(UnixFileMode.GroupWrite, 1000u, true, PreflightStatus.Warning, "CDCF3026", "chmod 0700 '/data'")]
    [InlineData(UnixFileMode.GroupWrite, 0u, true, PreflightStatus.Warning, "CDCF3026", "S" + Below)]
    [InlineData(UnixFileMode.None, 7u, true, PreflightStatus.Warning, "CDCF3026", "S" + Below + ", or chown 1000 '/data'")]
    [InlineData(UnixFileMode.None, 0u, true, PreflightStatus.Passed, null, null)]
    public void Only_what_the_user_can_put_right_is_refused(UnixFileMode others, uint? owner, bool keepsModes, PreflightStatus status, string? code, string? resolution)
    {
        var check = StoreFolder.Judge("/data", new FolderFacts(Own | others, owner, User: 1000, keepsModes));
        Assert.Equal((status, code), (check.Status, check.Code));
        Assert.StartsWith(resolution ?? "", check.Fix ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_are_those_of_the_folder_and_looking_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the owner is not known.");
        var folder = Directory.CreateTempSubdirectory("cdcflow-store-").FullName;
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(folder, Own | UnixFileMode.OtherWrite);
            }

            var facts = FolderFacts.Of(folder)!;
            Assert.Equal((Own | UnixFileMode.OtherWrite, facts.User, true), (facts.Mode, facts.Owner!.Value, facts.KeepsModes));
            Assert.Equal(0u, FolderFacts.Of("/")!.Owner);
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            Assert.Null(FolderFacts.Of(Path.Combine(folder, "none")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
