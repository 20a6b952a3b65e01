using System.Text;
using System.Text.Json;
using CdcFlow.Formats.Json;
using CdcFlow.IO;
using CdcFlow.Rejects;

namespace CdcFlow.Files.Sink;

/// <summary>Reads the lines of a file of rejects, whatever has become of it: a line that is none is told from the others, and fills no memory.</summary>
internal static class RejectLines
{
    // Key, texts and row of a reject are bounded; a line of this many letters is none.
    private const int LettersMax = 1024 * 1024;

    /// <summary>How many lines there are, those included that are no rejects.</summary>
    public static long Count(IFileSystem files, string path)
    {
        using var reader = new StreamReader(files.OpenRead(path), Encoding.UTF8);
        return Lines(reader).LongCount();
    }

    /// <summary>The last lines, the newest first.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file.</param>
    /// <param name="max">How many.</param>
    public static IEnumerable<(StoredReject? Reject, string? Unreadable)> Last(IFileSystem files, string path, int max)
    {
        var last = new Queue<(long Number, string? Text)>();
        using (var reader = new StreamReader(files.OpenRead(path), Encoding.UTF8))
        {
            foreach (var line in Lines(reader))
            {
                last.Enqueue(line);
                if (last.Count > max)
                {
                    last.Dequeue();
                }
            }
        }

        return last.Reverse().Select(line => line.Text is not null && Parse(line.Text) is { } reject ? (reject, null) : ((StoredReject?)null, FileErrors.NoReject(path, line.Number)));
    }

    /// <returns>The text is null where the line is too long.</returns>
    private static IEnumerable<(long Number, string? Text)> Lines(StreamReader reader)
    {
        var line = new StringBuilder();
        var (number, length) = (1L, 0L);
        while (reader.Read() is >= 0 and var letter)
        {
            if (letter == '\n')
            {
                yield return (number++, length > LettersMax ? null : line.ToString());
                line.Clear();
                length = 0;
            }
            else if (++length <= LettersMax)
            {
                line.Append((char)letter);
            }
        }

        if (length > 0)
        {
            yield return (number, length > LettersMax ? null : line.ToString());
        }
    }

    private static StoredReject? Parse(string line)
    {
        try
        {
            return RejectJson.Read(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
