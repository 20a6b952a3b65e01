using CdcFlow.Configuration;

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>The program has changed, and rows that were written before are not as it would have made them.</summary>
public abstract class ChangedProgram<TFirst> : Case<TFirst>
    where TFirst : Runtime.ICdcPipeline<TFirst>
{
    private const string Code = "CDCF3040";

    /// <summary>The first program has run over some rows.</summary>
    protected async Task BeforeAsync(string more = "")
    {
        await SourceAsync($"CREATE TABLE t (id bigint PRIMARY KEY, value text, more text DEFAULT 'more'); INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 5) g; {more}");
        await RunAsync();
    }

    /// <summary>The next program is refused twice, says the same before it starts, and goes on as it says.</summary>
    protected async Task RefusedUntilReadAgainAsync(params string[] saying)
    {
        var said = await RefusedAndToldAsync(saying);
        var tables = said.Split("`run --resnapshot ")[1].Split('`')[0].Split(' ');
        await RunResnapshotAsync(tables);
        await RunAsync();
        Assert.DoesNotContain(Code, Log, StringComparison.Ordinal);
    }

    /// <summary>The next program is refused twice, and accepted once.</summary>
    protected async Task RefusedUntilAcceptedAsync(params string[] saying)
    {
        Assert.Contains("To go on as they are, this once: `run --accept`", await RefusedAndToldAsync(saying), StringComparison.Ordinal);
        await RunAcceptingAsync();
        Assert.Contains(Code, Log, StringComparison.Ordinal);
        await RunAsync();
        Assert.DoesNotContain(Code, Log, StringComparison.Ordinal);
    }

    /// <summary>The next program goes on by itself, as it is configured to.</summary>
    protected async Task ReadsAgainByItselfAsync()
    {
        Set("Definition:OnChange", "Resnapshot");
        await RunAsync();
        Assert.Contains(Code, Log, StringComparison.Ordinal);
        await RunAsync();
        Assert.DoesNotContain(Code, Log, StringComparison.Ordinal);
    }

    private async Task<string> RefusedAndToldAsync(string[] saying)
    {
        var said = await RefusedTwiceAsync(Code, saying);
        var check = Assert.Single(await ValidateAsync(), check => check.Status == PreflightStatus.Failed);
        Assert.Equal(Code, check.Code);
        Assert.Contains(check.Sentence, said, StringComparison.Ordinal);
        Assert.Contains(check.Fix!, said, StringComparison.Ordinal);
        return said;
    }
}

