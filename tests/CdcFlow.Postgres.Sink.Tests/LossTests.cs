using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A column holds what was sent, or the row is refused with column, key and what to do, which is done here word by word.</summary>
public sealed class LossTests(SinkServer server)
{
    [Theory]
    [InlineData("char(5)", "ab", "ab   ")]
    [InlineData("char(3)", "ab   ", "ab ")] // blanks at its end are no part of a character(n)
    [InlineData("varchar(3)", "abc", "abc")]
    [InlineData("bit(3)", "101", "101")]
    [InlineData("timestamp(0)", "2026-01-01 00:00:00", "2026-01-01 00:00:00")]
    [InlineData("timestamp", "2026-01-01T00:00:00Z", "2026-01-01 00:00:00")]
    [InlineData("timestamptz", "2026-01-01T02:00:00+02:00", "2026-01-01 00:00:00+00")]
    [InlineData("date", "20260101", "2026-01-01")]
    [InlineData("real", "0.10", "0.1")]
    [InlineData("jsonb", "{\"a\":1}", "{\"a\": 1}")]
    [InlineData("uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")]
    public async Task Text_that_the_column_holds_is_written(string type, string sent, string held)
    {
        var (database, sink) = await OpenAsync($"note {type}");
        await using (sink)
        {
            await sink.InsertAsync(new Account(1, "Ada", 1, sent));
            await sink.CheckpointAsync(1);
            Assert.Equal([[held]], await database.QueryAsync("SET TimeZone = 'UTC'; SELECT format('%s', note) FROM accounts"));
        }
    }

    [Theory]
    [InlineData("char(3)", "abcd")]
    [InlineData("varchar(3)", "abc  ")]
    [InlineData("varchar(3)", "abcd")]
    [InlineData("varchar(3)[]", "{\"abc  \"}")]
    [InlineData("numeric(5,2)", "1.005")]
    [InlineData("numeric(5,2)", "12345")]
    [InlineData("numeric(5,2)[]", "{1.005}")]
    [InlineData("bit(3)", "1011")]
    [InlineData("varbit(3)", "1011")]
    [InlineData("timestamp(0)", "2026-01-01 00:00:00.5")]
    [InlineData("timestamptz(3)", "2026-01-01 00:00:00.0005+00")]
    [InlineData("time(3)", "12:00:00.0005")]
    [InlineData("timetz(0)", "12:00:00.5+00")]
    [InlineData("interval year to month", "1 year 1 day")]
    [InlineData("interval month", "1 day -24:00:00")]
    [InlineData("interval(0)", "00:00:00.5")]
    [InlineData("short", "abcd")]
    [InlineData("short", "abc ")]
    [Trait("WayOut", "CDCF5004")]
    public async Task Value_that_the_columns_limits_would_change_is_refused_and_fits_without_them(string type, string sent) =>
        await RefusedThenWrittenAsync($"note {type}", new Account(7, "Ada", 1, sent));

    [Theory]
    [InlineData("\"char\"", "ab")]
    [InlineData("name", "n123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("date", "2026-01-01 10:00:00")]
    [InlineData("time", "2026-01-01 10:00:00")]
    [InlineData("time", "10:00:00+02")]
    [InlineData("time", "10:00:00.1234567")]
    [InlineData("timestamp", "2026-01-01 10:00:00+02")]
    [InlineData("timestamp", "2026-01-01 10:00:00.1234567")]
    [InlineData("timestamptz", "2026-01-01 10:00:00.1234567Z")]
    [InlineData("real", "0.123456789")]
    [InlineData("double precision", "0.12345678901234567890")]
    [InlineData("money", "1.999")]
    [InlineData("int", "one")]
    [Trait("WayOut", "CDCF5004")]
    public async Task Text_of_which_the_type_would_read_a_part_is_refused_and_fits_a_text(string type, string sent) =>
        await RefusedThenWrittenAsync($"note {type}", new Account(7, "Ada", 1, sent));

    [Fact]
    public async Task Decimal_that_money_would_round_is_refused()
    {
        var (database, sink) = await OpenAsync("note text", balance: "money");
        await using (sink)
        {
            await sink.InsertAsync(new Account(1, "Ada", 1.99m, null));
            await sink.CheckpointAsync(1);
            Assert.Equal([["$1.99"]], await database.QueryAsync("SELECT balance FROM accounts"));
            await sink.InsertAsync(new Account(1, "Ada", 1.999m, null));
            Assert.Equal(PostgresSinkErrors.Value, (await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(2))).Code);
        }
    }

    private async Task RefusedThenWrittenAsync(string note, Account row)
    {
        var (database, sink) = await OpenAsync(note);
        Account[] rows = [.. Enumerable.Range(100, 20).Select(id => new Account(id, "Ada", 1, null)), row];
        await using (sink)
        {
            await sink.InsertAsync(rows);
            await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        }

        CdcFlowException error;
        await using (var second = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2))
        {
            await second.InsertAsync(rows);
            error = await Assert.ThrowsAsync<CdcFlowException>(() => second.PrepareAsync(1));
        }

        Assert.Equal((PostgresSinkErrors.Value, true), (error.Code, error.IsSinkRefusal));
        Assert.Contains("(the row of key 7, public.t, offset 15/0/0)", error.Message, StringComparison.Ordinal);
        Assert.Contains("column \"note\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(row.Note!, error.Message, StringComparison.Ordinal);

        await database.ExecuteAsync(error.Fix![..(error.Fix!.IndexOf(';', StringComparison.Ordinal) + 1)]);
        await using var again = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3);
        await again.InsertAsync(row);
        await again.CheckpointAsync(1);
        Assert.Equal([[row.Note]], await database.QueryAsync("SELECT format('%s', note) FROM accounts"));
    }

    private async Task<(TestDatabase Database, SinkInstance<Account, AccountCodec> Sink)> OpenAsync(string note, string balance = "numeric")
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            $"CREATE DOMAIN short AS varchar(3); CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance {balance}, {note}); ALTER TABLE accounts OWNER TO app");
        return (database, await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1));
    }
}
