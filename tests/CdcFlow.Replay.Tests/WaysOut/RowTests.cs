namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>A change that a transform cannot take: the next version of the program, as the message describes it, can.</summary>
public sealed class ToastedTests : Case<ToastedByRow>
{
    [Fact]
    [Trait("WayOut", "CDCF2001")]
    public async Task Change_that_did_not_carry_a_column_is_left_out_by_reading_the_table_again()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text, n int NOT NULL); ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
            INSERT INTO t SELECT g, repeat(g::text, 5000), 0 FROM generate_series(1, 3) g;
            """);
        await RunAsync();
        Assert.Contains("'Keep' may look at Value, and an update at ", Log, StringComparison.Ordinal);
        await SourceAsync("UPDATE t SET n = 1 WHERE id = 2");
        var said = await RefusedTwiceAsync("CDCF2001", "run --resnapshot public.t, after ALTER TABLE public.t REPLICA IDENTITY FULL;");
        await SourceAsync(said[said.IndexOf("ALTER TABLE", StringComparison.Ordinal)..]);
        await RunResnapshotAsync("public.t");
        await SourceAsync("UPDATE t SET n = 2 WHERE id = 3");
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF2001")]
    public async Task Column_that_did_not_come_with_the_log_is_asked_for()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text, n int NOT NULL); ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
            INSERT INTO t SELECT g, repeat(g::text, 5000), 0 FROM generate_series(1, 3) g;
            """);
        await RunAsync();
        await SourceAsync("UPDATE t SET n = 1 WHERE id = 2");
        var said = await RefusedTwiceAsync("CDCF2001", "Take Change<T> in 'Keep' and ask IsAvailable, and start again.");

        Deploy<ToastedByChange>();
        await RunAsync();
        await SameAsync();

        // As long as later changes carry it, the row alone is enough.
        await SourceAsync(said[said.IndexOf("ALTER TABLE", StringComparison.Ordinal)..]);
        await SourceAsync("UPDATE t SET n = 2 WHERE id = 3");
        Deploy<ToastedByRow>();
        await RunAsync();
        await SameAsync();
    }
}

public sealed class FanOutTests : Case<WordsTakenBack>
{
    [Fact]
    [Trait("WayOut", "CDCF2002")]
    public async Task Change_without_its_old_row_is_left_out_by_reading_the_table_again()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text);
            CREATE VIEW words AS SELECT id, place::int AS place, text FROM t, unnest(string_to_array(value, ' ')) WITH ORDINALITY w(text, place);
            INSERT INTO t VALUES (1, 'one two'), (2, 'three');
            """);
        await RunAsync();
        Assert.Contains("'Split' takes back what it made of an old row, and changes at 'Rows' do not carry it whole", Log, StringComparison.Ordinal);
        await SourceAsync("UPDATE t SET value = 'one' WHERE id = 1; DELETE FROM t WHERE id = 2");
        var said = await RefusedTwiceAsync("CDCF2002", "run --resnapshot public.t, after ALTER TABLE public.t REPLICA IDENTITY FULL;");
        await SourceAsync(said[said.IndexOf("ALTER TABLE", StringComparison.Ordinal)..]);
        await RunResnapshotAsync("public.t");
        Assert.DoesNotContain("takes back what it made", Log, StringComparison.Ordinal);
        await SameAsync("words", "words");
        await SourceAsync("UPDATE t SET value = 'one too many' WHERE id = 1");
        await RunAsync();
        await SameAsync("words", "words");
    }

    [Fact]
    [Trait("WayOut", "CDCF2002")]
    public async Task Old_row_that_the_log_does_not_carry_is_not_asked_for()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text);
            CREATE VIEW words AS SELECT id, place::int AS place, text FROM t, unnest(string_to_array(value, ' ')) WITH ORDINALITY w(text, place);
            INSERT INTO t VALUES (1, 'one two'), (2, 'three');
            """);
        await RunAsync();
        await SourceAsync("UPDATE t SET value = 'one too' WHERE id = 1");
        var said = await RefusedTwiceAsync("CDCF2002", "or set OnDrop = OnDrop.Ignore on it, and start again.");

        Deploy<WordsLeft>();
        await RunAsync();
        await SameAsync("words", "words");

        await SourceAsync(said[said.IndexOf("ALTER TABLE", StringComparison.Ordinal)..]);
        await SourceAsync("UPDATE t SET value = 'one' WHERE id = 1");
        Deploy<WordsTakenBack>();
        await RunAsync();
        await SameAsync("words", "words");
    }
}

public sealed class NullTests : Case<WithoutNulls>
{
    [Fact]
    [Trait("WayOut", "CDCF2004")]
    public async Task Property_becomes_nullable_and_so_does_the_column_of_the_sink()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one')");
        await RunAsync();
        Assert.Contains("takes no null, and public.t has value without NOT NULL", Log, StringComparison.Ordinal);
        await SourceAsync("INSERT INTO t VALUES (2, NULL)");
        await RefusedTwiceAsync("CDCF2004", "Make the property nullable and start again");

