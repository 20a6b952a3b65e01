using CdcFlow.Batches;
using CdcFlow.Rows;
using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources;

/// <summary>A table that the checks write to and read: a stand has all of <see cref="All"/>, empty, from the beginning.</summary>
public abstract class StandTable
{
    private protected StandTable(Type rowType, RowSchema schema) => (RowType, Schema) = (rowType, schema);

    /// <summary>A table with a simple key, and a text that may be null and may be large.</summary>
    public static StandTable Accounts { get; } = new StandTable<Account, AccountCodec>();

    /// <summary>A table with a composite key, of which one part is a text, and a column whose name needs care.</summary>
    public static StandTable Places { get; } = new StandTable<Place, PlaceCodec>();

    /// <summary>A table with a column of every type.</summary>
    public static StandTable Types { get; } = new StandTable<EveryType, EveryTypeCodec>();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StandTable> All { get; } = [Accounts, Places, Types];

    /// <summary>The type of its rows.</summary>
    public Type RowType { get; }

    /// <summary>Its columns; <see cref="RowSchema.TableName"/> is its name.</summary>
    public RowSchema Schema { get; }

    /// <summary>The table's name, for messages.</summary>
    public override string ToString() => Schema.TableName;

    /// <summary>Adds the table to a connector, as generated code does; the node's id is the table's name.</summary>
    internal abstract void AddTo(ISourceConnector connector, CdcSourceAttribute attribute);

    /// <summary>The changes of a batch; null where it is of another row type.</summary>
    internal abstract IEnumerable<SeenChange>? ChangesOf(StreamElement element, int round);

    /// <summary>A row in both forms.</summary>
    internal abstract StandRow RowOf(object row);
}

/// <inheritdoc/>
internal sealed class StandTable<T, TCodec>() : StandTable(typeof(T), TCodec.Schema)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    internal override void AddTo(ISourceConnector connector, CdcSourceAttribute attribute) => connector.AddTable<T, TCodec>(attribute, Schema.TableName);

    internal override IEnumerable<SeenChange>? ChangesOf(StreamElement element, int round) =>
        element is ChangeBatch<T> batch ? [.. batch.Changes.ToArray().Select(change => SeenOf(change, round))] : null;

    internal override StandRow RowOf(object row) => new(row, Values((T)row));

    private SeenChange SeenOf(Change<T> change, int round) => new(this, change.Operation, round)
    {
        Key = change.Operation == Operation.Truncate ? null : TCodec.Key(change.Row),
        Before = change.BeforeState == BeforeState.Full ? Values(change.Before!) : null,
        After = change.After is { } after ? Values(after) : null,
        Missing = change.Missing,
        Offset = change.Metadata.Offset,
    };

    private static object?[] Values(T row)
    {
        var values = new object?[TCodec.Schema.Columns.Count];
        var writer = new ValuesWriter(values);
        TCodec.Write(row, ref writer);
        return values;
    }
}
