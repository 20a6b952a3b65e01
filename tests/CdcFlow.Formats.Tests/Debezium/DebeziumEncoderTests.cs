using System.Text.Json;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;
using CdcFlow.Formats.Tests.Records;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests.Debezium;

/// <summary>What the golden records do not show: what a log does not carry, clocks, many transactions, rows of every shape.</summary>
public sealed class DebeziumEncoderTests
{
    private static readonly RecordOptions options = new() { ServerName = "srv" };

    [Fact]
    public void Old_row_of_which_only_the_key_is_known_says_nothing_of_other_columns() =>
        Assert.Equal(
            """{"id":1,"owner":"","balance":{"scale":0,"value":"AA=="},"note":null}""",
            Envelope(Change<Account>.DeleteByKey(new Account(1, null!, 0, null), Changes.Metadata)).GetProperty("before").GetRawText());

    [Fact]
    public void Whole_old_row_is_shown_and_an_unknown_one_is_null()
    {
        var old = new Account(1, "Ada", 1, "old");
        Assert.Equal("old", Envelope(Change<Account>.Update(old, Changes.Ada, Changes.Metadata)).GetProperty("before").GetProperty("note").GetString());
        Assert.Equal(JsonValueKind.Null, Envelope(Change<Account>.Update(null, Changes.Ada, Changes.Metadata)).GetProperty("before").ValueKind);
    }

    [Fact]
    public void Truncate_has_neither_rows_nor_a_key()
    {
        var truncate = Change<Account>.Truncate(Changes.Metadata);
        var envelope = Envelope(truncate);
        Assert.Equal(("t", JsonValueKind.Null, JsonValueKind.Null), (envelope.GetProperty("op").GetString(), envelope.GetProperty("before").ValueKind, envelope.GetProperty("after").ValueKind));
        Assert.Equal("", Written.Key<Account, AccountCodec>(options, truncate));
    }

    [Theory]
    [InlineData(UnchangedMode.Placeholder, """{"id":1,"owner":"__debezium_unavailable_value","note":null}""")]
    [InlineData(UnchangedMode.Omit, """{"id":1,"note":null}""")]
    public void Column_that_the_log_did_not_carry_is_a_placeholder_or_left_out(UnchangedMode mode, string after)
    {
        // A number has no placeholder that could not be taken for a value, so it is left out in any case.
        var unchanged = new ColumnSet(AccountCodec.Schema, [false, true, true, false]);
        var change = new Change<Account>(Operation.Update, BeforeState.Absent, null, new Account(1, null!, 0, null), unchanged, Changes.Metadata);
        Assert.Equal(after, Envelope(change, options with { Debezium = new DebeziumOptions { Unchanged = mode } }).GetProperty("after").GetRawText());
    }

    [Fact]
    public void Column_that_the_log_never_has_is_left_out_and_has_no_placeholder()
    {
        var missing = new ColumnSet(AccountCodec.Schema, [false, true, false, false], [false, true, false, false]);
        var change = new Change<Account>(Operation.Insert, BeforeState.Absent, null, new Account(1, null!, 0, null), missing, Changes.Metadata);
        Assert.False(Envelope(change, options).GetProperty("after").TryGetProperty("owner", out _));
    }

