using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Asks every connector whether it could run, before anything is changed anywhere.</summary>
internal static class Preflight
{
    /// <summary>Asks all of them, sources first.</summary>
    public static async Task<IReadOnlyList<PreflightReport>> ReportAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var reports = new List<PreflightReport>();
        foreach (var source in graph.Sources)
        {
            reports.Add(await source.Connector.PreflightAsync(cancellationToken));
        }

        foreach (var node in graph.Sinks)
        {
            reports.Add(await node.Sink.PreflightAsync(cancellationToken));
        }

        return reports;
    }

    /// <summary>Asks all of them and stops when one says no.</summary>
    /// <exception cref="CdcFlowException">Names every check that failed and how to mend it.</exception>
    public static async Task RunAsync(FlowGraph graph, IPipelineObserver observer, CancellationToken cancellationToken)
    {
        var reports = await ReportAsync(graph, cancellationToken);
        observer.Checked(reports);
        var failed = reports.SelectMany(report => report.Checks, (report, check) => (report.Subject, Check: check))
            .Where(check => check.Check.Status == PreflightStatus.Failed)
            .ToList();
        if (failed.Count > 0)
        {
            throw new CdcFlowException(
                RuntimeErrorCodes.PreflightFailed,
                string.Join(' ', failed.Select(failure => $"{failure.Subject}: {failure.Check.Sentence}")),
                string.Join(' ', failed.Select(failure => failure.Check.Mend).OfType<string>()));
        }
    }
}
