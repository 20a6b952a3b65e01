using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>The row of every simulated table.</summary>
[Table("items")]
public sealed record Item([property: Key] long Id, string Text, int Group = 0);

/// <summary>Where a route sends an item.</summary>
public enum Parity
{
    /// <summary>Even groups.</summary>
    Even,

    /// <summary>Odd groups.</summary>
    Odd,
}
