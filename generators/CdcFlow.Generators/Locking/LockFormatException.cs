namespace CdcFlow.Generators.Locking;

/// <summary>A schema lock cannot be read.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="problem">What is wrong there.</param>
internal sealed class LockFormatException(int line, string problem) : Exception(problem)
{
    public int Line { get; } = line;
}