    [Fact]
    public void Bytes_and_arrays_have_placeholders_of_their_type()
    {
        bool[] flags = [.. EveryTypeCodec.Schema.Columns.Select(column => !column.IsKey)];
        var change = new Change<EveryType>(
            Operation.Update, BeforeState.Absent, null, EveryTypes.Empty, new ColumnSet(EveryTypeCodec.Schema, flags), Changes.Metadata);
        var after = JsonElement.Parse(Written.Value<EveryType, EveryTypeCodec>(options, change)).GetProperty("after");
        const string placeholder = "__debezium_unavailable_value";
        Assert.Equal(placeholder, after.GetProperty("string_value").GetString());
        Assert.Equal(placeholder, System.Text.Encoding.UTF8.GetString(after.GetProperty("bytes_value").GetBytesFromBase64()));
        Assert.Equal([placeholder], after.GetProperty("texts").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(placeholder, string.Concat(after.GetProperty("numbers").EnumerateArray().Select(item => (char)item.GetInt32())));
        Assert.False(after.TryGetProperty("decimal_value", out _));
    }

    [Fact]
    public void Times_are_the_clocks_and_the_commits()
    {
        var now = DateTimeOffset.UnixEpoch.AddTicks(17_000_000_000_000_001);
        var envelope = Envelope(Change<Account>.Insert(Changes.Ada, Changes.Metadata), options with { Clock = new FixedClock(now) });
        Assert.Equal((1_700_000_000_000L, 1_700_000_000_000_000L, 1_700_000_000_000_000_100L), Times(envelope));
        var committed = Changes.Metadata.CommittedAt.ToUnixTimeMilliseconds();
        Assert.Equal((committed, committed * 1000, committed * 1_000_000), Times(envelope.GetProperty("source")));
    }

    [Fact]
    public void Each_transaction_shows_its_own_source_and_each_table_its_own_names()
    {
        using var encoder = RecordEncoders.Create<Account, AccountCodec>(options with { Debezium = new DebeziumOptions { Schemas = true } });
        using var output = new ByteBuffer();
        JsonElement Of(string table, ulong transaction, bool isRead)
        {
            output.Clear();
            var metadata = Changes.At(new ChangeOrigin(new TableOrigin("s", new TableId("a b", table)) { Connector = "postgresql" }, new NamedTransaction(transaction, $"{transaction}")));
            encoder.WriteValue(isRead ? Change<Account>.SnapshotRead(Changes.Ada, metadata) : Change<Account>.Insert(Changes.Ada, metadata), output);
            return JsonElement.Parse(output.Written);
        }

        foreach (var (table, transaction, isRead) in new[] { ("t", 1ul, false), ("t", 2ul, true), ("u", 2ul, false), ("t", 1ul, false) })
        {
            var value = Of(table, transaction, isRead);
            var source = value.GetProperty("payload").GetProperty("source");
            Assert.Equal($"srv.a_b.{table}.Envelope", value.GetProperty("schema").GetProperty("name").GetString());
            Assert.Equal((table, (long)transaction, isRead ? "true" : "false"), (source.GetProperty("table").GetString(), source.GetProperty("lsn").GetInt64(), source.GetProperty("snapshot").GetString()));
        }
    }

    [Fact]
    public void Each_change_of_a_transaction_has_the_address_of_its_own_record()
    {
        using var encoder = RecordEncoders.Create<Account, AccountCodec>(options);
        using var output = new ByteBuffer();
        (string? Sequence, long Lsn) Of(ChangeMetadata metadata)
        {
            output.Clear();
            encoder.WriteValue(Change<Account>.Insert(Changes.Ada, metadata), output);
            var source = JsonElement.Parse(output.Written).GetProperty("source");
            return (source.GetProperty("sequence").GetString(), source.GetProperty("lsn").GetInt64());
        }

        var origin = new ChangeOrigin(new TableOrigin("s", new TableId("public", "t")) { Connector = "postgresql" }, new NamedTransaction(1000, null, 90));
        var first = new ChangeOrigin(new TableOrigin("s", new TableId("public", "t")) { Connector = "postgresql" }, new SourceTransaction(80));
        Assert.Equal(("[\"90\",\"95\"]", 95), Of(Changes.At(origin) with { Detail = 95 }));
        Assert.Equal(("[\"90\",\"101\"]", 101), Of(Changes.At(origin, 1) with { Detail = 101 }));
        Assert.Equal(("[\"90\",\"1000\"]", 1000), Of(Changes.At(origin, 2)));
        Assert.Equal(("[null,\"80\"]", 80), Of(Changes.At(first)));
    }

    [Theory]
    [InlineData(DebeziumShape.Debezium3)]
    [InlineData(DebeziumShape.Debezium19)]
    public void Transactions_are_told_where_that_is_asked_for_and_the_source_counts(DebeziumShape shape)
    {
        var asked = options with { Debezium = new DebeziumOptions { Shape = shape, TransactionMetadata = true } };
        var change = Change<Account>.Insert(Changes.Ada, Changes.Metadata);
        Assert.Equal("""{"id":"771:23802112","total_order":8,"data_collection_order":3}""", Envelope(change, asked).GetProperty("transaction").GetRawText());
        Assert.Equal("null", Envelope(change, options with { Debezium = new DebeziumOptions { Shape = shape } }).GetProperty("transaction").GetRawText());
        Assert.Equal("null", Envelope(Change<Account>.Insert(Changes.Ada, Changes.Metadata with { Order = default }), asked).GetProperty("transaction").GetRawText());
    }

    [Fact]
    public void Other_connectors_have_the_members_that_all_have()
    {
        var origin = new ChangeOrigin(new TableOrigin("bank", new TableId("", "t")) { Connector = "memory" }, new SourceTransaction(1));
        var envelope = Envelope(Change<Account>.Insert(Changes.Ada, Changes.At(origin)));
        Assert.Equal(
            ["version", "connector", "name", "ts_ms", "snapshot", "db", "sequence", "ts_us", "ts_ns", "schema", "table"],
            envelope.GetProperty("source").EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Rows_of_every_shape_fit_the_schema_that_is_embedded(DebeziumShape shape, DecimalMode decimals, TemporalMode times, BinaryMode binaries)
    {
        var debezium = new DebeziumOptions
        {
            Schemas = true,
            TransactionMetadata = true,
            Shape = shape,
            Decimals = decimals,
            Times = times,
            Binaries = binaries,
            Intervals = times == TemporalMode.IsoString ? IntervalMode.String : IntervalMode.Numeric,
        };
        using var encoder = RecordEncoders.Create<EveryType, EveryTypeCodec>(options with { Debezium = debezium });
        using ByteBuffer key = new(), value = new();
        var random = new Random(21);
        for (var round = 0; round < 300; round++)
        {
            key.Clear();
            value.Clear();
            var change = EveryTypes.Change(random);
            encoder.WriteKey(change, key);
            encoder.WriteValue(change, value);
            EmbeddedSchema.AssertFits(JsonElement.Parse(key.Written));
            EmbeddedSchema.AssertFits(JsonElement.Parse(value.Written));
        }
    }

    public static TheoryData<DebeziumShape, DecimalMode, TemporalMode, BinaryMode> Modes()
    {
        var modes = new TheoryData<DebeziumShape, DecimalMode, TemporalMode, BinaryMode>();
        foreach (var decimals in Enum.GetValues<DecimalMode>())
        {
            foreach (var times in Enum.GetValues<TemporalMode>())
            {
                modes.Add(times == TemporalMode.Connect ? DebeziumShape.Debezium19 : DebeziumShape.Debezium3, decimals, times, (BinaryMode)((int)times % 4));
            }
        }

        return modes;
    }

    [Fact]
    public void Encoding_allocates_nothing_per_change()
    {
        using var encoder = RecordEncoders.Create<EveryType, EveryTypeCodec>(options);
        using var output = new ByteBuffer(1 << 20);
        var change = Change<EveryType>.Update(EveryTypes.Full, EveryTypes.Full, Changes.Metadata);
        void Write()
        {
            for (var index = 0; index < 500; index++)
            {
                output.Clear();
                encoder.WriteKey(change, output);
                encoder.WriteValue(change, output);
            }
        }

        Write();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static JsonElement Envelope(Change<Account> change, RecordOptions? with = null) =>
        JsonElement.Parse(Written.Value<Account, AccountCodec>(with ?? options, change));

    private static (long, long, long) Times(JsonElement part) =>
        (part.GetProperty("ts_ms").GetInt64(), part.GetProperty("ts_us").GetInt64(), part.GetProperty("ts_ns").GetInt64());

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
