using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Orders;

public enum OrderStatus { New, Paid, Cancelled }

public enum Lane { Small, Large }

/// <summary>A row of <c>public.orders</c>. Revision rises by one with every update.</summary>
[Table("orders")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status, string? Note, int Revision);

/// <summary>A row of <c>public.customers</c>.</summary>
[Table("customers")]
public sealed record Customer([property: Key] long Id, string Name, string Tier, int Revision);

/// <summary>What the warehouse keeps of an order that was not cancelled.</summary>
public sealed record Invoice([property: Key] long Id, long CustomerId, decimal Net, decimal Gross, bool Paid);
