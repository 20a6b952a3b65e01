using System.Text;
using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>Rejected changes are lines of files of their own, published with the checkpoint of the changes around them.</summary>
public sealed class FileRejectTests
{
    private const string Published = "/data/out/audit/_rejects/conformance.audit.000000000001.000001.000001.jsonl";

    private readonly SimulatedDisk disk = new();

    [Fact]
    public async Task Reject_is_published_once_by_whoever_finishes_its_checkpoint()
    {
        CommitPermit permit;
        await using (var dying = new FileProcess(new SimulatedFileSystem(disk), 1))
        {
            await dying.OpenAsync();
            await dying.WriteAsync(1, 2);
            await dying.RejectAsync(3);
            permit = await dying.PrepareAsync(1);
            Assert.DoesNotContain(Published, disk.Contents.Keys);
        }

        for (var epoch = 2; epoch <= 3; epoch++)
        {
            await using var next = new FileProcess(new SimulatedFileSystem(disk), epoch);
            await next.OpenAsync();
            await next.CommitAsync(permit);
        }

        var line = JsonElement.Parse(Assert.Single(Lines()));
        Assert.Equal(("Parse", "audit", "3", "Update", true, 7), (
            line.GetProperty("node").GetString(), line.GetProperty("sink").GetString(), line.GetProperty("key").GetString(), line.GetProperty("operation").GetString(),
            line.GetProperty("leaves_old_row").GetBoolean(), line.GetProperty("evidence").GetProperty("id").GetInt32()));
        Assert.Equal([1, 2], FileProcess.Published(disk.Contents.Where(file => !file.Key.Contains("_rejects", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Reject_outlives_a_loss_of_power_where_every_row_is_rejected()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var disk = new SimulatedDisk();
            await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1))
            {
                await process.OpenAsync();
                await process.RejectAsync(3);
                await process.CommitAsync(await process.PrepareAsync(1));
            }

            disk.CutPower(new Random(seed));
            Assert.Contains(Published, disk.Contents.Keys);
        }
    }

    [Fact]
    public async Task Rejects_are_read_back_the_newest_first()
    {
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1))
        {
            await process.OpenAsync();
            for (var checkpoint = 1; checkpoint <= 2; checkpoint++)
            {
                await process.RejectAsync(2 * checkpoint);
                await process.RejectAsync((2 * checkpoint) + 1);
                await process.CommitAsync(await process.PrepareAsync(checkpoint));
            }
        }

        await using var reading = new FileProcess(new SimulatedFileSystem(disk), 2);
        var rejects = await reading.ListAsync(3);
        Assert.Equal(["5", "4", "3"], rejects.Select(reject => reject.Key));
        Assert.Equal(("Parse", "audit", "secret", """{"id":7}""", true), (rejects[0].Node, rejects[0].Sink, rejects[0].Message, rejects[0].Evidence, rejects[0].LeavesOldRow));
    }

    [Fact]
    [Trait("WayOut", "CDCF5118")]
    public async Task Line_that_somebody_has_altered_hides_no_other()
    {
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1))
        {
            await process.OpenAsync();
            await process.RejectAsync(1);
            await process.RejectAsync(2);
            await process.CommitAsync(await process.PrepareAsync(1));
        }

        await using var reading = new FileProcess(new SimulatedFileSystem(disk), 2);
        var whole = disk.Contents[Published];
        byte[] broken = [.. "{}\n"u8, .. new string('x', 2_000_000).Select(letter => (byte)letter), (byte)'\n', .. whole, .. "half a li"u8];
        disk.Put(Published, broken);
        var list = await reading.ListAllAsync(100);
        Assert.Equal(["2", "1"], list.Rejects.Select(reject => reject.Key));
        Assert.Equal([5, 2, 1], list.Unreadable.Select(sentence => int.Parse(sentence.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(list.Unreadable, sentence => Assert.StartsWith("CDCF5118: Line ", sentence, StringComparison.Ordinal));
        Assert.All(list.Unreadable, sentence => Assert.EndsWith($"of '{Published}' is no rejected change: it was altered, or the disk has lost a part of it. Bring the file back from a backup, or take the line out of it.", sentence, StringComparison.Ordinal));
        Assert.Equal(2, (await reading.ListAllAsync(2)) is var few ? few.Rejects.Count + few.Unreadable.Count : 0);

        disk.Put(Published, whole);
        list = await reading.ListAllAsync(100);
        Assert.Equal((2, 0), (list.Rejects.Count, list.Unreadable.Count));
    }

    [Fact]
    public async Task Reject_of_an_instance_that_died_before_its_checkpoint_is_nowhere()
    {
        await using (var dying = new FileProcess(new SimulatedFileSystem(disk), 1))
        {
            await dying.OpenAsync();
            await dying.RejectAsync(3);
        }

        await using var next = new FileProcess(new SimulatedFileSystem(disk), 2);
        await next.OpenAsync();
        await next.RejectAsync(3);
        await next.CommitAsync(await next.PrepareAsync(1));
        Assert.Single(disk.Contents.Keys, name => name.Contains("_rejects/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OnError.DeadLetter, 1)]
    [InlineData(OnError.Skip, 0)]
    public async Task Row_without_a_form_in_the_format_is_rejected_and_the_others_are_written(OnError rule, int kept)
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1, configure: sink => (sink.Format, sink.OnError) = (FileFormat.Csv, rule));
        await process.OpenAsync();
        await process.WriteAsync(new Account(1, "Ada", 1, null), new Account(2, "half \ud800", 1, null), new Account(3, "Bea", 1, null));
        await process.CommitAsync(await process.PrepareAsync(1));

        var csv = Encoding.UTF8.GetString(disk.Contents.Single(file => file.Key.EndsWith(".csv", StringComparison.Ordinal)).Value);
        Assert.Equal(["Ada", "Bea"], csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',').First(field => field is "Ada" or "Bea")));
        Assert.Equal(kept, kept == 0 ? disk.Contents.Keys.Count(name => name.Contains("_rejects", StringComparison.Ordinal)) : Lines().Length);
        Assert.All(kept == 0 ? [] : Lines(), line => Assert.Equal("2", JsonElement.Parse(line).GetProperty("key").GetString()));
    }

    private string[] Lines() => Encoding.UTF8.GetString(disk.Contents[Published]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
