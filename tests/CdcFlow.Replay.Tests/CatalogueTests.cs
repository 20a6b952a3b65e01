using System.Reflection;

namespace CdcFlow.Replay.Tests;

/// <summary>A case is worth little without its report: whoever breaks it wants to know what it means in the field.</summary>
public sealed class CatalogueTests
{
    public static IEnumerable<Type> Cases => typeof(Case<>).Assembly.GetTypes().Where(type => type is { IsAbstract: false, Namespace: "CdcFlow.Replay.Tests.Cases", IsNested: false });

    [Fact]
    public void Every_case_names_the_report_that_it_replays() =>
        Assert.Empty(Cases.Where(type => !type.GetCustomAttributes<ReportAttribute>().Any()).Select(type => type.Name));

    [Fact]
    public void Every_report_is_told_in_one_sentence() =>
        Assert.Empty(Cases.SelectMany(type => type.GetCustomAttributes<ReportAttribute>())
            .Where(report => !report.Summary.EndsWith('.') || report.Tracker.Length == 0 || report.Number.Length == 0)
            .Select(report => $"{report.Tracker} {report.Number}"));
}
