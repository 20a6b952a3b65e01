using CdcFlow.Runtime;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>A modelled system outside the pipeline, beyond the in-memory ones, to which a real connector connects.</summary>
internal interface IOutside
{
    /// <summary>The first thing that was wrong there; null when nothing was.</summary>
    string? Violation { get; }

    /// <summary>Puts the system's connectors before those of one life.</summary>
    IConnectorResolver Connect(IConnectorResolver inner, SimulatedProcess process);

    /// <summary>Looks at what one step has done.</summary>
    void Look();

    /// <summary>Plans a failure that is not a death.</summary>
    void Disturb(Random random);
}
