using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Tests.Flow;

public sealed class BarrierAlignerTests
{
    private static readonly CheckpointRef first = new(new Epoch(1), new CheckpointId(1));
    private static readonly CheckpointRef second = new(new Epoch(1), new CheckpointId(2));

    [Fact]
    public void Single_input_never_waits()
    {
        var aligner = new BarrierAligner(1);

        Assert.True(aligner.Deliver(0, first));
        Assert.False(aligner.Holds(0));
        Assert.Equal(AlignerState.WaitingForFirstBarrier, aligner.State);
    }

    [Fact]
    public void Input_that_delivered_is_held_until_the_last_one_has()
    {
        var aligner = new BarrierAligner(3);

        Assert.False(aligner.Deliver(1, first));
        Assert.Equal(AlignerState.CollectingBarriers, aligner.State);
        Assert.Equal([false, true, false], [aligner.Holds(0), aligner.Holds(1), aligner.Holds(2)]);

        Assert.False(aligner.Deliver(0, first));
        Assert.True(aligner.Deliver(2, first));
        Assert.Equal([false, false, false], [aligner.Holds(0), aligner.Holds(1), aligner.Holds(2)]);
        Assert.Equal(AlignerState.WaitingForFirstBarrier, aligner.State);
    }

    [Fact]
    public void Next_barrier_begins_anew()
    {
        var aligner = new BarrierAligner(2);
        aligner.Deliver(0, first);
        aligner.Deliver(1, first);

        Assert.False(aligner.Deliver(1, second));
        Assert.True(aligner.Deliver(0, second));
    }

    [Fact]
    public void Another_barrier_than_the_one_collected_is_a_broken_invariant()
    {
        var aligner = new BarrierAligner(2);
        aligner.Deliver(0, first);

        Assert.Throws<InvalidOperationException>(() => aligner.Deliver(1, second));
    }

    [Fact]
    public void Second_barrier_of_a_held_input_is_a_broken_invariant()
    {
        var aligner = new BarrierAligner(2);
        aligner.Deliver(0, first);

        Assert.Throws<InvalidOperationException>(() => aligner.Deliver(0, first));
    }

    /// <summary>Whatever the interleaving: every barrier completes once, in order, and between two of them each input has passed exactly what stood
    /// between its own two barriers.</summary>
    [Fact]
    public void Cut_is_the_same_on_all_inputs_under_random_interleavings()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var inputs = random.Next(1, 6);
            var barriers = random.Next(1, 6);

            Assert.Equal(Enumerable.Range(1, barriers).Select(id => (long)id), CutsOf(random, inputs, barriers));
        }
    }

    private static List<long> CutsOf(Random random, int inputs, int barriers)
    {
        var aligner = new BarrierAligner(inputs);
        var position = new int[inputs];
        var cuts = new List<long>();
        while (position.Any(at => at < barriers * 2))
        {
            // Even steps are a row, odd ones the barrier behind it. A held input's elements wait.
            var ready = Enumerable.Range(0, inputs).Where(input => position[input] < barriers * 2 && !aligner.Holds(input)).ToList();
            Assert.NotEmpty(ready);
            var input = ready[random.Next(ready.Count)];
            var step = position[input]++;
            Assert.Equal(cuts.Count, step / 2);
            if (step % 2 == 1 && aligner.Deliver(input, new CheckpointRef(new Epoch(1), new CheckpointId((step / 2) + 1))))
            {
                cuts.Add((step / 2) + 1);
            }
        }

        return cuts;
    }
}
