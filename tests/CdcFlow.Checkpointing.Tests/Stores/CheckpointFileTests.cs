using System.Text;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>The file format, and that every released format can still be read.</summary>
public sealed class CheckpointFileTests
{
    private static readonly CheckpointManifest sample = new()
    {
        Pipeline = "orders",
        Checkpoint = Ref(12, epoch: 3),
        CreatedAt = new DateTimeOffset(2026, 11, 22, 10, 30, 0, TimeSpan.Zero),
        GraphFingerprint = "6f1ed002ab5595859014ebf0951522d9",
        LastCommitted = Ref(11, epoch: 3),
        Sources = new Dictionary<string, System.Text.Json.JsonElement>
        {
            ["shop"] = Json("""{"version":1,"commitLsn":"0/16B3748","event":4,"row":0,"tables":{"public.orders":{"done":false,"after":["žluť\"<&>",41]}}}"""),
        },
        Nodes = new Dictionary<string, System.Text.Json.JsonElement> { ["Deduplicate"] = Json("""{"version":2,"seen":[1,2.50,null]}""") },
        Sinks = new Dictionary<string, PreparedSink>
        {
            ["warehouse"] = new(SinkKind.Transactional, Committable.None),
            ["lake"] = new(SinkKind.Staged, Committable.Parse("""{"files":[{"from":".staging/a.inprogress","to":"a.jsonl","length":120}]}""")),
        },
    };

    private static Dictionary<string, CheckpointManifest> Samples { get; } = new()
    {
        ["format-1"] = sample,
        ["format-2"] = sample with { SideFiles = [new SideFileRef(new string('b', 64), new Epoch(3)), new SideFileRef(new string('a', 64), new Epoch(2))] },
    };

    public static TheoryData<string> GoldenFiles => [.. Directory.EnumerateFiles(Golden, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Golden, path))];

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Golden");

    [Theory, MemberData(nameof(GoldenFiles))]
    public void Checkpoint_of_every_released_format_is_read(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Golden, name));
        var read = Assert.IsType<ReadableCheckpoint>(CheckpointFile.Parse(StorePaths.ParseCheckpoint(Path.GetFileName(name))!.Value, file)).Manifest;
        Assert.Equal(Text(Samples[Path.GetDirectoryName(name)!]), Text(read));
    }

    [Theory, InlineData("format-1"), InlineData("format-2")]
    public void Format_that_is_written_is_that_of_its_golden_file(string format) =>
        Assert.Equal(File.ReadAllText(Path.Combine(Golden, format, "0000000012@000003.checkpoint")), Text(Samples[format]));

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        var whole = CheckpointFile.Write(sample);
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            Assert.True(CheckpointFile.Parse(sample.Checkpoint, changed) is DamagedCheckpoint, $"byte {at} was changed");
        }
    }

    [Fact]
    public void Any_missing_end_is_noticed()
    {
        var whole = CheckpointFile.Write(sample);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.True(CheckpointFile.Parse(sample.Checkpoint, whole.AsMemory(0, length)) is DamagedCheckpoint, $"cut to {length} bytes");
        }
    }

    [Fact]
    public void File_under_another_checkpoints_name_is_noticed() =>
        Assert.IsType<DamagedCheckpoint>(CheckpointFile.Parse(Ref(13, epoch: 3), CheckpointFile.Write(sample)));

    [Fact]
    public void File_that_is_something_else_is_refused_with_a_sentence() =>
        Assert.Equal("its first line is not that of a checkpoint", Damaged("PK\u0003\u0004").Reason);

    [Fact]
    public void File_of_a_newer_format_says_so()
    {
        var newer = Damaged(Text(sample).Replace("format=1", "format=3", StringComparison.Ordinal));
        Assert.Equal((CheckpointErrorCodes.NewerFormat, "it has format 3, and this version reads formats 1 to 2"), (newer.Code, newer.Reason));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"pipeline":1}""")]
    [InlineData("""{"pipeline":"orders","checkpoint":null}""")]
    [InlineData("""{"pipeline":"orders","pipeline":"orders"}""")]
    public void Body_that_is_no_manifest_is_damaged_even_under_a_right_checksum(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        Assert.Equal("its body is not a checkpoint", Damaged($"CDCFLOW-CHECKPOINT format=1 id=12 epoch=3 length={bytes.Length} sha256={sum}\n{body}").Reason);
    }

    private static DamagedCheckpoint Damaged(string file) =>
        Assert.IsType<DamagedCheckpoint>(CheckpointFile.Parse(sample.Checkpoint, Encoding.UTF8.GetBytes(file)));

    private static string Text(CheckpointManifest manifest) => Encoding.UTF8.GetString(CheckpointFile.Write(manifest));
}
