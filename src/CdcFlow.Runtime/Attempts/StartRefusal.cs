using CdcFlow.Configuration;

namespace CdcFlow.Runtime.Attempts;

/// <summary>What becomes of a check that fails: it is told with all others, or ends the start.</summary>
internal sealed class StartRefusal
{
    private StartRefusal(bool isTold) => IsTold = isTold;

    /// <summary>Each is a line of a report.</summary>
    public static StartRefusal Told { get; } = new(isTold: true);

    /// <summary>It ends the start: connectors' failures together, everything else by its own code.</summary>
    public static StartRefusal Thrown { get; } = new(isTold: false);

    /// <summary>Whether nothing is thrown.</summary>
    public bool IsTold { get; }

    /// <summary>Whether what a connector throws is an answer like any other. What may heal by itself is for a restart, and what has an exit code of its own keeps it.</summary>
    public bool IsFinding(CdcFlowException error) => IsTold || (!error.IsTransient && error is { IsPositionLost: false, IsSinkRefusal: false, IsFenced: false });

    /// <summary>Stops at what connectors have found.</summary>
    /// <exception cref="CdcFlowException">Names every check that failed and how to fix it.</exception>
    public void Require(IReadOnlyList<PreflightReport> reports, IPipelineObserver observer)
    {
        if (IsTold)
        {
            return;
        }

        observer.Checked(reports);
        var failed = reports.SelectMany(report => report.Checks, (report, check) => (report.Subject, Check: check))
            .Where(check => check.Check.Status == PreflightStatus.Failed)
            .ToList();
        if (failed.Count > 0)
        {
            throw new CdcFlowException(
                RuntimeErrorCodes.PreflightFailed,
                string.Join(' ', failed.Select(failure => $"{failure.Subject}: {failure.Check.Sentence} [{failure.Check.Code}]")),
                string.Join(' ', failed.Select(failure => failure.Check.Fix).OfType<string>()));
        }
    }

    /// <summary>Asks.</summary>
    /// <returns>The checks as a report; none where there are none.</returns>
    public async Task<IReadOnlyList<PreflightReport>> AskAsync(string subject, string name, Func<Task<IReadOnlyList<PreflightCheck>>> ask)
    {
        try
        {
            return await ask() is { Count: > 0 } checks ? [new PreflightReport(subject, checks)] : [];
        }
        catch (CdcFlowException error) when (IsTold)
        {
            return [new PreflightReport(subject, [Check(name, error)])];
        }
    }

    /// <summary>What was thrown, as a check.</summary>
    public static PreflightCheck Check(string name, CdcFlowException error) => new(name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
}
