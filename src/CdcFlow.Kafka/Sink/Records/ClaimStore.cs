using System.Security.Cryptography;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>A folder of values that are too large for their topics: each a file of its SHA-256's name, on disk before its record is sent.</summary>
/// <remarks>The same value is the same file, so a replay writes nothing new. Nothing is ever deleted here: whoever reads the topic knows how long it is wanted.</remarks>
internal sealed class ClaimStore(string folder)
{
    public string Folder => folder;

    /// <summary>Finds out whether it could keep one; leaves nothing but the folder.</summary>
    /// <exception cref="CdcFlowException">CDCF5255: the folder cannot be written to.</exception>
    public void Probe() => InFolder(() =>
    {
        var file = Path.Combine(folder, $"probe.{Guid.NewGuid():n}.tmp");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(file, []);
        File.Delete(file);
    });

    /// <summary>Keeps a value.</summary>
    /// <returns>Its SHA-256, in lower-case hexadecimal digits; the file is <c>{first two digits}/{all}</c>.</returns>
    /// <exception cref="CdcFlowException">CDCF5255: the folder cannot be written to.</exception>
    public string Put(ReadOnlySpan<byte> value)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(value));
        var file = Path.Combine(folder, name[..2], name);
        if (!File.Exists(file) || new FileInfo(file).Length != value.Length)
        {
            var bytes = value.ToArray();
            InFolder(() => Write(file, bytes));
        }

        return name;
    }

    private void InFolder(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KafkaSinkErrors.ClaimUnwritable(folder, error);
        }
    }

    private static void Write(string file, ReadOnlySpan<byte> value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.{Guid.NewGuid():n}.tmp";
        using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            stream.Write(value);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
