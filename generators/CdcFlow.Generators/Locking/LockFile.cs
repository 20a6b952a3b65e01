using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CdcFlow.Generators.Locking;

/// <summary>What a schema lock of the user's project was read as. A value.</summary>
/// <param name="Lock">What it holds; null: it cannot be read.</param>
/// <param name="Line">Where it cannot be read, from 1.</param>
/// <param name="Problem">What is wrong there; null: nothing.</param>
internal sealed record LockFile(SchemaLock? Lock, int Line, string? Problem)
{
    /// <summary>Whether a file of the user's project is a schema lock.</summary>
    public static bool Is(AdditionalText file) => string.Equals(Path.GetFileName(file.Path), SchemaLock.FileName, StringComparison.OrdinalIgnoreCase);

    public static LockFile Read(AdditionalText file, CancellationToken cancellationToken)
    {
        try
        {
            return new LockFile(SchemaLockReader.Read(file.GetText(cancellationToken)?.ToString() ?? ""), 0, null);
        }
        catch (LockFormatException problem)
        {
            return new LockFile(null, problem.Line, $"line {problem.Line}: {problem.Message}");
        }
    }

    /// <summary>Where the problem is.</summary>
    public Location Place(AdditionalText file, CancellationToken cancellationToken)
    {
        var lines = file.GetText(cancellationToken)?.Lines;
        var line = lines is { Count: > 0 } ? lines[Math.Min(Line, lines.Count) - 1] : default;
        return Location.Create(file.Path, line.Span, new LinePositionSpan(new LinePosition(line.LineNumber, 0), new LinePosition(line.LineNumber, line.Span.Length)));
    }
}
