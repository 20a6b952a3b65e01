using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>Lets sinks fail at random: a call without effect, or a commit whose answer is lost.</summary>
internal sealed class FaultPlan(int seed, TestWorld world, IOutside? outside)
{
    // Rare enough that restarts (at most ten within their window) are not used up.
    private const int StepsBetween = 400;
    private const int FaultsMax = 4;

    private readonly Random random = new(seed);
    private int faults;

    /// <summary>A step is about to be made.</summary>
    public void Next()
    {
        if (faults == FaultsMax || world.Servers.Count == 0 || random.Next(StepsBetween) > 0)
        {
            return;
        }

        faults++;
        if (outside is not null && random.Next(4) > 0)
        {
            outside.Disturb(random);
            return;
        }

        var server = world.Servers.Values.ElementAt(random.Next(world.Servers.Count));
        var operation = (SinkOperation)random.Next(4);
        var error = new CdcFlowException(
            InMemoryErrorCodes.Injected, $"The simulation let '{operation}' fail.", domain: ErrorDomain.External, isTransient: true);
        server.Faults.Add(operation, error, afterEffect: operation == SinkOperation.Commit && random.Next(2) == 0);
    }
}
