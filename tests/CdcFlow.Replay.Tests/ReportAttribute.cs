namespace CdcFlow.Replay.Tests;

/// <summary>Where the bug that a case replays was reported.</summary>
/// <param name="tracker">Whose tracker: the project's name.</param>
/// <param name="number">The report's number there.</param>
/// <param name="summary">What went wrong there, in one sentence.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ReportAttribute(string tracker, string number, string summary) : Attribute
{
    public string Tracker => tracker;

    public string Number => number;

    public string Summary => summary;
}
