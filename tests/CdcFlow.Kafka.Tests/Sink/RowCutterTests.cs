using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using CdcFlow.Formats;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Avro;
using CdcFlow.Kafka.Sink.Oversize;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Rows;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>Rows whose texts are cut until their record fits.</summary>
public sealed class RowCutterTests
{
    private const int Limit = 3_000;

    private static readonly ChangeMetadata metadata =
        new(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "accounts")) { Connector = "postgresql", Database = "shop" }, new SourceTransaction(1)), 0, 0);

    public static TheoryData<RecordFormat> Formats => [.. Enum.GetValues<RecordFormat>()];

    [Theory, MemberData(nameof(Formats))]
    public void Longest_texts_are_cut_to_what_fits_in_every_format(RecordFormat format)
    {
        var note = string.Concat(Enumerable.Repeat("a\"ñ😀\u0001", 1_000)); // each takes more bytes in some format
        using var rig = new CutterRig(format, "Note,Owner");
        var change = Change<Account>.Insert(new Account(7, "Ada", 1m, note), metadata);
        Assert.True(rig.TryFit(change, Limit));
        Assert.InRange(rig.Record.Size, Limit - 200, Limit);
        var row = rig.Decoded()["after"] ?? rig.Decoded()["data"] ?? rig.Decoded();
        row = row["after"] ?? row;
        Assert.Equal("Ada", row["owner"]!.GetValue<string>());
        var kept = row["note"]!.GetValue<string>();
        Assert.StartsWith(kept, note, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(kept[^1]));
        Assert.Equal([("cdc-truncated", $$"""{"note":{{Encoding.UTF8.GetByteCount(note)}}}""")], rig.Truncations());
    }

    [Fact]
    public void Both_rows_of_an_update_are_cut_and_each_has_its_header()
    {
        using var rig = new CutterRig(RecordFormat.DebeziumJson, "Note,Owner");
        var change = Change<Account>.Update(
            new Account(7, "Ada", 1m, new string('b', 4_000)), new Account(7, new string('o', 2_500), 1m, new string('a', 5_000)), metadata);
        Assert.True(rig.TryFit(change, Limit));
        Assert.Equal(
            [("cdc-truncated", """{"owner":2500,"note":5000}"""), ("cdc-truncated-before", """{"note":4000}""")], rig.Truncations());
        var lengths = new[] { ("after", "owner"), ("after", "note"), ("before", "note") }.Select(at => rig.Decoded()[at.Item1]![at.Item2]!.GetValue<string>().Length);
        Assert.Single(lengths.Distinct());
    }

    [Theory]
    [InlineData("Owner")] // is short
    [InlineData("Note")]
    public void Record_that_does_not_fit_without_the_texts_either_is_whole_again(string columns)
    {
        using var rig = new CutterRig(RecordFormat.Json, columns);
        var note = new string('x', 5_000);
        Assert.False(rig.TryFit(Change<Account>.Insert(new Account(7, "Ada", 1m, note), metadata), columns == "Owner" ? Limit : 50));
        Assert.Equal(note, rig.Decoded()["note"]!.GetValue<string>());
        Assert.Empty(rig.Truncations());
    }

    [Fact]
    public void Room_for_the_headers_is_reserved_as_JSON_writes_names()
    {
        using var rig = new CutterRig(RecordFormat.Json, "Note,Owner", field: new string('ä', 200));
        var row = new Account(7, new string('o', 5_000), 1m, new string('a', 5_000));
        Assert.True(rig.TryFit(Change<Account>.Update(row, row with { Id = 7, Note = new string('b', 5_000) }, metadata), 2 * Limit));
        Assert.InRange(rig.Record.Size, Limit, 2 * Limit);
        Assert.NotEmpty(rig.Truncations());
    }

    [Theory]
    [InlineData(Limit)]
    [InlineData(50)]
    public void Row_is_let_go_of(int limit)
    {
        using var rig = new CutterRig(RecordFormat.Json, "Note");
        var row = Cut(rig, limit);
        GC.Collect();
        Assert.False(row.IsAlive);
    }

    [Theory]
    [InlineData("Id", "is of the key")]
    [InlineData("Note,Balance", "is a Decimal, and only text can be cut")]
    [InlineData("Nonsense", "is no property of Account with a column")]
    [InlineData("note", "is no property of Account with a column")]
    public void Column_that_cannot_be_cut_is_refused_with_those_that_can(string columns, string why)
    {
        var error = Assert.Throws<CdcFlowException>(() => CuttableColumns.Of("bus", columns, AccountCodec.Schema, FieldNaming.SnakeCase));
        Assert.Equal(KafkaSinkErrors.ColumnNotCuttable, error.Code);
        Assert.Contains(why, error.Happened, StringComparison.Ordinal);
        Assert.Contains("Name properties that may be cut: Owner, Note;", error.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jsonb", false)]
    [InlineData("uuid", false)]
    [InlineData("varchar(20)", true)]
    [InlineData("TEXT", true)]
    [InlineData(null, true)]
    public void Text_of_a_type_that_has_a_form_is_refused(string? type, bool isCuttable)
    {
        var rows = new RowSchema("Doc", "docs", null, new ColumnDescriptor("Body", "Body", typeof(string), false, false, type));
        Assert.Equal(isCuttable, Record.Exception(() => CuttableColumns.Of("bus", "Body", rows, FieldNaming.SnakeCase)) is null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Cut(CutterRig rig, int limit)
    {
        var row = new Account(7, "Ada", 1m, new string('x', 5_000));
        Assert.Equal(limit == Limit, rig.TryFit(Change<Account>.Insert(row, metadata), limit));
        return new WeakReference(row);
    }

    private sealed class CutterRig : IDisposable
    {
        private readonly RecordOptions options;
        private readonly IRecordEncoder<Account> whole;
        private readonly RowCutter<Account> cutter;

        public CutterRig(RecordFormat format, string columns, string? field = null)
        {
            options = new RecordOptions { Format = format, Pipeline = "p", Clock = TimeProvider.System };
            whole = RecordEncoders.Create<Account, AccountCodec>(options);
            Record = new ChangeRecord<Account>(whole, format);
            var cuttable = CuttableColumns.Of("bus", columns, AccountCodec.Schema, options.Naming);
            cutter = new RowCutter<Account>(
                field is null ? cuttable : cuttable with { Fields = [.. cuttable.Fields.Select((_, column) => $"{field}{column}")] }, whole,
                RecordEncoders.Create<Account, CuttingCodec<Account, AccountCodec>>(options), CuttingCodec<Account, AccountCodec>.Use);
        }

        public ChangeRecord<Account> Record { get; }

        public bool TryFit(in Change<Account> change, int bytes)
        {
            Assert.Null(Record.Encode(change, []));
            Assert.True(Record.Size > bytes);
            return cutter.TryFit(Record, change, bytes);
        }

        public JsonNode Decoded() => RecordSchemas.Needs(options.Format)
            ? AvroReader.Decode(RecordSchemas.Of(AccountCodec.Schema, options, "accounts").Value.Text, Record.Value)!
            : JsonNode.Parse(Record.Value)!;

        public List<(string Name, string Value)> Truncations()
        {
            List<(string, string)> found = [];
            foreach (var header in Record.Headers.All)
            {
                if (header.Name.Text.StartsWith("cdc-truncated", StringComparison.Ordinal))
                {
                    found.Add((header.Name.Text, Encoding.UTF8.GetString(Record.Headers.Bytes.Slice(header.Start, header.Length))));
                }
            }

            return found;
        }

        public void Dispose()
        {
            Record.Dispose();
            cutter.Dispose();
        }
    }
}
