using CdcFlow.Formats;

namespace CdcFlow.Postgres.Sink;

/// <summary>What <see cref="PostgresSinkMode.Append"/> keeps of a change beside its row: what happened, and where it comes from.</summary>
/// <remarks>Touched by the sink's writer only. Texts are made once per transaction and table.</remarks>
/// <param name="names">The names of the row's columns in the table, for those that the log did not carry.</param>
internal sealed class AuditColumns(IReadOnlyList<string> names)
{
    private static readonly (string Name, string Type)[] columns =
    [
        ("cdc_op", "text"), ("cdc_source", "text"), ("cdc_table", "text"), ("cdc_transaction_id", "text"), ("cdc_committed_at", "timestamptz"),
        ("cdc_transaction", "numeric"), ("cdc_event", "int4"), ("cdc_row", "int2"), ("cdc_unchanged", "text[]"), ("cdc_not_carried", "text[]"),
    ];

    private static readonly string[] letters =
        [.. Enum.GetValues<Operation>().Order().Select(operation => ((char)OperationLetter.Of(operation)).ToString())];

    private ChangeOrigin? origin;
    private string table = "";
    private string? transaction;

    public static int Count => columns.Length;

    /// <summary>The columns' names and types, as SQL writes them, in the order of <see cref="Append"/>.</summary>
    public static IEnumerable<(string Name, string Type)> All => columns.Select(column => (column.Name, $"pg_catalog.{column.Type}"));

    public void Append(ByteBuffer output, Operation operation, ChangeMetadata metadata, ColumnSet? missing)
    {
        if (!ReferenceEquals(origin, metadata.Origin))
        {
            (origin, table, transaction) = (metadata.Origin, metadata.Table.ToString(), metadata.TransactionId);
        }

        CopyValue.Append(output, letters[(int)operation]);
        CopyValue.Append(output, metadata.Source);
        CopyValue.Append(output, table);
        if (transaction is not null)
        {
            CopyValue.Append(output, transaction);
        }
        else
        {
            CopyValue.Null(output);
        }

        CopyValue.Append(output, metadata.CommittedAt);
        CopyValue.Append(output, (decimal)metadata.Origin.Transaction.Place);
        CopyValue.Append(output, metadata.Event);
        CopyValue.Append(output, metadata.Row);
        AppendNames(output, missing is { HasUnchanged: true } ? missing.IsUnchanged : null);
        AppendNames(output, missing is { HasNotCarried: true } ? missing.IsNotCarried : null);
    }

    private void AppendNames(ByteBuffer output, Func<int, bool>? isNamed)
    {
        if (isNamed is null)
        {
            CopyValue.Null(output);
        }
        else
        {
            CopyArray.Append(output, names.Where((_, index) => isNamed(index)).ToArray());
        }
    }
}
