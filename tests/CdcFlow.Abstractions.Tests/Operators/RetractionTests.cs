using CdcFlow.Operators;

namespace CdcFlow.Abstractions.Tests.Operators;

public sealed class RetractionTests
{
    [Theory]
    [InlineData(Operation.Insert, null, true, Emission.Same)]
    [InlineData(Operation.Insert, null, false, Emission.Nothing)]
    [InlineData(Operation.SnapshotRead, null, true, Emission.Same)]
    [InlineData(Operation.SnapshotRead, null, false, Emission.Nothing)]
    [InlineData(Operation.Update, true, true, Emission.Same)]
    [InlineData(Operation.Update, true, false, Emission.AsDelete)]
    [InlineData(Operation.Update, false, true, Emission.AsInsert)]
    [InlineData(Operation.Update, false, false, Emission.Nothing)]
    [InlineData(Operation.Update, null, true, Emission.Same)]
    [InlineData(Operation.Update, null, false, Emission.AsDelete)]
    [InlineData(Operation.Delete, true, false, Emission.Same)]
    [InlineData(Operation.Delete, false, false, Emission.Nothing)]
    [InlineData(Operation.Delete, null, false, Emission.Same)]
    [InlineData(Operation.Truncate, null, false, Emission.Same)]
    public void Every_case_of_the_decision(Operation operation, bool? before, bool after, Emission expected) =>
        Assert.Equal(expected, Retraction.Decide(operation, before, after));

    /// <summary>The law behind the table: whatever the history of passing, a consumer that applies what is emitted by key
    /// holds the row exactly when its last state passes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_consumer_holds_the_row_exactly_when_its_last_state_passes(bool beforeIsKnown)
    {
        for (var history = 0; history < 256; history++)
        {
            var held = Retraction.Decide(Operation.Insert, null, (history & 1) != 0) == Emission.Same;
            for (var step = 1; step < 8; step++)
            {
                var passed = (history >> (step - 1) & 1) != 0;
                var passes = (history >> step & 1) != 0;
                held = Retraction.Decide(Operation.Update, beforeIsKnown ? passed : null, passes) switch
                {
                    Emission.Same or Emission.AsInsert => true,
                    Emission.AsDelete => false,
                    _ => held,
                };
                Assert.Equal(passes, held);
            }
        }
    }
}
