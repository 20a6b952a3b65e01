using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace OrdersToKafka;

public enum OrderStatus { New, Paid, Cancelled }

public enum Lane { Small, Large }

/// <summary>A row of <c>public.orders</c>. Revision rises by one with every update.</summary>
[Table("orders")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status, string? Note, int Revision);

/// <summary>What readers of the invoice topics get of an order that was not cancelled.</summary>
public sealed record Invoice([property: Key] long Id, long CustomerId, decimal Net, decimal Gross, bool Paid);
