using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Rounds;

namespace CdcFlow.Capture.Tests;

public sealed class RoundBatchTests
{
    private const int BatchRows = 1024;

    private static readonly ChangeOrigin origin = new(new TableOrigin("shop", new TableId("public", "item")), new SourceTransaction(1));

    [Theory]
    [InlineData(BatchRows - 2)]
    [InlineData(BatchRows - 1)]
    [InlineData(BatchRows)]
    public void Delete_and_insert_of_a_key_update_are_in_one_batch_however_full_it_is(int before)
    {
        var round = NewRound();
        var batch = round.BatchOf<Item>(0);
        for (var at = 0; at < before; at++)
        {
            batch.Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, at, 0)), 1);
        }

        batch.Add(Change<Item>.DeleteByKey(new Item(), new ChangeMetadata(origin, before, 0)), 1);
        batch.Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, before, 1)), 1);
        batch.Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, before + 1, 0)), 1);

        var batches = round.Take(state: null!).Elements.Select(element => (ChangeBatch<Item>)element.Element).ToList();
        Assert.Contains(batches, taken => taken.Changes.ToArray().Count(change => change.Metadata.Event == before) == 2);
        Assert.Equal(before + 3, batches.Sum(taken => taken.Count));
        Assert.True(batches.Count > 1 || before + 3 <= BatchRows + 1);
    }

    [Fact]
    public void Round_has_what_came_since_the_last_one_of_each_output_that_had_something()
    {
        var round = NewRound();
        var batches = Enumerable.Range(0, 5).Select(round.BatchOf<Item>).ToList();

        batches[3].Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, 0, 0)), 1);
        batches[1].Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, 1, 0)), 1);
        Assert.Equal([3, 1], round.Take(state: null!).Elements.Select(element => element.Output));

        batches[1].Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, 2, 0)), 1);
        round.CloseBatches();
        batches[1].Add(Change<Item>.Insert(new Item(), new ChangeMetadata(origin, 3, 0)), 1);
        Assert.Equal([1, 1], round.Take(state: null!).Elements.Select(element => element.Output));
        Assert.Empty(round.Take(state: null!).Elements);
    }

    private static RoundBuilder NewRound()
    {
        var budget = new MemoryBudget(1 << 20);
        var stopping = TestContext.Current.CancellationToken;
        return new RoundBuilder(budget, new LargeRows(budget, 1 << 30, stopping), stopping);
    }

    private sealed class Item;
}
