namespace CdcFlow.Formats.Tests;

/// <summary>A transaction with a name and a predecessor, as a database has them.</summary>
internal sealed class NamedTransaction(ulong place, string? name, ulong? precedingCommit = null) : SourceTransaction(place)
{
    public override string? Name => name;

    public override ulong? PrecedingCommit => precedingCommit;
}
