using CdcFlow.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>The configuration of a pipeline is wrong: one error for all that is, a line for each value.</summary>
internal sealed class ConfigurationInvalidException(string pipeline, IReadOnlyList<ConfigurationProblem> problems)
    : CdcFlowException(HostingErrorCodes.ConfigurationInvalid, Describe(pipeline, problems))
{
    /// <summary>What is wrong, sorted by key.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;

    /// <summary>The error, out of problems in any order.</summary>
    public static ConfigurationInvalidException Of(string pipeline, IEnumerable<ConfigurationProblem> problems) =>
        new(pipeline, [.. problems.Distinct().OrderBy(problem => problem.Key, StringComparer.Ordinal)]);

    /// <summary>How an environment variable spells a key.</summary>
    public static string EnvironmentName(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private static string Describe(string pipeline, IReadOnlyList<ConfigurationProblem> problems)
    {
        var count = problems.Count == 1 ? "One configuration value" : $"{problems.Count} configuration values";
        var lines = problems.Select(problem =>
            $"{Environment.NewLine}  {problem.Code} {problem.Key} (environment: {EnvironmentName(problem.Key)}): {problem.Sentence}.");
        return $"{count} of pipeline '{pipeline}' must be fixed:{string.Concat(lines)}";
    }
}
