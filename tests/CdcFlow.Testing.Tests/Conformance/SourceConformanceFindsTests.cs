using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Sources;

namespace CdcFlow.Testing.Tests.Conformance;

/// <summary>A suite that cannot find known defects proves nothing: sources with one defect each, and the check that must find it.</summary>
public sealed class SourceConformanceFindsTests
{
    [Theory]
    [InlineData(SourceDefect.DropsARead, "Rows that are there come once each, as reads")]
    [InlineData(SourceDefect.ReadsAsInserts, "Rows that are there come once each, as reads")]
    [InlineData(SourceDefect.EndsBeforeTheSnapshotDoes, "Rows that are there come once each, as reads")]
    [InlineData(SourceDefect.CountsNoRows, "Progress of a snapshot never goes back")]
    [InlineData(SourceDefect.ForgetsChangesDuringSnapshot, "Changes while a table is read are neither lost nor doubled")]
    [InlineData(SourceDefect.ForgetsMovedRows, "A key that moves while a table is read comes once")]
    [InlineData(SourceDefect.ForgetsTruncates, "A table that is emptied while it is read is empty downstream")]
    [InlineData(SourceDefect.LosesInvisibleCommits, "A commit that others do not see yet is not missed")]
    [InlineData(SourceDefect.RepeatsAfterRestart, "A snapshot goes on from every state")]
    [InlineData(SourceDefect.StateIsARoundAhead, "A snapshot goes on from every state")]
    [InlineData(SourceDefect.StateIsARoundAhead, "A transaction larger than the budget goes on from its states")]
    [InlineData(SourceDefect.ForgetsDeletes, "Inserts, updates and deletes come as they happened")]
    [InlineData(SourceDefect.ReversesBatches, "Inserts, updates and deletes come as they happened")]
    [InlineData(SourceDefect.ForgetsMovedRows, "An update of the key is a delete and an insert in one round")]
    [InlineData(SourceDefect.NullsLargeValues, "A large column that an update leaves alone keeps its value")]
    [InlineData(SourceDefect.TearsTransactions, "All tables that a transaction changes come in one round")]
    [InlineData(SourceDefect.RepeatsSchemas, "A column that is added is told once, before its first row")]
    [InlineData(SourceDefect.SchemasComeLate, "A column that is added is told once, before its first row")]
    [InlineData(SourceDefect.NeverEnds, "A bounded run ends, and the next one goes on")]
    [InlineData(SourceDefect.EndsOnlyWhenIdle, "A bounded run ends while others write")]
    [InlineData(SourceDefect.AlwaysReadsTables, "Latest brings only what comes after the first start")]
    [InlineData(SourceDefect.ConfirmsTooEarly, "Nothing is forgotten before it is confirmed")]
    [InlineData(SourceDefect.ConfirmsTooEarly, "A snapshot goes on from every state")]
    [InlineData(SourceDefect.BeginsAnewWhereLogIsLost, "A place whose log is gone is refused as lost")]
    [InlineData(SourceDefect.SharesTheLog, "Two instances never both read")]
    [InlineData(SourceDefect.KeepsBytes, "Disposal ends a read that waits and gives all bytes back")]
    [InlineData(SourceDefect.IgnoresCancellation, "Disposal ends a read that waits and gives all bytes back")]
    public async Task Defect_is_found(SourceDefect defect, string check)
    {
        // Only a source that hangs takes all of it.
        var patience = defect is SourceDefect.NeverEnds or SourceDefect.IgnoresCancellation ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(2);
        var suite = new SourceConformance(_ => ValueTask.FromResult<ISourceStand>(new DefectiveSourceStand(defect))) { Patience = patience };
        await Assert.ThrowsAsync<ConformanceException>(() => suite.RunAsync(check, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refusal_of_a_source_is_a_finding_that_says_what_it_was_to_do()
    {
        var suite = new SourceConformance(_ => ValueTask.FromResult<ISourceStand>(new DefectiveSourceStand(SourceDefect.ConfirmsTooEarly)));
        var finding = await Assert.ThrowsAsync<ConformanceException>(
            () => suite.RunAsync("A snapshot goes on from every state", TestContext.Current.CancellationToken));

        Assert.StartsWith("The source was to open and stopped: ", finding.Message, StringComparison.Ordinal);
        Assert.IsType<CdcFlowException>(finding.InnerException);
    }

    [Fact]
    public async Task Check_that_is_not_there_is_refused()
    {
        var suite = new SourceConformance(_ => ValueTask.FromResult<ISourceStand>(new InMemorySourceStand()));
        await Assert.ThrowsAsync<ArgumentException>(() => suite.RunAsync("Anything", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Checks_apply_where_their_traits_are()
    {
        var plain = SourceConformance.Checks(SourceTraits.None);
        Assert.DoesNotContain("Work that is rolled back never comes", plain);
        Assert.Equal("Work that is rolled back never comes", Assert.Single(SourceConformance.Checks(SourceTraits.Rollback).Except(plain)));
    }
}
