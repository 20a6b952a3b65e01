using System.IO.Hashing;
using CdcFlow.Checkpoints;
using CdcFlow.IO;

namespace CdcFlow.Files.Sink;

/// <summary>The files that one sink has written and not yet published, the open one included.</summary>
/// <remarks>Touched by the sink's own node only.</remarks>
internal sealed class StagedFiles(IFileSystem files, TimeProvider time, FileSinkOptions options, FileNames names) : IDisposable
{
    private readonly List<StagedFile> ended = [];
    private Epoch epoch;
    private int nextNumber;
    private OpenFile? open;
    private bool isLast;

    /// <summary>Whether bytes can be appended; <see cref="Begin"/> otherwise.</summary>
    public bool IsOpen => open is not null;

    /// <summary>The open file's bytes so far.</summary>
    public long Length => open?.Writer.Length ?? 0;

    /// <summary>Makes the folders, and removes what older instances have left behind.</summary>
    /// <remarks>To be called when writing starts: by then every commit that a restored checkpoint still owed has been made.</remarks>
    public void Start(Epoch instance)
    {
        epoch = instance;
        files.CreateDirectory(options.Folder, options.FolderPermissions);
        foreach (var name in files.ListFiles(options.Folder))
        {
            if (names.StagedBy(name) is not { } staged)
            {
                continue;
            }

            if (staged.Epoch < epoch)
            {
                files.Delete(Path.Combine(options.Folder, name));
            }
            else if (staged.Epoch == epoch)
            {
                // Only where the checkpoint store was emptied, so that epochs are given out anew.
                nextNumber = Math.Max(nextNumber, (int)staged.Number + 1);
            }
        }

        files.SyncDirectory(options.Folder);
        files.SyncDirectory(options.Root);
    }

    /// <summary>Opens a file.</summary>
    public void Begin()
    {
        var name = names.Staged(epoch, nextNumber++);
        open = new OpenFile(name, files.Create(Path.Combine(options.Folder, name), options.Permissions), time.GetTimestamp());
    }

    /// <summary>Appends to the open file.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        open!.Writer.Write(bytes);
        open.Checksum.Append(bytes);
    }

    /// <summary>Ends the open file because it is large enough; its name to publish is given by the next <see cref="Prepare"/>.</summary>
    public void End()
    {
        open!.Writer.Sync();
        ended.Add(Describe(open, isEnded: true));
        open.Writer.Dispose();
        open = null;
    }

    /// <summary>Nothing more will be appended: the open file, however young, ends with the next <see cref="Prepare"/>.</summary>
    public void EndInput() => isLast = true;

    /// <summary>Makes everything written durable, under the names of <paramref name="checkpoint"/>.</summary>
    public IReadOnlyList<StagedFile> Prepare(CheckpointRef checkpoint)
    {
        if (open is not null && (isLast || time.GetElapsedTime(open.Begun) >= options.RollInterval))
        {
            End();
        }

        open?.Writer.Sync();
        List<StagedFile> all = [.. ended];
        if (open is not null)
        {
            all.Add(Describe(open, isEnded: false));
        }

        if (all.Count > 0)
        {
            files.SyncDirectory(options.Folder);
            RequireNames(all);
        }

        return [.. all.Select((file, index) => file with { Target = names.Published(checkpoint, index + 1) })];
    }

    /// <summary>The ended files are published.</summary>
    public void Committed() => ended.Clear();

    /// <summary>Closes the open file; what was written stays staged, for nobody or for whoever finishes its checkpoint.</summary>
    public void Dispose()
    {
        open?.Writer.Dispose();
        open = null;
    }

    // What somebody has deleted can still be written to and flushed. Noticed now, it is written again; after the decision it would be lost.
    private void RequireNames(List<StagedFile> staged)
    {
        if (staged.Find(file => !files.Exists(Path.Combine(options.Folder, file.Name))) is { } gone)
        {
            throw new FileNotFoundException($"'{gone.Name}' was deleted while it was being written.");
        }
    }

    private StagedFile Describe(OpenFile file, bool isEnded) =>
        new(options.Name, file.Name, Target: "", file.Writer.Length, file.Checksum.GetCurrentHashAsUInt32(), isEnded);

    private sealed record OpenFile(string Name, IFileWriter Writer, long Begun)
    {
        public Crc32 Checksum { get; } = new(Crc32ParameterSet.Crc32C);
    }
}
