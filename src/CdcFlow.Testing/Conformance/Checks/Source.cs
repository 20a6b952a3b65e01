namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>Stands for the source: changes with offsets that grow, one transaction each.</summary>
internal sealed class Source<T>(string table)
    where T : class
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TableOrigin origin = new("conformance", new TableId("public", table));
    private ulong transaction;

    public Change<T> Read(T row) => Change<T>.SnapshotRead(row, Next());

    public Change<T> Insert(T row) => Change<T>.Insert(row, Next());

    public Change<T> Update(T row) => Change<T>.Update(null, row, Next());

    public Change<T> Update(T row, ColumnSet missing) => new(Operation.Update, BeforeState.Absent, null, row, missing, Next());

    public Change<T> Insert(T row, ColumnSet missing) => new(Operation.Insert, BeforeState.Absent, null, row, missing, Next());

    public Change<T> Delete(T row) => Change<T>.Delete(row, Next());

    public Change<T> DeleteByKey(T key) => Change<T>.DeleteByKey(key, Next());

    public Change<T> Truncate() => Change<T>.Truncate(Next());

    private ChangeMetadata Next()
    {
        transaction++;
        return new ChangeMetadata(new ChangeOrigin(origin, new Transaction(transaction) { CommittedAt = start.AddMilliseconds(transaction) }), Event: 0, Row: 0);
    }

    private sealed class Transaction(ulong number) : SourceTransaction(number)
    {
        public override string? Name => $"{Place + 700}";
    }
}
