using CdcFlow.Batches;
using CdcFlow.Sources;
using ConformanceAccount = CdcFlow.Testing.Conformance.Rows.Account;

namespace CdcFlow.Testing.Tests.Conformance;

/// <summary>Defects in what a round holds. Only accounts suffer.</summary>
internal sealed class DefectiveChanges(SourceDefect defect)
{
    private int reads;

    /// <param name="element">An element of a round.</param>
    /// <param name="forgets">Whether all but reads are left out.</param>
    /// <param name="isFirst">Whether it is in the first round after a restart.</param>
    public IEnumerable<SourceElement> Damage(SourceElement element, bool forgets, bool isFirst)
    {
        if (element.Element is not ChangeBatch<ConformanceAccount> batch)
        {
            return element.Element is SchemaChange && defect == SourceDefect.RepeatsSchemas ? [element, element] : [element];
        }

        var damaged = new ChangeBatch<ConformanceAccount> { Lease = batch.Lease };
        batch.Lease = null;
        var times = defect == SourceDefect.RepeatsAfterRestart && isFirst ? 2 : 1;
        foreach (var change in Enumerable.Repeat(batch.Changes.ToArray(), times).SelectMany(all => Damage(all, forgets)))
        {
            damaged.Add(change);
        }

        batch.Release();
        return [element with { Element = damaged }];
    }

    private IEnumerable<Change<ConformanceAccount>> Damage(Change<ConformanceAccount>[] changes, bool forgets) => defect switch
    {
        _ when forgets => changes.Where(IsRead),
        SourceDefect.DropsARead => changes.Where(change => !IsRead(change) || ++reads != 3),
        SourceDefect.ReadsAsInserts => changes.Select(change => IsRead(change) ? Change<ConformanceAccount>.Insert(change.After!, change.Metadata) : change),
        SourceDefect.ForgetsMovedRows => changes.Where(change => change.Metadata.Row == 0),
        SourceDefect.ForgetsTruncates => changes.Where(change => change.Operation != Operation.Truncate),
        SourceDefect.ForgetsDeletes => changes.Where(change => change.Operation != Operation.Delete),
        SourceDefect.ReversesBatches => changes.AsEnumerable().Reverse(),
        SourceDefect.NullsLargeValues => changes.Select(WithoutLargeNote),
        _ => changes,
    };

    private static Change<ConformanceAccount> WithoutLargeNote(Change<ConformanceAccount> change) =>
        change.Operation == Operation.Update && change.After!.Note?.Length > 1000
            ? Change<ConformanceAccount>.Update(change.Before, change.After with { Note = null }, change.Metadata)
            : change;

    private static bool IsRead(Change<ConformanceAccount> change) => change.Operation == Operation.SnapshotRead;
}
