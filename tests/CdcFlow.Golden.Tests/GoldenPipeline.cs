using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using System.Text;
using CdcFlow.Formats;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Avro;
using CdcFlow.Postgres;
using CdcFlow.Rows;
using CdcFlow.Sources;
using CdcFlow.Testing;

namespace CdcFlow.Golden.Tests;

/// <summary>The golden tables as sources. Its generated codecs are what the tests encode with.</summary>
[CdcPipeline("golden", Delivery = Delivery.AtLeastOnce)]
public sealed partial class GoldenPipeline
{
    /// <summary>The longest interval that 63 bits of microseconds hold.</summary>
    private const long MonthsMax = 292_271 * 12;

    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out", Name = "types")]
    public partial Changes<Types> EveryType { get; }

    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out", Name = "pk")]
    public partial Changes<PkComposite> Composites { get; }

    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out", Name = "nopk")]
    public partial Changes<NoPk> Keyless { get; }

    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out", Name = "full")]
    public partial Changes<FullIdentity> Identities { get; }

    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out", Name = "toast")]
    public partial Changes<Toast> Toasts { get; }

    [PostgresSource("golden"), InMemoryAtLeastOnceSink("out", Name = "odd")]
    public partial Changes<OddName> OddNames { get; }

    /// <summary>Adds every table to a source.</summary>
    internal static void AddTables(ISourceConnector connector)
    {
        var attribute = new PostgresSourceAttribute("golden");
        connector.AddTable<Types, TypesCodec>(attribute, nameof(EveryType));
        connector.AddTable<PkComposite, PkCompositeCodec>(attribute, nameof(Composites));
        connector.AddTable<NoPk, NoPkCodec>(attribute, nameof(Keyless));
        connector.AddTable<FullIdentity, FullIdentityCodec>(attribute, nameof(Identities));
        connector.AddTable<Toast, ToastCodec>(attribute, nameof(Toasts));
        connector.AddTable<OddName, OddNameCodec>(attribute, nameof(OddNames));
    }

    /// <summary>Every change as a record, per table in order.</summary>
    internal static IReadOnlyList<GoldenRecord> Encode(GoldenChanges changes, RecordOptions options) =>
    [
        .. Encode<Types, TypesCodec>(options.Debezium.Intervals == IntervalMode.String ? changes.Of<Types>() : [.. changes.Of<Types>().Select(WithoutHugeInterval)], options),
        .. Encode<PkComposite, PkCompositeCodec>(changes.Of<PkComposite>(), options),
        .. Encode<NoPk, NoPkCodec>(changes.Of<NoPk>(), options),
        .. Encode<FullIdentity, FullIdentityCodec>(changes.Of<FullIdentity>(), options),
        .. Encode<Toast, ToastCodec>(changes.Of<Toast>(), options),
        .. Encode<OddName, OddNameCodec>(changes.Of<OddName>(), options),
    ];

    /// <summary>The rows of every type as they are, as records.</summary>
    internal static IReadOnlyList<GoldenRecord> EncodeTypes(GoldenChanges changes, RecordOptions options) => Encode<Types, TypesCodec>(changes.Of<Types>(), options);

    /// <summary>The change as one that microseconds can tell: a longer interval is refused, where Debezium writes the largest number instead.</summary>
    private static Change<Types> WithoutHugeInterval(Change<Types> change) => change.After?.Interval is { } interval && Math.Abs((long)interval.Months) > MonthsMax
        ? new(change.Operation, change.BeforeState, change.Before, change.After with { Interval = null }, change.Missing, change.Metadata)
        : change;

    /// <summary>The columns of the table of every type.</summary>
    internal static RowSchema TypesSchema => TypesCodec.Schema;

    /// <summary>The columns of the table with a large one.</summary>
    internal static RowSchema ToastSchema => ToastCodec.Schema;

    /// <summary>The table that a row type names.</summary>
    internal static string TableOf<T>() => typeof(T).GetCustomAttribute<TableAttribute>()!.Name;

    private static List<GoldenRecord> Encode<T, TCodec>(IReadOnlyList<Change<T>> changes, RecordOptions options)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        using var encoder = RecordEncoders.Create<T, TCodec>(options);
        using ByteBuffer key = new(), value = new();
        var schemas = RecordSchemas.Needs(options.Format) ? RecordSchemas.Of(TCodec.Schema, options, $"srv.public.{TableOf<T>()}") : null;
        var records = new List<GoldenRecord>();
        foreach (var change in changes)
        {
            key.Clear();
            value.Clear();
            encoder.WriteKey(change, key);
            encoder.WriteValue(change, value);
            records.Add(GoldenRecord.Parse(key.Length == 0 ? null : Json(key, schemas?.Key), Json(value, schemas?.Value)));
        }

        return records;
    }

    private static string Json(ByteBuffer written, RecordSchema? schema) =>
        schema is null ? Encoding.UTF8.GetString(written.Written) : AvroReader.Decode(schema.Text, written.Written)!.ToJsonString();
}
