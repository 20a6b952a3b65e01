using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace CdcFlow.Generators.Tests.Pipelines;

[Table("orders", Schema = "public")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status, string? Note = null);

public enum OrderStatus
{
    New,
    Paid,
    Cancelled,
}

public sealed record OrderDoc([property: Key] long Id, decimal Total, bool IsLarge);
