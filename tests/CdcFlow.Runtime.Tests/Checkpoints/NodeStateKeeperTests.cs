using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.State;
using CdcFlow.Runtime.Tests.Fakes;

namespace CdcFlow.Runtime.Tests.Checkpoints;

/// <summary>Which side files a node's state consists of, from cut to cut.</summary>
public sealed class NodeStateKeeperTests
{
    private readonly Total total = new();
    private readonly List<SideFile> written = [];
    private readonly NodeStateKeeper keeper;

    public NodeStateKeeperTests() => keeper = new NodeStateKeeper("Numbered", total);

    [Fact]
    public void State_that_has_not_changed_is_not_written_again()
    {
        Cut(changes: 1);
        var names = Take();
        Cut(changes: 0);
        Assert.Equal(names, Take());
        Assert.Single(written);
    }

    [Fact]
    public void Cut_of_a_checkpoint_that_was_given_up_belongs_to_the_next()
    {
        Cut(changes: 1);
        Cut(changes: 1);
        Cut(changes: 1);
        Assert.Equal(["1", "2"], Texts(Take())[..2]);
        Cut(changes: 1);
        Assert.Equal("4", Texts(Take())[^1]);
    }

    [Fact]
    public void Changes_that_outgrow_the_whole_or_are_many_are_put_together()
    {
        for (var checkpoint = 1; checkpoint <= 100; checkpoint++)
        {
            Cut(changes: 1_000_000);
            var names = Take();
            Assert.InRange(names.Count, 1, 16);
            Assert.Equal($"{checkpoint}000000", Texts(names)[^1]);
        }
    }

    [Fact]
    public async Task State_is_restored_from_what_was_taken_and_goes_on_with_changes()
    {
        Cut(changes: 3);
        Take();
        Cut(changes: 2);
        var (entry, names) = keeper.Take(new Epoch(1), written.Add);

        var restored = new Total();
        var next = new NodeStateKeeper("Numbered", restored);
        await next.RestoreAsync(entry, name => new(written.Single(file => file.Name == name).Bytes));
        Assert.Equal(6, restored.Next());
        next.Cut();
        var (_, later) = next.Take(new Epoch(2), written.Add);
        Assert.Equal("6", Texts(later)[^1]);
        Assert.Equal(2, later[^1].Writer.Value);
        Assert.Equal(names, later.Take(names.Count).Intersect(names));
    }

    private void Cut(int changes)
    {
        for (var change = 0; change < changes; change++)
        {
            total.Next();
        }

        keeper.Cut();
    }

    private IReadOnlyList<SideFileRef> Take() => keeper.Take(new Epoch(1), written.Add).Names;

    private List<string> Texts(IReadOnlyList<SideFileRef> names) =>
        [.. names.Select(name => System.Text.Encoding.ASCII.GetString(written.First(file => file.Name == name).Bytes.Span))];
}
