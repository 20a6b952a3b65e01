using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace CdcFlow.Benchmarks.Workloads;

/// <summary>A row of the benchmark table: ten mixed columns, about 170 bytes.</summary>
[Table("order_line")]
public sealed record OrderLine(
    [property: Key] long Id, long CustomerId, int ProductId, int Quantity, decimal Price,
    string Status, string? Note, bool Shipped, Guid Tracking, DateTimeOffset ChangedAt);