        Deploy<WithNulls>();
        var said = await RefusedTwiceAsync("CDCF5003", "DROP NOT NULL");
        await SinkAsync(said[said.IndexOf("ALTER TABLE", StringComparison.Ordinal)..].Split(';')[0]);
        await RunAsync();
        await SameAsync();
    }
}

public sealed class NullElementTests : Case<ListsWithoutNulls>
{
    [Fact]
    [Trait("WayOut", "CDCF2004")]
    public async Task Elements_become_nullable()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text[] NOT NULL); INSERT INTO t VALUES (1, '{one,two}')");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (2, '{one,NULL}')");
        await RefusedTwiceAsync("CDCF2004", "Column 'Value' of t has a NULL inside", "Make the elements nullable, as in string?[], and start again");

        Deploy<ListsWithNulls>();
        await RunAsync();
        await SameAsync();
    }
}

public sealed class JsonNullTests : Case<NodeDocuments>
{
    [Fact]
    [Trait("WayOut", "CDCF2106")]
    public async Task Node_becomes_an_element()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value jsonb); INSERT INTO t VALUES (1, '{\"a\": 1.50}'), (2, NULL)");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (3, 'null')");
        await RefusedTwiceAsync("CDCF2106", "Column 'Value' of t holds JSON's null, which is not SQL NULL", "Make the property a JsonElement, or a JsonDocument, which tell the two apart, and start again");

        Deploy<ElementDocuments>();
        await RunAsync();
        await SameAsync();
    }
}

public sealed class EnumTests : Case<FewMoods>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("WayOut", "CDCF2005")]
    public async Task Label_becomes_a_member_or_the_property_a_text(bool isText)
    {
        await SourceAsync("CREATE TYPE mood AS ENUM ('sad', 'very_happy'); CREATE TABLE t (id bigint PRIMARY KEY, value mood NOT NULL); INSERT INTO t VALUES (1, 'sad')");
        await SinkAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text)");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'very_happy')");
        await RefusedTwiceAsync("CDCF2005", "has a label that is no member of Mood. It is 'very_happy'.", "once no row of the table has such a value any more, run --resnapshot public.t", "Add the member to the enum (case and underscores do not matter), or make the property a string, and start again");

        if (isText)
        {
            Deploy<TextMoods>();
        }
        else
        {
            Deploy<AllMoods>();
        }

        await RunAsync();
        await SameAsync(sourceTable: $"(SELECT id, CASE value WHEN 'very_happy' THEN '{(isText ? "very_happy" : "VeryHappy")}' ELSE 'Sad' END AS value FROM t) t");
    }
}

public sealed class SharedLabelTests : Case<AllMoods>
{
    [Fact]
    public async Task Labels_that_come_as_one_member_are_said_until_one_is_renamed()
    {
        await SourceAsync("CREATE TYPE mood AS ENUM ('sad', 'very_happy', 'VeryHappy'); CREATE TABLE t (id bigint PRIMARY KEY, value mood NOT NULL); INSERT INTO t VALUES (1, 'sad')");
        await SinkAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text)");
        await RunAsync();
        Assert.Contains("Labels very_happy, VeryHappy of column 'value' of public.t all come as MoreMoods.VeryHappy", Log, StringComparison.Ordinal);
        await SourceAsync(Log[Log.IndexOf("ALTER TYPE", StringComparison.Ordinal)..].Split(';')[0]);
        await RunAsync();
        Assert.DoesNotContain("all come as", Log, StringComparison.Ordinal);
    }
}

public sealed class ComputedTests : Case<ComputedByServer>
{
    [Fact]
    [Trait("WayOut", "CDCF2031")]
    public async Task Value_that_the_log_never_carries_is_computed_in_the_transform()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL, twice int NOT NULL GENERATED ALWAYS AS (n * 2) STORED); INSERT INTO t VALUES (1, 1), (2, 2)");
        await RunAsync();
        await SourceAsync("UPDATE t SET n = 5 WHERE id = 1; INSERT INTO t VALUES (3, 3)");
        await RefusedTwiceAsync("CDCF2031", "compute it in 'Copy'");
        Deploy<ComputedByTransform>();
        await RunAsync();
        await SameAsync();
    }
}

public sealed class StaleColumnTests : Case<ComputedAsItIs>
{
    private const string Create = "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL, twice int NOT NULL GENERATED ALWAYS AS (n * 2) STORED);";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("WayOut", "CDCF4038")]
    public async Task Column_that_would_stay_as_the_snapshot_read_it_is_left_out_or_computed_by_the_sinks_own_table(bool isComputed)
    {
        await SourceAsync($"{Create} INSERT INTO t VALUES (1, 1), (2, 2)");
        var isCarried = int.Parse((await Stage.QueryAsync("SHOW server_version_num"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture) >= 180000;
        if (!isCarried)
        {
            await RefusedTwiceAsync("CDCF2011", "CDCF4038", "updates rows in place, where they would stay as the snapshot read them", "Leave them out ([NotMapped])", "its own table can compute them");
            Deploy<PlainAsItIs>();
            await SinkAsync(isComputed ? Create : "");
        }

        await RunAsync();
        await SourceAsync("UPDATE t SET n = 5 WHERE id = 1; INSERT INTO t VALUES (3, 3)");
        await RunAsync();
        await SameAsync();
    }
}
