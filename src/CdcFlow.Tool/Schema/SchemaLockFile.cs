using CdcFlow.Generators.Locking;
using CdcFlow.Generators.Model;

namespace CdcFlow.Tool.Schema;

/// <summary>The schema lock on disk.</summary>
internal static class SchemaLockFile
{
    /// <summary>What it has; without a file nothing.</summary>
    /// <exception cref="CdcFlowException">CDCF1040: it cannot be read, and writing it anew would drop what it has of other connections.</exception>
    internal static SchemaLock Read(FileInfo file)
    {
        try
        {
            return file.Exists ? SchemaLockReader.Read(File.ReadAllText(file.FullName)) : new SchemaLock(default);
        }
        catch (LockFormatException problem)
        {
            throw new CdcFlowException(
                ToolErrorCodes.LockUnreadable,
                $"The schema lock {file.FullName} cannot be read: line {problem.Line}: {problem.Message}.",
                "Take it from version control again; or delete it, and pull each of its connections anew.");
        }
    }

    /// <summary>With a connection added, or in the place of the one of its name.</summary>
    internal static SchemaLock With(this SchemaLock before, LockedConnection pulled) => new(
        before.Connections.Where(other => other.Name != pulled.Name).Append(pulled).OrderBy(each => each.Name, StringComparer.Ordinal).ToEquatableArray());

    /// <summary>Writes it as one: whoever compiles meanwhile reads the one before or this one.</summary>
    internal static async Task WriteAsync(FileInfo file, string text, CancellationToken cancellationToken)
    {
        // A name of its own, made anew: one that lies there may be a link to elsewhere.
        var next = $"{file.FullName}.{Path.GetRandomFileName()}";
        await using (var writer = new StreamWriter(new FileStream(next, FileMode.CreateNew, FileAccess.Write)))
        {
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        }

        File.Move(next, file.FullName, overwrite: true);
    }
}
