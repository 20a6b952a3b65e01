using CdcFlow.IO;

namespace CdcFlow.Files.Sink;

/// <summary>Tries whether a sink can write where it is to write: makes a small file durable and deletes it. Leaves nothing behind.</summary>
internal sealed class FolderProbe(IFileSystem files, FileSinkOptions options)
{
    // Others may try the same folder at the same moment.
    private readonly string name = $".cdcflow-probe-{Guid.NewGuid():N}";

    /// <summary>Tries the folder; where it does not exist yet, the nearest one above it, in which it would be made.</summary>
    /// <returns>A sentence for people.</returns>
    /// <exception cref="IOException">It cannot; or <see cref="UnauthorizedAccessException"/>.</exception>
    public string Try()
    {
        var found = Path.GetFullPath(options.Folder);
        while (!TryWrite(found))
        {
            if (files.Exists(found))
            {
                throw new IOException($"'{found}' is a file, and a folder is needed there.");
            }

            found = Path.GetDirectoryName(found) ?? throw new DirectoryNotFoundException("There is no such folder, nor any above it.");
        }

        return found == Path.GetFullPath(options.Folder)
            ? $"'{options.Folder}' can be written, with {files.ListFiles(options.Folder).Count} files now."
            : $"'{options.Folder}' does not exist; it will be made in '{found}', which can be written.";
    }

    /// <returns>False where there is no such folder.</returns>
    private bool TryWrite(string folder)
    {
        var path = Path.Combine(folder, name);
        try
        {
            using var file = files.Create(path);
            file.Write("probe"u8);
            file.Sync();
            files.SyncDirectory(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        finally
        {
            files.Delete(path);
        }
    }
}
