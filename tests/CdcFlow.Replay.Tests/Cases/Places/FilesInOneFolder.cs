using CdcFlow.Files;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("ArroyoSystems/arroyo", "#794", "Two sinks wrote to one file, each over what the other had written.")]
public sealed partial class FilesInOneFolder : Case<FilesInOneFolder.Pipeline>
{
    [CdcPipeline("one-folder")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), FileSink("files", Name = "journal", Folder = "out")]
        public partial Changes<Item> Rows { get; }

        [Filter(From = nameof(Rows)), FileSink("files", Name = "small", Folder = "out")]
        public static bool IsSmall(Item item) => item.Id < 10;
    }

    [Theory, Trait("WayOut", "CDCF2016")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_refused_until_each_says_that_it_shares_the_folder_or_one_has_another(bool shares)
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'a'), (10, 'b');");
        await RefusedTwiceAsync("CDCF2016", "Set Folder of sink 'small' to another one: CdcFlow:one-folder:Sinks:small:Folder.", "CdcFlow:one-folder:Sinks:journal:Shared=true and CdcFlow:one-folder:Sinks:small:Shared=true.");
        if (shares)
        {
            Set("Sinks:journal:Shared", "true");
            Set("Sinks:small:Shared", "true");
        }
        else
        {
            Set("Sinks:small:Folder", "small");
        }

        await RunAsync();
        Assert.Equal(3, Directory.GetFiles(Stage.Files, "*.jsonl", SearchOption.AllDirectories).Sum(file => File.ReadAllLines(file).Length));
    }
}
