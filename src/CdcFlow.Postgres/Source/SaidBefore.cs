using CdcFlow.Configuration;

namespace CdcFlow.Postgres.Source;

/// <summary>What a start would warn of, as checks.</summary>
internal sealed class SaidBefore : IConnectorLog
{
    private readonly List<PreflightCheck> checks = [];

    /// <summary>In the order in which they were said.</summary>
    internal IReadOnlyList<PreflightCheck> Checks => checks;

    public void Information(string message)
    {
        // Nothing that a person must decide by.
    }

    public void Warning(string code, string message) => checks.Add(new PreflightCheck("start", PreflightStatus.Warning, message, code));
}
