using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Testing;
using Microsoft.EntityFrameworkCore;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>Rows that are entities of an object-relational mapper, unchanged.</summary>
[CdcPipeline("entities")]
public sealed partial class EntitiesPipeline
{
    [InMemorySource("shop"), InMemorySink("lake", Name = "invoices")]
    public partial Changes<InvoiceEntity> Invoices { get; }

    [InMemorySource("shop"), InMemorySink("lake", Name = "lines")]
    public partial Changes<InvoiceLineEntity> Lines { get; }

    [Filter(From = nameof(Invoices)), InMemorySink("lake", Name = "open")]
    public static bool IsOpen(InvoiceEntity invoice) => !invoice.IsPaid;
}

public abstract class EntityOf<TKey>
    where TKey : struct, IEquatable<TKey>
{
    public TKey Id { get; protected set; }
}

/// <summary>Nobody makes it but itself; the key is that of its base type, by name.</summary>
public sealed class InvoiceEntity : EntityOf<long>
{
    private readonly List<InvoiceLineEntity> lines = [];

    private InvoiceEntity()
    {
    }

    public InvoiceEntity(long id, InvoiceCustomer buyer)
    {
        Id = id;
        Buyer = buyer;
    }

    public long BuyerId { get; private set; }

    public string Number { get; private init; } = "";

    public string? Note { get; internal set; }

    public bool IsPaid { get; private set; }

    [ForeignKey(nameof(BuyerId))]
    public InvoiceCustomer? Buyer { get; private set; }

    public IReadOnlyCollection<InvoiceLineEntity> Lines => lines;

    public void Pay() => IsPaid = true;
}

[PrimaryKey(nameof(InvoiceId), nameof(Place))]
public class InvoiceLineEntity
{
    public long InvoiceId { get; protected set; }

    public int Place { get; protected set; }

    public decimal Amount { get; set; }

    [InverseProperty(nameof(InvoiceEntity.Lines))]
    public virtual InvoiceEntity? Invoice { get; set; }
}

public class InvoiceCustomer
{
    public long InvoiceCustomerId { get; set; }
}
