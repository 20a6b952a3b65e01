using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A key of three columns: text in the server's collation, uuid, whole number.</summary>
public class CompositeKeyTests(SharedServer shared)
{
    [Theory]
    [InlineData("text COLLATE \"en-x-icu\"", "int")]
    [InlineData("citext", "int")] // "a" before "B", by operators of an extension's own
    [InlineData("domain_of_citext", "domain_of_int")]
    public async Task Snapshot_goes_on_after_the_last_key_and_changes_find_their_chunks(string region, string number)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE EXTENSION citext; CREATE DOMAIN domain_of_citext AS citext CHECK (VALUE <> 'nowhere'); CREATE DOMAIN domain_of_int AS int CHECK (VALUE >= 0); "
            + $"CREATE TABLE line (region {region}, parcel uuid, number {number}, note text, PRIMARY KEY (region, parcel, number)); " + Insert("i % 10 <> 0"));
        await using var source = new SourceHarness<Line, LineCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 70, SnapshotReaders = 3 });
        await source.OpenAsync();
        for (var crash = 0; crash < 6; crash++)
        {
            await source.ReadUntilAsync(() => source.Changes.Count > 100 * crash);
            await database.ExecuteAsync(
                $"{Insert($"i % 10 = 0 AND i / 10 % 6 = {crash}")}; UPDATE line SET note = 'changed {crash}' WHERE number % 6 = {crash}; "
                + $"UPDATE line SET region = region || 'x' WHERE number % 50 = {crash}; DELETE FROM line WHERE number % 40 = {crash}");
            await source.CrashAsync();
        }

        // The last key: its chunk is the last.
        await database.ExecuteAsync("INSERT INTO line VALUES ('zzz', md5('mark')::uuid, 0, 'mark')");
        await source.ReadUntilAsync(() => source.HasWholeSnapshot && source.Changes.Exists(change => change.After?.Region == "zzz"));

        Assert.Contains(source.Checkpoints, checkpoint =>
            checkpoint.State.GetProperty("tables")[0].TryGetProperty("after", out var after) && after.GetArrayLength() == 3);
        Assert.Equal(
            (await database.QueryAsync("SELECT region, parcel, number, note FROM line")).Select(row => string.Join('|', row)).Order(StringComparer.Ordinal),
            Rows(source.Changes).Select(line => $"{line.Region}|{line.Parcel}|{line.Number}|{line.Note}").Order(StringComparer.Ordinal));
    }

    private static string Insert(string which) =>
        $"INSERT INTO line SELECT (ARRAY['a', 'B', 'Ä', 'z'])[1 + i % 4], md5((i % 50)::text)::uuid, i, 'note' FROM generate_series(1, 1200) i WHERE {which}";

    private static Dictionary<object, Line>.ValueCollection Rows(List<Change<Line>> changes)
    {
        var rows = new Dictionary<object, Line>();
        foreach (var change in changes)
        {
            var key = LineCodec.Key(change.Row);
            switch (change.Operation)
            {
                case Operation.Delete:
                    Assert.True(rows.Remove(key), $"{key} is deleted and was not there");
                    break;
                case Operation.Update:
                    Assert.True(rows.ContainsKey(key), $"{key} is updated and was not there");
                    rows[key] = change.After!;
                    break;
                default:
                    Assert.True(rows.TryAdd(key, change.After!), $"{key} comes with {change.Operation} and was there");
                    break;
            }
        }

        return rows.Values;
    }

    /// <summary>A row whose key has three columns.</summary>
    public sealed class Line
    {
        public string Region { get; init; } = "";

        public Guid Parcel { get; init; }

        public int Number { get; init; }

        public string? Note { get; init; }
    }

    /// <summary>As the generator would write it.</summary>
    public readonly struct LineCodec : IRowCodec<Line>
    {
        public static RowSchema Schema { get; } = new(
            "Line", "line", null,
            new ColumnDescriptor("region", "Region", typeof(string), false, IsKey: true),
            new ColumnDescriptor("parcel", "Parcel", typeof(Guid), false, IsKey: true),
            new ColumnDescriptor("number", "Number", typeof(int), false, IsKey: true),
            new ColumnDescriptor("note", "Note", typeof(string), true, IsKey: false));

        public static Line Read<TReader>(ref TReader reader)
            where TReader : struct, IRowReader, allows ref struct =>
            new() { Region = reader.GetString(0), Parcel = reader.GetGuid(1), Number = reader.GetInt32(2), Note = reader.IsNull(3) ? null : reader.GetString(3) };

        public static Line ReadKey<TReader>(ref TReader reader)
            where TReader : struct, IRowReader, allows ref struct =>
            new() { Region = reader.GetString(0), Parcel = reader.GetGuid(1), Number = reader.GetInt32(2) };

        public static void Write<TWriter>(Line row, ref TWriter writer)
            where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

        public static void WriteKey<TWriter>(Line row, ref TWriter writer)
            where TWriter : struct, IRowWriter, allows ref struct => throw new NotSupportedException();

        public static int KeyHash(Line row) => row.Number;

        public static bool KeyEquals(Line left, Line right) => Key(left).Equals(Key(right));

        public static object Key(Line row) => (row.Region, row.Parcel, row.Number);
    }
}
