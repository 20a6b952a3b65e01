using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Where the pipeline under test shall die.</summary>
public sealed class CrashPlan
{
    private (CrashPoint Point, string? Connection)? planned;

    /// <summary>Lets the process die the next time it comes to a point. Used up by that.</summary>
    /// <param name="point">Where.</param>
    /// <param name="sink">At which sink, for points that concern one; null: see the points.</param>
    public void At(CrashPoint point, ITestSink? sink = null) => planned = (point, sink?.Connection);

    /// <summary>The process has come to a point; <paramref name="connection"/> is the sink's, or null where all are meant.</summary>
    /// <exception cref="SimulatedCrashException">It dies here.</exception>
    internal void Reached(SimulatedProcess process, CrashPoint point, string? connection = null)
    {
        if (planned is not { } plan || plan.Point != point || !Matches(plan.Connection, connection, point))
        {
            return;
        }

        planned = null;
        var where = connection is null ? $"{point}" : $"{point} of sink connection {connection}";
        process.Crash(where);
        throw new SimulatedCrashException(where);
    }

    /// <summary>Prepared by all is another moment than prepared by one; elsewhere no name means the first that comes.</summary>
    private static bool Matches(string? wanted, string? reached, CrashPoint point) =>
        point == CrashPoint.AfterPrepare ? wanted == reached : wanted is null || wanted == reached;
}
