using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpoints;
using CdcFlow.Files.Sink;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

public sealed class FileSinkTests
{
    private readonly SimulatedDisk disk = new();

    [Fact]
    public async Task File_ends_when_it_is_large_enough()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1, configure: sink => sink.RollBytes = 400);
        await process.OpenAsync();
        await process.WriteAsync(1, 2, 3, 4, 5, 6);
        await process.CommitAsync(await process.PrepareAsync(1));
        Assert.Equal(
            ["conformance.audit.000000000001.000001.000001.jsonl", "conformance.audit.000000000001.000001.000002.jsonl"],
            Names().Where(name => !name.EndsWith("000003.jsonl", StringComparison.Ordinal)));
        Assert.Equal([1, 2, 3, 4, 5, 6], FileProcess.Published(disk.Contents));
    }

    // confluentinc/kafka-connect-hdfs #127: files that a reader had moved away were written again after a restart.
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Files_that_a_reader_has_taken_away_hinder_no_start_while_the_newest_is_there(int rollSeconds)
    {
        void Configure(FileSinkAttribute sink) => (sink.RollBytes, sink.RollIntervalSeconds) = (400, rollSeconds);
        CommitPermit last;
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1, configure: Configure))
        {
            await process.OpenAsync();
            await process.WriteAsync(1, 2, 3, 4, 5, 6, 7);
            await process.CommitAsync(last = await process.PrepareAsync(1));
        }

        var published = Names().Where(name => !name.StartsWith('.')).ToList();
        foreach (var name in published[..^1])
        {
            new SimulatedFileSystem(disk).Delete($"/data/out/audit/{name}");
        }

        for (var epoch = 2; epoch <= 3; epoch++)
        {
            await using var next = new FileProcess(new SimulatedFileSystem(disk), epoch, configure: Configure);
            Assert.Equal(new CheckpointId(1), (await next.OpenAsync())!.Value.Id);
            await next.CommitAsync(last);
        }

        Assert.True(published.Count > 2);
        Assert.Equal(7, FileProcess.Published(disk.Contents)[^1]);
        Assert.DoesNotContain(Names(), published[..^1].Contains);
    }

    [Fact]
    public async Task Files_of_a_checkpoint_that_is_known_to_be_committed_may_all_be_gone()
    {
        CommitPermit last;
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1))
        {
            await process.OpenAsync();
            await process.WriteAsync(1);
            await process.RejectAsync(2);
            await process.CommitAsync(last = await process.PrepareAsync(1));
        }

        foreach (var path in disk.Contents.Keys.Where(path => path.EndsWith(".jsonl", StringComparison.Ordinal)).ToList())
        {
            new SimulatedFileSystem(disk).Delete(path);
        }

        await using var unknowing = new FileProcess(new SimulatedFileSystem(disk), 2);
        await unknowing.OpenAsync();
        Assert.Equal(FileErrors.StagedFileMissing, (await Assert.ThrowsAsync<CdcFlowException>(() => unknowing.CommitAsync(last))).Code);
        await using var next = new FileProcess(new SimulatedFileSystem(disk), 3);
        await next.OpenAsync();
        await next.CommitAgainAsync(last);
        await next.WriteAsync(3);
        await next.CommitAsync(await next.PrepareAsync(2));
        Assert.Equal([3], FileProcess.Published(disk.Contents));
    }

    [Fact]
    public async Task File_that_was_to_go_on_is_published_by_a_start_also_where_its_checkpoint_is_known_to_be_committed()
    {
        static void Configure(FileSinkAttribute sink) => sink.RollIntervalSeconds = 60;
        CommitPermit first, second;
        var time = new ManualTime();
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1, time, configure: Configure))
        {
            await process.OpenAsync();
            await process.WriteAsync(1);
            await process.CommitAsync(first = await process.PrepareAsync(1));
        }

        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 2, time, configure: Configure))
        {
            await process.OpenAsync();
            await process.CommitAgainAsync(first);
            Assert.Equal([1], FileProcess.Published(disk.Contents));
            await process.WriteAsync(2);
            await process.CommitAsync(second = await process.PrepareAsync(2));
            await process.WriteAsync(3);
            process.EndInput();
            await process.CommitAsync(await process.PrepareAsync(3));
        }

        // By an order to go back, what had gone on is not looked for under its old name.
        await using var back = new FileProcess(new SimulatedFileSystem(disk), 3, time, configure: Configure);
        await back.OpenAsync();
        await back.CommitAgainAsync(second);
        Assert.Equal([1, 2, 3], FileProcess.Published(disk.Contents));
    }

    // vectordotdev/vector #2055: a file that was deleted while it was written was written to further on, and what came was nowhere.
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task Staged_file_that_is_deleted_while_it_is_written_is_written_again(long rollBytes)
    {
        void Configure(FileSinkAttribute sink) => sink.RollBytes = rollBytes;
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1, configure: Configure))
        {
            await process.OpenAsync();
            await process.WriteAsync(1, 2);
            new SimulatedFileSystem(disk).Delete($"/data/out/audit/{Hidden()[0]}");
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => process.PrepareAsync(1));
            Assert.Equal((FileErrors.FileSystemFailed, true), (error.Code, error.IsTransient));
            Assert.Contains("was deleted while it was being written", error.Happened, StringComparison.Ordinal);
        }

        await using var next = new FileProcess(new SimulatedFileSystem(disk), 2, configure: Configure);
        await next.OpenAsync();
        await next.WriteAsync(1, 2);
        await next.CommitAsync(await next.PrepareAsync(1));
        Assert.Equal([1, 2], FileProcess.Published(disk.Contents));
    }

    // lensesio/stream-reactor #919: file numbers without enough zeros in front sorted files in another order than they were written in.
    [Fact]
    public void Files_of_one_checkpoint_sort_by_name_in_their_order_however_many_there_are()
    {
        var names = new FileNames("p", "s", ".jsonl");
        var checkpoint = new CheckpointRef(new Epoch(1), new CheckpointId(1));
        int[] numbers = [1, 9, 10, 9_999, 10_000, 99_999, 100_000, 999_999];
        string[] inOrder = [.. numbers.Select(number => names.Published(checkpoint, number)), names.Published(checkpoint with { Id = new CheckpointId(2) }, 1)];
        Assert.Equal(inOrder, inOrder.Order(StringComparer.Ordinal));
        Assert.Equal(checkpoint, names.CheckpointOf("p.s.000000000001.000001.0001.jsonl")); // of an earlier version
    }

    [Fact]
    public async Task File_goes_on_over_checkpoints_until_it_is_old_enough()
    {
        var time = new ManualTime();
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1, time, configure: sink => sink.RollIntervalSeconds = 60);
        await process.OpenAsync();
        await process.WriteAsync(1);
        await process.CommitAsync(await process.PrepareAsync(1));
        await process.WriteAsync(2);
        await process.CommitAsync(await process.PrepareAsync(2));
        Assert.Empty(FileProcess.Published(disk.Contents));
        time.Advance(TimeSpan.FromSeconds(60));
        await process.CommitAsync(await process.PrepareAsync(3));
        Assert.Equal([1, 2], FileProcess.Published(disk.Contents));
        Assert.Single(Names());
    }

    [Fact]
    public async Task Last_checkpoint_publishes_the_open_file_however_young()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1, new ManualTime(), configure: sink => sink.RollIntervalSeconds = 60);
        await process.OpenAsync();
        await process.WriteAsync(1);
        await process.CommitAsync(await process.PrepareAsync(1));
        await process.WriteAsync(2);
        process.EndInput();
        await process.CommitAsync(await process.PrepareAsync(2));
        Assert.Equal([1, 2], FileProcess.Published(disk.Contents));
        Assert.Empty(Hidden());
    }

    [Fact]
    public async Task Check_before_the_start_writes_a_file_and_leaves_nothing()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1);
        var missing = await process.CheckAsync();
        Assert.Equal(Configuration.PreflightStatus.Passed, missing.Status);
        Assert.Contains("does not exist; it will be made in", missing.Sentence, StringComparison.Ordinal);
        new SimulatedFileSystem(disk).CreateDirectory("/data/out/audit");
        Assert.Contains("can be written, with 0 files now", (await process.CheckAsync()).Sentence, StringComparison.Ordinal);
        Assert.Empty(FileProcess.Output(disk));
    }

    [Fact]
    public async Task Check_before_the_start_finds_a_full_disk_and_leaves_nothing()
    {
        disk.BytesFree = 2;
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1);
        var check = await process.CheckAsync();
        Assert.Equal((Configuration.PreflightStatus.Failed, FileErrors.DiskFull), (check.Status, check.Code));
        Assert.Empty(FileProcess.Output(disk));
    }

    [Fact]
    public async Task Check_before_the_start_finds_a_folder_that_may_not_be_written()
    {
        var files = new SimulatedFileSystem(disk, step =>
        {
            if (step.StartsWith("create", StringComparison.Ordinal))
            {
                throw new UnauthorizedAccessException("Access is denied.");
            }
        });
        await using var process = new FileProcess(files, 1);
        var check = await process.CheckAsync();
        Assert.Equal((Configuration.PreflightStatus.Failed, FileErrors.PermissionDenied), (check.Status, check.Code));
        Assert.Contains("right to create", check.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_before_the_start_finds_a_file_where_a_folder_is_needed()
    {
        var occupied = Path.GetTempFileName();
        try
        {
            await using var process = new FileProcess(LocalFileSystem.Default, 1, folder: Path.Combine(occupied, "out"));
            var check = await process.CheckAsync();
            Assert.Equal((Configuration.PreflightStatus.Failed, FileErrors.FileSystemFailed), (check.Status, check.Code));
        }
        finally
        {
            File.Delete(occupied);
        }
    }

    [Fact]
    public async Task Checkpoint_without_changes_makes_no_file()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1);
        await process.OpenAsync();
        await process.CommitAsync(await process.PrepareAsync(1));
        Assert.Empty(FileProcess.Output(disk));
    }

    [Fact]
    public async Task Newest_published_name_is_the_marker()
    {
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 4))
        {
            await process.OpenAsync();
            await process.WriteAsync(1);
            await process.CommitAsync(await process.PrepareAsync(17));
        }

        await using var next = new FileProcess(new SimulatedFileSystem(disk), 5);
        Assert.Equal(new CheckpointRef(new Epoch(4), new CheckpointId(17)), await next.OpenAsync());
    }

    [Fact]
    public async Task What_older_instances_left_is_removed_when_writing_starts_and_not_before()
    {
        await using var older = new FileProcess(new SimulatedFileSystem(disk), 1);
        await older.OpenAsync();
        await older.WriteAsync(1);
        var owed = await older.PrepareAsync(1);

        await using var newer = new FileProcess(new SimulatedFileSystem(disk), 2);
        await newer.OpenAsync();
        Assert.Single(Hidden());
        await newer.CommitAsync(owed);
        Assert.Equal([1], FileProcess.Published(disk.Contents));

        disk.Put("/data/out/audit/.000001.conformance.audit.000009.inprogress", [1]);
        disk.Put("/data/out/audit/.000001.another.audit.000009.inprogress", [1]);
        await newer.WriteAsync(2);
        await newer.CommitAsync(await newer.PrepareAsync(2));
        Assert.Equal([".000001.another.audit.000009.inprogress"], Hidden());
    }

    [Fact]
    public async Task Staged_file_that_is_gone_stops_with_a_code() =>
        await FailsAsync(FileErrors.StagedFileMissing, staged => new SimulatedFileSystem(disk).Delete(staged));

    [Fact]
    public async Task Staged_file_that_has_changed_stops_with_a_code() =>
        await FailsAsync(FileErrors.StagedFileDiffers, staged => disk.Put(staged, [.. disk.Contents[staged][..^1], (byte)'x']));

    [Fact]
    public async Task Staged_file_that_is_too_short_stops_with_a_code() =>
        await FailsAsync(FileErrors.StagedFileDiffers, staged => disk.Put(staged, disk.Contents[staged].AsSpan()[..^1]));

    [Fact]
    public async Task Another_file_in_the_way_is_not_overwritten() =>
        await FailsAsync(FileErrors.TargetDiffers, _ => disk.Put("/data/out/audit/conformance.audit.000000000001.000001.000001.jsonl", [1, 2, 3]));

    [Fact]
    [Trait("WayOut", "CDCF5101")]
    public async Task Full_disk_stops_with_a_code_and_the_next_instance_goes_on()
    {
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await using var process = new FileProcess(new SimulatedFileSystem(disk), epoch);
            disk.BytesFree = null;
            await process.OpenAsync();
            disk.BytesFree = 100;
            await process.WriteAsync(1, 2, 3);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => process.PrepareAsync(1));
            Assert.Equal((FileErrors.DiskFull, true, true), (error.Code, error.IsTransient, error.IsWaitedOut));
        }

        disk.BytesFree = null;
        await using var next = new FileProcess(new SimulatedFileSystem(disk), 3);
        await next.OpenAsync();
        await next.WriteAsync(1, 2, 3);
        await next.CommitAsync(await next.PrepareAsync(1));
        Assert.Equal([1, 2, 3], FileProcess.Published(disk.Contents));
    }

    [Fact]
    [Trait("WayOut", "CDCF5103")]
    public async Task Folder_that_cannot_be_made_stops_with_a_code_until_the_file_system_is_fixed()
    {
        var occupied = Path.GetTempFileName();
        try
        {
            for (var epoch = 1; epoch <= 2; epoch++)
            {
                await using var process = new FileProcess(LocalFileSystem.Default, epoch, folder: Path.Combine(occupied, "out"));
                var error = await Assert.ThrowsAsync<CdcFlowException>(process.OpenAsync);
                Assert.Equal(FileErrors.FileSystemFailed, error.Code);
            }

            File.Delete(occupied); // what was in the way
            await using var next = new FileProcess(LocalFileSystem.Default, 3, folder: Path.Combine(occupied, "out"));
            await next.OpenAsync();
            await next.WriteAsync(1);
            await next.CommitAsync(await next.PrepareAsync(1));
            Assert.Single(Directory.GetFiles(occupied, "*.jsonl", SearchOption.AllDirectories));
        }
        finally
        {
            if (Directory.Exists(occupied))
            {
                Directory.Delete(occupied, recursive: true);
            }
        }
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/absolute")]
    [InlineData("a/b\\c")]
    [InlineData("nul\0")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("Ünïcode")]
    [InlineData("with.dots.0001.jsonl")]
    public async Task Name_of_a_sink_leads_to_no_other_folder(string name)
    {
        await using (var process = new FileProcess(new SimulatedFileSystem(disk), 1, name: name))
        {
            await process.OpenAsync();
            await process.WriteAsync(1);
            await process.CommitAsync(await process.PrepareAsync(1));
        }

        var path = Assert.Single(FileProcess.Output(disk)).Key;
        Assert.Matches("^/data/out/[A-Za-z0-9_~-]+/conformance[.][A-Za-z0-9_~-]+[.]000000000001[.]000001[.]000001[.]jsonl$", path);
        await using var next = new FileProcess(new SimulatedFileSystem(disk), 2, name: name);
        Assert.NotNull(await next.OpenAsync());
    }

    [Fact]
    public void Different_names_never_make_the_same_file_name()
    {
        string[] names = ["a", "A", "a.b", "a_b", "a/b", "a\\b", "a b", "ab", new string('x', 200), new string('x', 201), "", "~", "x\uD800", "x\uD801", "x\uFFFD"];
        Assert.Equal(names.Length, names.Select(FileNames.Safe).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("Host=db;Password=hunter2")]
    [InlineData("postgres://cdc:hunter2@db/app")]
    public void Another_systems_connection_string_is_refused_without_being_shown(string connectionString)
    {
        var error = Assert.Throws<CdcFlowException>(() => new FileProcess(new SimulatedFileSystem(disk), 1, folder: connectionString));
        Assert.Equal(FileErrors.FolderInvalid, error.Code);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":1,"files":[{"sink":"audit","staged":"../../x","target":"y","length":1,"crc32c":1,"ended":true}]}""")]
    [InlineData("""{"version":2,"files":[]}""")]
    [InlineData("""{"version":1,"files":[{"sink":"gone","staged":"x","target":"y","length":1,"crc32c":1,"ended":true}]}""")]
    [InlineData("""[1,2]""")]
    public async Task Committable_that_is_not_this_sinks_is_refused(string json)
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 2);
        await process.OpenAsync();
        var permit = Testing.Conformance.SinkConformance.Permit(new CheckpointRef(new Epoch(1), new CheckpointId(1)), CdcFlow.Sinks.Committable.Parse(json));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => process.CommitAsync(permit));
        Assert.Equal(FileErrors.UnknownCommittable, error.Code);
    }

    [Fact]
    public async Task Csv_file_begins_with_its_header_each_time()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1, configure: sink => sink.Format = FileFormat.Csv);
        await process.OpenAsync();
        await process.WriteAsync(1);
        await process.CommitAsync(await process.PrepareAsync(1));
        await process.WriteAsync(2);
        await process.CommitAsync(await process.PrepareAsync(2));
        Assert.Equal(2, FileProcess.Output(disk).Count);
        Assert.All(FileProcess.Output(disk), file => Assert.StartsWith("op,id,owner,", System.Text.Encoding.UTF8.GetString(file.Value), StringComparison.Ordinal));
    }

    /// <summary>A checkpoint of an earlier version names files by this checksum.</summary>
    [Fact]
    public async Task Checksum_is_CRC_32C()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1);
        await process.OpenAsync();
        await process.WriteAsync(1);
        var permit = await process.PrepareAsync(1);
        var file = Assert.Single(FileCommittable.Read(permit.Committable));
        Assert.Equal(Castagnoli(Assert.Single(FileProcess.Output(disk)).Value), file.Crc);
        Assert.Equal(0xE3069283u, Castagnoli("123456789"u8));
    }

    // Bit by bit, as the polynomial says.
    private static uint Castagnoli(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
            }
        }

        return ~crc;
    }

    private async Task FailsAsync(string code, Action<string> harm)
    {
        await using (var first = new FileProcess(new SimulatedFileSystem(disk), 1))
        {
            await first.OpenAsync();
            await first.WriteAsync(1);
            var permit = await first.PrepareAsync(1);
            harm($"/data/out/audit/{Assert.Single(Hidden())}");

            await using var second = new FileProcess(new SimulatedFileSystem(disk), 2);
            await second.OpenAsync();
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => second.CommitAsync(permit));
            Assert.Equal(code, error.Code);
        }
    }

    private IEnumerable<string> Names() => FileProcess.Output(disk).Keys.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private List<string> Hidden() => [.. Names().Where(name => name.StartsWith('.'))];
}
