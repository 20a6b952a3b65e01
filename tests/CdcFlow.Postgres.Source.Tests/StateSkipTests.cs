using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Which places can be skipped to, and the state that comes of it.</summary>
public class StateSkipTests
{
    private static readonly TableId[] tables = [new("public", "item"), new("Odd", "it's")];
    private static readonly ServerState server = new("1", 2, "shop", new Lsn(0x1000));

    [Theory]
    [InlineData("here", "is no place in PostgreSQL's log")]
    [InlineData("0", "is no place in PostgreSQL's log")]
    [InlineData("0/1001", "ends at 0/1000, before 0/1001")]
    [InlineData("0/64", "The checkpoint is at 0/64, and 0/64 is not behind that")]
    [InlineData("0/1", "The checkpoint is at 0/64, and 0/1 is not behind that")]
    public void Place_that_is_none_or_not_behind_the_checkpoint_is_refused(string place, string says)
    {
        var refused = Assert.Throws<CdcFlowException>(() => StateSkip.To(State(0x64), place, server));
        Assert.Equal(PostgresSourceErrorCodes.SkipRefused, refused.Code);
        Assert.Contains(says, refused.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public void State_goes_on_from_the_place_on_the_timeline_of_the_server_and_remembers_what_it_lacks()
    {
        var state = StateSkip.To(State(0x64), "0/1000", server);
        Assert.Equal((new Lsn(0x1000), 2u), (state.ResumeAt, state.Identity.Timeline));
        Assert.Equal([new SkippedLog(new Lsn(0x64), new Lsn(0x1000))], state.Skipped);
        Assert.Equal(state.Skipped, PostgresSourceState.Read(SourceHarness<Item, ItemCodec>.Json(state)).Skipped);
    }

    [Fact]
    public void Rest_of_a_transaction_that_was_delivered_in_part_is_left_out_by_a_place_behind_its_commit_alone()
    {
        var state = State(0x64) with { Inside = new TransactionPart(new Lsn(0x80), 7) };
        Assert.Throws<CdcFlowException>(() => StateSkip.To(state, "0/80", server));
        var skipped = StateSkip.To(state, "0/81", server);
        Assert.Null(skipped.Inside);
        Assert.Contains(
            "Of the transaction that committed at 0/80 a part was delivered; the rest of it is left out.", SkipSentence.Of(state, skipped, new SkippedRows([], null), tables), StringComparison.Ordinal);
    }

    [Fact]
    public void Newest_skips_are_remembered()
    {
        var state = State(0);
        for (var place = 1UL; place <= 25; place++)
        {
            state = StateSkip.To(state, new Lsn(place).ToString(), server);
        }

        Assert.Equal(Enumerable.Range(5, 20).Select(place => new SkippedLog(new Lsn((ulong)place), new Lsn((ulong)place + 1))), state.Skipped);
    }

    [Fact]
    public void Sentence_names_the_tables_that_are_to_be_read_anew()
    {
        KeyValuePair<TableId, long>[] counts = [new(tables[1], 2)];
        const string all = "`run --resnapshot public.item 'Odd.it'\\''s'`.";
        Assert.Equal(
            "Everything that was committed from 0/64 up to 0/1000 (3,996 bytes of log) is left out, of every table. That is 2 row events (2 of Odd.it's). Downstream, rows that were inserted there are missing, "
            + "and those that were updated or deleted stay as they were before, until their tables are read anew: `run --resnapshot 'Odd.it'\\''s'`.",
            Said(new SkippedRows(counts, null)));
        Assert.EndsWith("of every table. It has no row event of the tables that are read, so nothing will be missing downstream.", Said(new SkippedRows([], null)), StringComparison.Ordinal);
        Assert.Contains("That is at least 2 row events (2 of Odd.it's). No more of it was counted. Downstream, ", Said(new SkippedRows(counts, "No more of it was counted.")), StringComparison.Ordinal);
        Assert.EndsWith(all, Said(new SkippedRows(counts, "No more of it was counted.")), StringComparison.Ordinal);
        Assert.Contains("How many row events that is, and of which tables, cannot be told: It is gone. Downstream, ", Said(new SkippedRows([], "It is gone.")), StringComparison.Ordinal);
        Assert.EndsWith(all, Said(new SkippedRows([], "It is gone.")), StringComparison.Ordinal);

        static string Said(SkippedRows rows) => SkipSentence.Of(State(0x64), StateSkip.To(State(0x64), "0/1000", server), rows, tables);
    }

    private static PostgresSourceState State(ulong at) =>
        new(new SourceIdentity("1", 1, "shop", "s", default), new Lsn(at), null, [], new Dictionary<TableId, TableSchema>()) { LastCommitEnd = new Lsn(at) };
}