public sealed class ChangedCopyTests : ChangedProgram<Copied>
{
    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task New_property_fills_the_rows_that_were_written_without_it()
    {
        await BeforeAsync();
        await SinkAsync("ALTER TABLE t ADD COLUMN more text");
        Replace<CopiedWider>();
        await RefusedUntilReadAgainAsync("row type WiderItem has a new column More", "What was written before is out of date in sink sink", "`run --resnapshot public.t`");
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task New_sink_gets_the_rows_that_were_read_before()
    {
        await BeforeAsync();
        Replace<CopiedTwice>();
        await SourceAsync("DELETE FROM t WHERE id = 1");
        await RefusedUntilReadAgainAsync("sink audit is new", "What was read before is missing in sink audit");
        await SameAsync();
        await SameAsync("audit");
    }

    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Accepted_change_holds_from_now_on()
    {
        await BeforeAsync();
        Replace<CopiedTwice>();
        await RefusedUntilAcceptedAsync("sink audit is new");
        await SourceAsync("INSERT INTO t VALUES (6, 'row 6')");
        await RunAsync();
        await SameAsync();
        await SourceAsync("CREATE VIEW later AS SELECT * FROM t WHERE id > 5");
        await SameAsync("audit", "later");
    }

    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Warning_goes_on_and_is_given_once()
    {
        await BeforeAsync();
        Replace<CopiedTwice>();
        await RefusedTwiceAsync("CDCF3040", "CdcFlow:changed:Definition:OnChange = Resnapshot, or Warn.");
        Set("Definition:OnChange", "Warn");
        await RunAsync();
        Assert.Contains("CDCF3040", Log, StringComparison.Ordinal);
        await RunAsync();
        Assert.DoesNotContain("CDCF3040", Log, StringComparison.Ordinal);
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Other_table_of_a_sink_gets_the_rows_of_before()
    {
        await BeforeAsync();
        Replace<CopiedElsewhere>();
        await RefusedUntilReadAgainAsync($"sink sink has Table {Name}.elsewhere instead of {Name}.t", "What was read before is missing in sink sink");
        await SameAsync("elsewhere");
    }

    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Other_table_of_a_source_takes_the_place_of_the_rows_of_before()
    {
        await BeforeAsync("CREATE TABLE other (id bigint PRIMARY KEY, value text); INSERT INTO other VALUES (3, 'other'), (9, 'nine')");
        Replace<CopiedFromElsewhere>();
        await RefusedUntilReadAgainAsync("source Rows reads public.other instead of public.t", "`run --resnapshot public.other`");
        await SameAsync(sourceTable: "other");
    }

    [Fact]
    public async Task Renamed_table_that_is_told_by_its_new_name_is_the_same_and_so_is_one_renamed_back()
    {
        await BeforeAsync();
        await SourceAsync("ALTER TABLE t RENAME TO other; INSERT INTO other VALUES (6, 'row 6')");
        Replace<CopiedFromElsewhere>();
        await RunAsync();
        Assert.DoesNotContain("CDCF3040", Log, StringComparison.Ordinal);
        await SameAsync(sourceTable: "other");

        await SourceAsync("ALTER TABLE other RENAME TO t; INSERT INTO t VALUES (7, 'row 7')");
        Replace<Copied>();
        await RunAsync();
        Assert.DoesNotContain("CDCF3040", Log, StringComparison.Ordinal);
        Assert.DoesNotContain("emptied downstream", Log, StringComparison.Ordinal);
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Sink_table_that_was_dropped_is_filled_again()
    {
        await BeforeAsync();
        await SinkAsync("DROP TABLE t");
        await RefusedUntilReadAgainAsync("the table of sink sink is another one than before, or is missing", "What was read before is missing in sink sink");
        await SameAsync();
    }

    [Fact]
    public async Task Sink_table_that_was_made_anew_by_hand_is_noticed()
    {
        await BeforeAsync();
        await SinkAsync("DROP TABLE t; CREATE TABLE t (id bigint PRIMARY KEY, value text)");
        await ReadsAgainByItselfAsync();
        await SameAsync();
    }

    [Fact]
    public async Task Every_change_is_made_good_where_that_is_configured()
    {
        await BeforeAsync();
        await SourceAsync("DELETE FROM t WHERE id = 2; UPDATE t SET more = 'else' WHERE id = 3");
        await SinkAsync("ALTER TABLE t ADD COLUMN more text");
        Replace<CopiedWider>();
        await ReadsAgainByItselfAsync();
        await SameAsync();
        Replace<CopiedTwice>();
        await ReadsAgainByItselfAsync();
        await SameAsync("audit");
    }

    [Fact]
    public async Task New_table_with_its_sink_is_read_by_itself()
    {
        await BeforeAsync("CREATE TABLE other (id bigint PRIMARY KEY, value text); INSERT INTO other VALUES (3, 'other')");
        Replace<CopiedBoth>();
        await RunAsync();
        Assert.Contains("sink others is new, and so is what feeds it", Log, StringComparison.Ordinal);
        await SameAsync();
        await SameAsync("other", "other");
    }
}

public sealed class TableThatComesBackTests : ChangedProgram<CopiedBoth>
{
    [Fact]
    public async Task Table_that_comes_back_is_emptied_downstream_before_it_is_read()
    {
        await BeforeAsync("CREATE TABLE other (id bigint PRIMARY KEY, value text); INSERT INTO other SELECT g, 'other' FROM generate_series(1, 4) g");
        Replace<Copied>();
        await RunAsync();
        Assert.Contains("table public.other is read no more, and rows of it that were written stay", Log, StringComparison.Ordinal);
        await SourceAsync("DELETE FROM other WHERE id < 3; INSERT INTO other VALUES (7, 'seven')");
        await RunAsync();
        Replace<CopiedBoth>();
        await RunAsync();
        Assert.Contains("Table public.other was not read for a while: it is emptied downstream and read again.", Log, StringComparison.Ordinal);
        await SameAsync();
        await SameAsync("other", "other");
    }

    [Fact]
    public async Task Start_afresh_does_not_forget_the_table()
    {
        await BeforeAsync("CREATE TABLE other (id bigint PRIMARY KEY, value text); INSERT INTO other SELECT g, 'other' FROM generate_series(1, 4) g");
        Replace<Copied>();
        await RunAsync();
        await RunAfreshAsync("lost");
        await SourceAsync("DELETE FROM other WHERE id < 3");
        Replace<CopiedBoth>();
        await RunAsync();
        await SameAsync("other", "other");
    }
}

public sealed class ChangedFilterTests : ChangedProgram<Filtered>
{
    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Widened_filter_lets_the_rows_of_before_pass()
    {
        await BeforeAsync("CREATE VIEW low AS SELECT * FROM t WHERE id <= 4");
        Replace<FilteredLess>();
        await RefusedUntilReadAgainAsync("filter IsLow has changed", "What was written before is out of date in sink sink");
        await SameAsync(sourceTable: "low");
    }

    [Fact]
    public async Task Narrowed_filter_takes_the_rows_of_before_back()
    {
        await BeforeAsync("CREATE VIEW fewer AS SELECT * FROM t WHERE id <= 1");
        Replace<FilteredMore>();
        await RefusedUntilReadAgainAsync("filter IsLow has changed", "What was written before is out of date in sink sink");
        await SameAsync(sourceTable: "fewer");
    }

    [Fact]
    public async Task Filter_that_is_only_written_otherwise_goes_on()
    {
        await BeforeAsync();
        Replace<FilteredAlike>();
        await RunAsync();
        Assert.DoesNotContain("CDCF3040", Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_stands_for_what_the_filter_calls()
    {
        await BeforeAsync();
        Replace<FilteredByVersion>();
        await RefusedAsync("CDCF3040", "filter IsLow has changed");
    }
}
