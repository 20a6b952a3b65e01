using CdcFlow.Configuration;
using Microsoft.Extensions.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>One section of the configuration, read through <see cref="ConnectorSettings"/>; knows afterwards which of its keys nobody asked for.</summary>
/// <param name="configuration">The whole configuration.</param>
/// <param name="path">The section's key.</param>
/// <param name="problems">Collects what is wrong.</param>
internal sealed class SettingsSection(IConfiguration configuration, string path, ICollection<ConfigurationProblem> problems)
{
    /// <summary>The section's values.</summary>
    public ConnectorSettings Settings { get; } = new(path, property => configuration[$"{path}:{property}"], problems);

    /// <summary>Reports every key that is configured but was never asked for.</summary>
    public void ReportUnknownKeys()
    {
        var known = Settings.Known.Order(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var child in configuration.GetSection(path).GetChildren().Where(child => !Settings.Known.Contains(child.Key)))
        {
            problems.Add(new ConfigurationProblem(
                ErrorCodes.ConfigurationUnknownKey,
                $"{path}:{child.Key}",
                known.Count == 0 ? "there is nothing to configure here" : $"there is no such key; there are {string.Join(", ", known)}"));
        }
    }
}
