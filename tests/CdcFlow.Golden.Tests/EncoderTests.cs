using CdcFlow.Formats;
using CdcFlow.Formats.Debezium;

namespace CdcFlow.Golden.Tests;

/// <summary>Rows built by hand against what a real Debezium wrote for the same rows.</summary>
public sealed class EncoderTests
{
    [Fact]
    public void Envelopes_are_debeziums() => GoldenComparison.AssertSame("postgres.ndjson", GoldenComparison.Defaults, GoldenRows.Make(1234.56m));

    [Fact]
    public void Embedded_schemas_are_debeziums() => GoldenComparison.AssertSame("postgres-schemas.ndjson", GoldenComparison.Schemas, GoldenRows.Make(1234.56m));

    [Fact]
    public void Texts_for_decimals_times_intervals_and_bytes_are_debeziums() =>
        GoldenComparison.AssertSame("postgres-precise.ndjson", GoldenComparison.Precise, GoldenRows.Make(1234.56m));

    [Fact]
    public void Older_envelopes_are_flink_cdcs() => GoldenComparison.AssertSame("postgres-flink-cdc.ndjson", GoldenComparison.FlinkCdc, GoldenRows.Make(12.56m));

    [Fact]
    public void Numeric_nan_is_refused_where_decimals_are_bytes_and_null_is_not_asked_for()
    {
        var error = Assert.Throws<CdcFlowException>(() => GoldenPipeline.Encode(GoldenRows.Make(0), GoldenComparison.Defaults with { Debezium = new DebeziumOptions() }));
        Assert.Equal(FormatErrors.ValueNotHeld, error.Code);
    }

    [Fact]
    public void Interval_that_microseconds_do_not_hold_is_refused()
    {
        var error = Assert.Throws<CdcFlowException>(() => GoldenPipeline.EncodeTypes(GoldenRows.Make(0), GoldenComparison.Defaults));
        Assert.Equal(FormatErrors.ValueNotHeld, error.Code);
        Assert.Contains("c_interval", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_difference_that_is_explained_is_there()
    {
        var plain = GoldenRows.Make(1234.56m);
        Assert.Empty(KnownDifferences.Unused(
        [
            .. GoldenComparison.AssertSame("postgres.ndjson", GoldenComparison.Defaults, plain).Keys,
            .. GoldenComparison.AssertSame("postgres-schemas.ndjson", GoldenComparison.Schemas, plain).Keys,
            .. GoldenComparison.AssertSame("postgres-precise.ndjson", GoldenComparison.Precise, plain).Keys,
            .. GoldenComparison.AssertSame("postgres-flink-cdc.ndjson", GoldenComparison.FlinkCdc, GoldenRows.Make(12.56m)).Keys,
        ]));
    }
}
