using System.Text.Json;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>The judge is tested first: a kill loop proves nothing if its comparison cannot find a fault.</summary>
public sealed class ChangeChainTests
{
    private readonly ChangeChain chain = new();

    [Fact]
    public void Revisions_that_follow_each_other_are_clean()
    {
        chain.Write(1, 4);
        chain.Write(1, 5);
        chain.Write(2, 1);
        chain.Delete(1);
        chain.Compare(new RowHistory(1, 4, 5, DateTimeOffset.UnixEpoch));
        chain.Compare(new RowHistory(2, 1, 1, null));
        chain.EndOfHistory();
        Assert.Equal((0, 0, 0), (chain.Lost, chain.Doubled, chain.OutOfOrder));
    }

    [Fact]
    public void Gap_in_the_revisions_is_a_lost_change()
    {
        chain.Write(1, 1);
        chain.Write(1, 4);
        Assert.Equal(2, chain.Lost);
    }

    [Fact]
    public void Same_revision_again_is_a_doubled_change()
    {
        chain.Write(1, 1);
        chain.Write(1, 1);
        Assert.Equal(1, chain.Doubled);
    }

    [Fact]
    public void Second_delete_is_a_doubled_change()
    {
        chain.Delete(1);
        chain.Delete(1);
        Assert.Equal(1, chain.Doubled);
    }

    [Fact]
    public void Older_revision_after_a_newer_one_is_out_of_order()
    {
        chain.Write(1, 1);
        chain.Write(1, 2);
        chain.Write(1, 1);
        Assert.Equal(1, chain.OutOfOrder);
    }

    [Fact]
    public void Write_after_the_delete_is_out_of_order()
    {
        chain.Write(1, 1);
        chain.Delete(1);
        chain.Write(1, 2);
        Assert.Equal(1, chain.OutOfOrder);
    }

    [Fact]
    public void First_revisions_may_be_missing_only_where_the_snapshot_read_the_row()
    {
        chain.Write(1, 3, isRead: true);
        chain.Write(2, 3);
        chain.Compare(new RowHistory(1, 1, 3, null));
        chain.Compare(new RowHistory(2, 1, 3, null));
        Assert.Equal(2, chain.Lost);
    }

    [Fact]
    public void Last_revisions_and_the_delete_that_are_missing_are_lost_changes()
    {
        chain.Write(1, 1);
        chain.Compare(new RowHistory(1, 1, 3, DateTimeOffset.UnixEpoch));
        Assert.Equal(3, chain.Lost);
    }

    [Fact]
    public void Row_without_a_change_is_lost_unless_it_ended_before_the_snapshot_read_its_place()
    {
        var read = DateTimeOffset.UnixEpoch.AddHours(1);
        chain.Add(new ChangeLine(1, JsonElement.Parse("""{"revision":1}"""), IsRead: true, read));
        chain.Compare(new RowHistory(1, 1, 1, null));
        chain.Compare(new RowHistory(2, 1, 2, read.AddMinutes(-1)));
        Assert.Equal(0, chain.Lost);
        chain.Compare(new RowHistory(3, 1, 2, read.AddMinutes(1)));
        Assert.Equal(2, chain.Lost);
    }

    [Fact]
    public void What_is_wrong_is_told_with_its_key_and_what_is_right_is_not()
    {
        chain.Write(7, 1);
        chain.Write(8, 1);
        chain.Compare(new RowHistory(7, 1, 1, null));
        chain.Compare(new RowHistory(8, 1, 2, null));
        Assert.Contains("Key = 8", Assert.Single(chain.Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void Row_that_was_never_in_the_source_is_a_doubled_change()
    {
        chain.Write(1, 1);
        chain.EndOfHistory();
        Assert.Equal(1, chain.Doubled);
    }
}
