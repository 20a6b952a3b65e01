namespace CdcFlow.Hosting.Configuration;

/// <summary>The name of a pipeline that the host has; one singleton for each.</summary>
/// <param name="Value">The name.</param>
internal sealed record PipelineName(string Value);
