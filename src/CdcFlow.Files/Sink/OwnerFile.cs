using System.Globalization;
using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.IO;

namespace CdcFlow.Files.Sink;

/// <summary>A hidden file in a folder that says whose instance has opened it last, or, after a reset, up to where its files are nobody's. Its absence tells a folder that was emptied, or whose disk is not mounted, from one whose
/// files readers have taken away.</summary>
/// <param name="context">The connection.</param>
/// <param name="folder">The folder.</param>
/// <param name="options">The sink whose permissions the file and its folder get.</param>
internal sealed class OwnerFile(ConnectorContext context, string folder, FileSinkOptions options)
{
    private const int BytesMax = 1024 * 1024;
    private const string LockEnd = ".lock";

    private readonly IFileSystem files = context.Files;
    private readonly string path = Path.Combine(folder, $".{FileNames.Safe(context.Pipeline)}.{FileNames.Safe(context.Connection)}.owner");

    public string Folder => folder;

    /// <summary>Its path, for messages.</summary>
    public string Location => path;

    /// <summary>What it says; null where there is none. What cannot be read is not taken for that.</summary>
    /// <exception cref="CdcFlowException">It is damaged.</exception>
    public Ownership? Read() => FileWork.Do(options, folder, ReadFile);

    /// <summary>Keeps other openings on this machine away while it is held. Makes the folder.</summary>
    /// <exception cref="CdcFlowException">Another holds it.</exception>
    public IDisposable Lock() => FileWork.Do(options, folder, LockFile);

    /// <summary>Says whose the folder is.</summary>
    public void Write(Ownership ownership) => FileWork.Do(options, folder, () => WriteFile(ownership));

    /// <summary>Takes it away, under its lock.</summary>
    public void Delete() => FileWork.Do(options, folder, DeleteFile);

    /// <summary>Takes away the file of the lock, once that is given back. Two that open the folder at this very moment may then both have a lock: the second look of the one that wrote first finds the other.</summary>
    public void DeleteLock() => FileWork.Do(options, folder, () => files.Delete(path + LockEnd));

    private Ownership? ReadFile()
    {
        try
        {
            // Whoever may write in the folder may have put anything there.
            using var file = files.OpenRead(path);
            var text = new byte[Math.Min(file.Length, BytesMax + 1)];
            var read = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return Ownership.Read(read <= BytesMax ? text[..read] : []);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw FileErrors.OwnerDamaged(path);
        }
    }

    private IDisposable LockFile()
    {
        var name = path + LockEnd;
        files.CreateDirectory(folder, options.FolderPermissions);
        return files.TryLock(name) ?? throw FileErrors.BeingOpened(context.Connection, folder, name);
    }

    private void DeleteFile()
    {
        if (Read() is not null)
        {
            files.Delete(path);
            files.SyncDirectory(folder);
        }
    }

    private void WriteFile(Ownership ownership)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{ownership.Epoch}.inprogress");
        files.Delete(aside); // of an opening that did not get to its rename
        using (var file = files.Create(aside, options.Permissions))
        {
            file.Write(ownership.Text());
            file.Sync();
        }

        files.Rename(aside, path);
        files.SyncDirectory(folder);
    }
}
