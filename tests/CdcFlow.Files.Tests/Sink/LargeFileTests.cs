using System.IO.Hashing;
using CdcFlow.Checkpoints;
using CdcFlow.IO;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>Recovery of a file that is larger than an array can be, and in no more memory than of a small one.</summary>
public sealed class LargeFileTests
{
    private const long Length = 3L << 30;
    private const string Staged = ".000001.conformance.audit.000000.inprogress";
    private const string Target = "conformance.audit.000000000001.000001.000001.jsonl";

    private static readonly Lazy<uint> crc = new(() =>
    {
        var checksum = new Crc32(Crc32ParameterSet.Crc32C);
        var zeros = new byte[1 << 20];
        for (long done = 0; done < Length; done += zeros.Length)
        {
            checksum.Append(zeros);
        }

        return checksum.GetCurrentHashAsUInt32();
    });

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(5, false)]
    public async Task Large_file_that_a_crash_left_behind_is_published(int surplus, bool isEnded)
    {
        var files = new LargeFiles { [Path.Combine("/data/out/audit", Staged)] = Length + surplus };
        await CommitAsync(files, isEnded);
        Assert.Equal([new(Path.Combine("/data/out/audit", Target), Length)], files);
        await CommitAsync(files, isEnded); // any number of times
        Assert.Equal([new(Path.Combine("/data/out/audit", Target), Length)], files);
    }

    [Fact]
    public async Task Large_file_that_has_changed_is_found()
    {
        var files = new LargeFiles { [Path.Combine("/data/out/audit", Staged)] = Length };
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => CommitAsync(files, isEnded: true, crc.Value + 1));
        Assert.Equal(FileErrors.StagedFileDiffers, error.Code);
    }

    private static async Task CommitAsync(LargeFiles files, bool isEnded, uint? checksum = null)
    {
        var expected = checksum ?? crc.Value;
        await using var process = new FileProcess(files, 2);
        await process.OpenAsync();
        var json = $$"""{"version":1,"files":[{"sink":"audit","staged":"{{Staged}}","target":"{{Target}}","length":{{Length}},"crc32c":{{expected}},"ended":{{(isEnded ? "true" : "false")}}}]}""";
        var permit = SinkConformance.Permit(new CheckpointRef(new Epoch(1), new CheckpointId(1)), Committable.Parse(json));
        var before = GC.GetAllocatedBytesForCurrentThread();
        await process.CommitAsync(permit);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 20);
    }

    /// <summary>Files of zeros, of which only the lengths are kept.</summary>
    private sealed class LargeFiles : Dictionary<string, long>, IFileSystem
    {
        private readonly SimulatedFileSystem rest = new(new SimulatedDisk());

        public void CreateDirectory(string path, UnixFileMode? mode = null) => rest.CreateDirectory(path, mode);

        public IFileWriter Create(string path, UnixFileMode? mode = null)
        {
            if (IsSmall(path))
            {
                return rest.Create(path, mode);
            }

            Add(path, 0);
            return new Writer(this, path);
        }

        public bool Exists(string path) => ContainsKey(path) || rest.Exists(path);

        public long Length(string path) => IsSmall(path) ? rest.Length(path) : this[path];

        public byte[] ReadAllBytes(string path) => IsSmall(path) ? rest.ReadAllBytes(path) : throw new InvalidOperationException("The file is larger than memory.");

        public Stream OpenRead(string path) => IsSmall(path) ? rest.OpenRead(path) : new Zeros(this[path]);

        public IReadOnlyList<string> ListFiles(string directory) => [.. Keys.Select(path => Path.GetFileName(path))];

        public void Rename(string from, string to)
        {
            if (IsSmall(from))
            {
                rest.Rename(from, to);
                return;
            }

            this[to] = this[from];
            Remove(from);
        }

        public void Delete(string path)
        {
            Remove(path);
            rest.Delete(path);
        }

        public void SyncDirectory(string path)
        {
        }

        public IDisposable? TryLock(string path) => rest.TryLock(path);

        // It says whose the folder is.
        private static bool IsSmall(string path) => path.Contains(".owner", StringComparison.Ordinal);

        private sealed class Writer(LargeFiles files, string path) : IFileWriter
        {
            public long Length => files[path];

            public void Write(ReadOnlySpan<byte> bytes) => files[path] += bytes.Length;

            public void Sync()
            {
            }

            public void Dispose()
            {
            }
        }
    }

    private sealed class Zeros(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - Position);
            buffer.AsSpan(offset, read).Clear();
            Position += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
