using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;
using static CdcFlow.Postgres.Tests.Replication.LogMessages;

namespace CdcFlow.Postgres.Tests.Replication;

public sealed class PgOutputDecoderTests : IDisposable
{
    private const uint Orders = 16_500;
    private readonly RecordingHandler handler = new();
    private readonly StreamedTransactions streamed;
    private readonly PgOutputDecoder decoder;
    private int files;
    private ulong lastAddress;

    public PgOutputDecoderTests()
    {
        streamed = new StreamedTransactions(memoryLimit: 200_000, () =>
        {
            files++;
            return new MemoryStream();
        });
        decoder = new PgOutputDecoder(handler, streamed);
    }

    [Fact]
    public void Every_change_of_a_plain_transaction_is_handed_over()
    {
        Decode(
            Begin(7), Relation(Orders, "orders", null, "id", "v"), Insert(Orders, null, "1", null),
            Update(Orders, null, ["1", null], ["2", "~"]), Delete(Orders, null, "2", "x"), Truncate(3, Orders), Message(true, "p", "c"), Commit(),
            Message(false, "q", "d"));

        Assert.Equal(
            [
                "begin", "insert orders (1, null)", "update orders Key (1, null) -> (2, ~)", "delete orders Full (2, x)",
                "truncate orders Cascade, RestartIdentity", "message True p c", "commit", "message False q d",
            ],
            handler.Lines);
        Assert.Equal([7u], handler.Xids);
    }

    [Fact]
    public void Interleaved_transactions_in_progress_come_whole_in_commit_order_without_what_was_rolled_back()
    {
        Decode(
            StreamStart(10, true), Relation(Orders, "orders", 10, "id"), Insert(Orders, 10, "a1"), Insert(Orders, 11, "a2 rolled back"), StreamStop(),
            StreamStart(20, true), Relation(Orders, "orders", 20, "id"), Insert(Orders, 20, "b1"), StreamStop(),
            StreamAbort(10, 11),
            Begin(30), Relation(Orders, "orders", null, "id"), Insert(Orders, null, "plain"), Commit(),
            StreamStart(10, false), Insert(Orders, 10, "a3"), StreamStop(),
            StreamCommit(20), StreamCommit(10));

        Assert.Equal(
            ["begin", "insert orders (plain)", "commit", "begin", "insert orders (b1)", "commit", "begin", "insert orders (a1)", "insert orders (a3)", "commit"],
            handler.Lines);
        Assert.Equal([30u, 20u, 10u], handler.Xids);
        Assert.Equal(0, streamed.Count);
    }

    [Fact]
    public void A_transaction_rolled_back_in_progress_leaves_nothing()
    {
        Decode(StreamStart(10, true), Relation(Orders, "orders", 10, "id"), Insert(Orders, 10, "a"), StreamStop(), StreamAbort(10, 10));

        Assert.Empty(handler.Lines);
        Assert.Equal(0, streamed.Count);
    }

    [Fact]
    public void A_tables_description_outlives_the_rolled_back_part_that_brought_it()
    {
        Decode(
            StreamStart(10, true), Relation(Orders, "orders", 11, "id"), Insert(Orders, 11, "gone"), StreamStop(), StreamAbort(10, 11),
            StreamStart(10, false), Insert(Orders, 10, "kept"), StreamStop(), StreamCommit(10));

        Assert.Equal(["begin", "insert orders (kept)", "commit"], handler.Lines);
    }

    [Fact]
    public void A_description_that_came_meanwhile_is_not_undone_by_an_older_one_of_a_transaction_in_progress()
    {
        Decode(
            StreamStart(10, true), Relation(Orders, "old", 10, "id"), Insert(Orders, 10, "1"), StreamStop(),
            Begin(30), Relation(Orders, "new", null, "id", "v"), Commit(),
            StreamCommit(10),
            Begin(31), Insert(Orders, null, "2", "x"), Commit());

        Assert.Equal(["begin", "commit", "begin", "insert old (1)", "commit", "begin", "insert new (2, x)", "commit"], handler.Lines);
    }

    [Fact]
    public void Beyond_the_memory_limit_transactions_go_to_files_and_come_back_the_same()
    {
        var expected = new List<string> { "begin" };
        var addresses = new List<Lsn>();
        Decode(StreamStart(10, true), Relation(Orders, "orders", 10, "id"), StreamStop());
        for (var i = 0; i < 3_000; i++)
        {
            var value = $"{i} {new string('x', i % 300)}";
            Decode(StreamStart(10, false), Insert(Orders, i % 7 == 0 ? 11u : 10u, value), StreamStop());
            if (i % 7 != 0)
            {
                addresses.Add(new Lsn(lastAddress - 1)); // before the end of the block
                expected.Add($"insert orders ({value})");
            }
        }

        Decode(StreamAbort(10, 11), StreamCommit(10));

        Assert.Equal([.. expected, "commit"], handler.Lines);
        Assert.Equal(addresses, handler.Addresses);
        Assert.True(streamed.Spills > 1);
        Assert.Equal(1, files);
    }

    [Theory]
    [InlineData('P')]
    [InlineData('b')]
    [InlineData('p')]
    [InlineData('K')]
    [InlineData('r')]
    [InlineData('?')]
    public void A_message_that_is_not_supported_stops_with_a_code(char type)
    {
        var error = Assert.Throws<CdcFlowException>(() => decoder.Decode(default, [(byte)type, 0, 0, 0, 0]));

        Assert.Equal(PostgresWireErrorCodes.UnsupportedLogMessage, error.Code);
    }

    [Fact]
    public void Rows_that_break_the_rules_are_protocol_errors()
    {
        Decode(Begin(7), Relation(Orders, "orders", null, "id"));

        Assert.Throws<PostgresProtocolException>(() => Decode(Insert(Orders, null, "1", "one too many")));
        Assert.Throws<PostgresProtocolException>(() => Decode(Insert(99, null, "of a table never described")));
        Assert.Throws<PostgresProtocolException>(() => Decode(Begin(8)));
        Assert.Throws<PostgresProtocolException>(() => Decode(StreamStart(9, true)));
        Assert.Throws<PostgresProtocolException>(() => Decode([.. Insert(Orders, null, "1"), 0]));
        Assert.Throws<PostgresProtocolException>(() => decoder.Decode(default, []));
    }

    public void Dispose() => streamed.Dispose();

    private void Decode(params byte[][] messages)
    {
        foreach (var message in messages)
        {
            decoder.Decode(new Lsn(++lastAddress), message);
        }
    }
}
