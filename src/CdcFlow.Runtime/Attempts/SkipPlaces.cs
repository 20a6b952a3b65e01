namespace CdcFlow.Runtime.Attempts;

/// <summary>Whether what an operator wants skipped is of a source at all.</summary>
internal static class SkipPlaces
{
    /// <exception cref="CdcFlowException">CDCF2032: a name is no source connection's.</exception>
    public static void Require(IReadOnlyDictionary<string, string> skipTo, IEnumerable<string> connections)
    {
        string[] known = [.. connections];
        if (skipTo.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new CdcFlowException(
                ErrorCodes.SkipUnknown,
                $"--skip-to names connection '{unknown}', and the pipeline has no source of it.",
                $"Its sources' connections are: {string.Join(", ", known)}.");
        }
    }
}
