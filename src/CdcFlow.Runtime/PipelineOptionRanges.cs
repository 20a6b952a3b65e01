using CdcFlow.Configuration;

namespace CdcFlow.Runtime;

/// <summary>The ranges of <see cref="PipelineOptions"/>, checked all at once: each problem bears the key that configures the value.</summary>
internal sealed class PipelineOptionRanges(string section)
{
    // The longest that a timer takes is 49 days.
    private static readonly TimeSpan timeMax = TimeSpan.FromDays(40);

    private readonly List<ConfigurationProblem> problems = [];

    /// <summary>Everything that is out of range.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">The pipeline's section, as in <c>CdcFlow:orders</c>.</param>
    public static IReadOnlyList<ConfigurationProblem> Check(PipelineOptions options, string section)
    {
        var ranges = new PipelineOptionRanges(section);
        if (options.CheckpointInterval != Timeout.InfiniteTimeSpan)
        {
            ranges.Time("Checkpoint:Interval", options.CheckpointInterval);
        }

        ranges.Time("Checkpoint:Timeout", options.CheckpointTimeout);
        ranges.Wait("Checkpoint:LeaseWait", options.LeaseWait);
        ranges.Number("Checkpoint:AbortedMax", options.AbortedCheckpointsMax, 1, PipelineOptions.AbortedCheckpointsLimit);
        ranges.Number("Checkpoint:Retain", options.RetainedCheckpoints, 1, 1000);
        ranges.Number("Memory", options.BudgetBytes, 1, long.MaxValue);
        ranges.Number("Rejects:Max", options.RejectsMax, 1, 1_000_000);
        ranges.Number("Restart:RestartsMax", options.Restart.RestartsMax, 0, 1_000_000);
        ranges.Wait("Restart:AwayMax", options.Restart.AwayMax);
        ranges.Pauses(options.Restart.BackoffMin, options.Restart.BackoffMax);
        return ranges.problems;
    }

    /// <summary>Nothing may be out of range when the pipeline starts.</summary>
    public static void Require(PipelineOptions options, string pipeline)
    {
        if (Check(options, $"CdcFlow:{pipeline}") is { Count: > 0 } problems)
        {
            throw new CdcFlowException(
                ErrorCodes.ConfigurationValue,
                $"Options of pipeline '{pipeline}' are out of range: {string.Join("; ", problems.Select(problem => $"{problem.Key}: {problem.Sentence}"))}.",
                "Set each of them within its range, in the configuration or where PipelineOptions are made.");
        }
    }

    private void Time(string key, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > timeMax)
        {
            Report(key, $"'{value}' is not between zero and forty days");
        }
    }

    private void Wait(string key, TimeSpan value)
    {
        if (value < TimeSpan.Zero || value > timeMax)
        {
            Report(key, $"'{value}' is not from zero to forty days");
        }
    }

    private void Pauses(TimeSpan min, TimeSpan max)
    {
        Wait("Restart:BackoffMin", min);
        if (min < TimeSpan.Zero || min > timeMax)
        {
            return;
        }

        if (max < min || max > timeMax)
        {
            Report("Restart:BackoffMax", $"'{max}' is not from BackoffMin, {min}, to forty days");
        }
    }

    private void Number(string key, long value, long min, long max)
    {
        if (value < min || value > max)
        {
            Report(key, $"'{value}' is not a whole number from {min} to {max}");
        }
    }

    private void Report(string key, string sentence) =>
        problems.Add(new ConfigurationProblem(ErrorCodes.ConfigurationValue, $"{section}:{key}", sentence));
}
