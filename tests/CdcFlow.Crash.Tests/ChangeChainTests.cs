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
        Assert.Equal((0, 0, 0), (chain.Lost, chain.Doubled, chain.OutOfOrder));
        Assert.Equal([new(2, 1)], chain.Alive);
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
}
