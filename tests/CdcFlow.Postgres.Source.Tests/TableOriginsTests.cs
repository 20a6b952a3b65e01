using System.Runtime.CompilerServices;
using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What a transaction costs beside its rows: each of one row has it to itself.</summary>
public class TableOriginsTests
{
    private static readonly BeginMessage begin = new(new Lsn(0x16B3748), DateTimeOffset.UnixEpoch, 771);
    private readonly TableOrigins origins = new("shop", "app", new TableId("public", "item"), keysMayOverlap: true);

    [Fact]
    public void Transaction_is_told_by_its_coordinates_and_a_read_by_its_place()
    {
        var logged = origins.Logged(Transaction(new Lsn(0x16B3000)));
        Assert.Equal((0x16B3748ul, "771", 0x16B3000ul, "0/16B3100"), (logged.Transaction.Place, logged.Transaction.Name, logged.Transaction.PrecedingCommit, logged.Transaction.Describe(0x16B3100)));
        Assert.Null(Transaction(null).PrecedingCommit);

        var read = origins.Read(new Lsn(0x16B3748), DateTimeOffset.UnixEpoch);
        Assert.Equal((0x16B3748ul, null, null, "0/16B3748"), (read.Transaction.Place, read.Transaction.Name, read.Transaction.PrecedingCommit, read.Transaction.Describe(0)));
        Assert.Equal((true, false), (logged.Table.KeysMayOverlap, read.Table.KeysMayOverlap));
        Assert.Equal(("shop", "postgresql", "app", new TableId("public", "item")), (read.Table.Source, read.Table.Connector, read.Table.Database, read.Table.Id));
    }

    [Fact]
    public void Transaction_of_one_row_costs_two_small_objects_and_no_text()
    {
        const int many = 1000;
        _ = origins.Logged(Transaction(null));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < many; i++)
        {
            _ = origins.Logged(Transaction(new Lsn(8)));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / many, 1, 88);
        Assert.InRange(Unsafe.SizeOf<Change<Item>>(), 1, 56);
    }

    private static PostgresTransaction Transaction(Lsn? preceding) => new(begin, preceding) { CommittedAt = begin.CommitTime };
}
