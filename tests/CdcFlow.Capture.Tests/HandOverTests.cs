namespace CdcFlow.Capture.Tests;

/// <summary>The hand-over against a model database, over random schedules; a seed names its schedule for ever.</summary>
public class HandOverTests
{
    private const int Schedules = 3000;

    [Fact]
    public void Every_schedule_gives_each_key_once_as_a_read_and_then_its_later_changes_in_order()
    {
        var crashes = 0;
        for (var seed = 0; seed < Schedules; seed++)
        {
            var run = Completed(seed, HandOverDefect.None);
            Assert.True(Fault(run) is null, $"seed {seed}: {Fault(run)}");
            crashes += run.Crashes;
        }

        Assert.True(crashes > Schedules, "the schedules hardly ever crash");
    }

    [Theory]
    [InlineData(HandOverDefect.NoGate)]
    [InlineData(HandOverDefect.LowWatermark)]
    [InlineData(HandOverDefect.NoHighWatermark)]
    [InlineData(HandOverDefect.StartAfterSnapshot)]
    public void Leaving_a_rule_out_is_found(HandOverDefect defect)
    {
        var wrong = Enumerable.Range(0, Schedules).Count(seed => Fault(Completed(seed, defect)) is not null);
        Assert.True(wrong > 0, $"no schedule notices {defect}");
    }

    private static HandOverSimulation Completed(int seed, HandOverDefect defect)
    {
        var run = new HandOverSimulation(seed, defect);
        run.Run();
        return run;
    }

    /// <summary>What the output has wrong, or null.</summary>
    private static string? Fault(HandOverSimulation run)
    {
        var folded = new SortedDictionary<int, int>();
        var lastValue = new Dictionary<int, int>();
        var read = new HashSet<int>();
        foreach (var change in run.Output)
        {
            if (change is { IsRead: true } && !read.Add(change.Key))
            {
                return $"key {change.Key} was read twice";
            }

            if (!change.IsTruncate && change.Value is { } value)
            {
                if (lastValue.TryGetValue(change.Key, out var last) && value <= last)
                {
                    return $"key {change.Key} went from {last} back to {value}";
                }

                lastValue[change.Key] = value;
            }

            change.ApplyTo(folded);
        }

        return folded.SequenceEqual(run.FinalTable()) ? null : "the fold of the output is not the table";
    }
}
