using CdcFlow.Configuration;
using CdcFlow.IO;

namespace CdcFlow.Files.Sink;

/// <summary>Publishes the staged files of one sink by renaming them. Any process may do it, again and again.</summary>
/// <remarks>
/// A staged file stands in the folder it will be published in: a rename within one directory happens or does not, even if the power fails,
/// while one between two directories can leave the file under both names or under neither. A target that holds what the checkpoint says is
/// published, whatever else there is; a target that holds anything else is an error.
/// </remarks>
internal sealed class FilePublisher(string pipeline, IFileSystem files, FileSinkOptions options, IConnectorLog log)
{
    /// <summary>Publishes files that this process has staged itself.</summary>
    public void PublishOwn(IReadOnlyCollection<StagedFile> staged)
    {
        // A file that goes on stays with its writer.
        var ended = staged.Where(file => file.IsEnded).ToList();
        foreach (var file in ended.Where(file => !IsPublished(file)))
        {
            files.Rename(Staged(file), Target(file));
        }

        Sync(ended.Count);
    }

    /// <summary>Publishes files that another process has staged, after a check that they hold what its checkpoint says.</summary>
    public void PublishLeftBehind(IReadOnlyList<StagedFile> staged)
    {
        foreach (var file in NotPublished(staged))
        {
            try
            {
                Publish(file);
            }
            catch (CdcFlowException error) when (options.OnLostFile == OnLostFile.Skip && FileErrors.IsLoss(error))
            {
                SetAside(file);
                log.Warning(FileErrors.LostFileSkipped, FileErrors.Skipped(options.Name, Target(file), error));
            }
        }

        Sync(staged.Count);
        foreach (var file in staged)
        {
            files.Delete(Staged(file));
            files.Delete(Cut(file));
        }
    }

    // Files are renamed in their order. So one that has neither name any more while a later one is published was published too, and its reader has taken it away.
    private List<StagedFile> NotPublished(IReadOnlyList<StagedFile> staged)
    {
        var published = staged.Select(IsPublished).ToList();
        var last = published.LastIndexOf(true);
        return [.. staged.Where((file, index) => !published[index] && (index > last || files.Exists(Staged(file))))];
    }

    private void Publish(StagedFile file)
    {
        if (!files.Exists(Staged(file)))
        {
            throw FileErrors.Missing(pipeline, options.Name, Staged(file), Target(file));
        }

        files.Rename(Verified(file), Target(file));
    }

    // Under a name that nothing here reads or removes, for whoever wants to see what is left of it.
    private void SetAside(StagedFile file)
    {
        files.CreateDirectory(options.Folder, options.FolderPermissions); // it may have gone with its files
        files.Delete(Cut(file));
        if (files.Exists(Staged(file)))
        {
            files.Rename(Staged(file), Target(file) + ".damaged");
        }
    }

    private bool IsPublished(StagedFile file)
    {
        if (!files.Exists(Target(file)))
        {
            return false;
        }

        return files.Length(Target(file)) == file.Length && FileContent.Checksum(files, Target(file), file.Length) == file.Crc
            ? true
            : throw FileErrors.Occupied(options.Name, Target(file));
    }

    /// <summary>The file to rename: the staged one, or a copy of its first bytes where its writer had gone on after the checkpoint.</summary>
    private string Verified(StagedFile file)
    {
        var length = files.Length(Staged(file));
        if (length < file.Length || (file.IsEnded && length > file.Length))
        {
            throw FileErrors.Differs(pipeline, options.Name, Staged(file), $"it has {length} bytes instead of {file.Length}");
        }

        if (length > file.Length)
        {
            return CutTo(file);
        }

        Check(file, FileContent.Checksum(files, Staged(file), file.Length));
        return Staged(file);
    }

    private string CutTo(StagedFile file)
    {
        files.Delete(Cut(file)); // of an attempt that did not get to its rename
        using var writer = files.Create(Cut(file), options.Permissions);
        Check(file, FileContent.Checksum(files, Staged(file), file.Length, writer));
        writer.Sync();
        return Cut(file);
    }

    private void Check(StagedFile file, uint crc)
    {
        if (crc != file.Crc)
        {
            throw FileErrors.Differs(pipeline, options.Name, Staged(file), "its checksum is another");
        }
    }

    private void Sync(int published)
    {
        if (published > 0)
        {
            files.SyncDirectory(options.Folder);
        }
    }

    private string Staged(StagedFile file) => Path.Combine(options.Folder, file.Name);

    private string Cut(StagedFile file) => Path.ChangeExtension(Staged(file), ".cut.inprogress");

    private string Target(StagedFile file) => Path.Combine(options.Folder, file.Target);
}
