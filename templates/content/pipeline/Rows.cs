using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace MyPipeline;

/// <summary>A row of the table <c>orders</c>. The command <c>cdcflow scaffold</c> writes such types from your own tables.</summary>
[Table("orders")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status, string? Note);

/// <summary>Read by its label or number, whatever its case.</summary>
public enum OrderStatus { New, Paid, Cancelled }

/// <summary>What the sink gets of an order.</summary>
public sealed record Invoice([property: Key] long Id, long CustomerId, decimal Total, bool Paid);
