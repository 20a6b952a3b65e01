using CdcFlow.Configuration;
using Microsoft.Extensions.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Sections below <c>CdcFlow</c> that no pipeline of the host reads: misspelt, or of another program that shares the file. Pure.</summary>
internal static class UnknownPipelines
{
    /// <summary>What to warn of.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="pipelines">The host's pipelines.</param>
    public static IEnumerable<PreflightCheck> Find(IConfiguration configuration, IEnumerable<PipelineName> pipelines)
    {
        string[] names = [.. pipelines.Select(pipeline => pipeline.Value).Order(StringComparer.Ordinal)];
        return configuration.GetSection("CdcFlow").GetChildren()
            .Select(section => section.Key)
            .Except(names, StringComparer.OrdinalIgnoreCase)
            .Select(key => new PreflightCheck(
                $"CdcFlow:{key}", PreflightStatus.Warning, $"CdcFlow:{key} configures a pipeline that this program does not have.",
                HostingErrorCodes.UnknownPipeline, $"If it is misspelt, write {string.Join(" or ", names)}; if another program reads it, leave it."));
    }
}
