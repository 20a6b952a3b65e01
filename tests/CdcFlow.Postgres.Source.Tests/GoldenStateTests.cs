using System.Globalization;
using System.Text;
using System.Text.Json;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>States as programs of earlier days wrote them, each with what must be read from it (<c>NAME.json</c>, <c>NAME.read</c>). They are in the world: the files are never
/// changed, only added to, and what is read from them stays the same whatever the form that is written becomes.</summary>
public class GoldenStateTests
{
    public static TheoryData<string> States => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "GoldenStates");

    [Theory, MemberData(nameof(States))]
    public void State_is_read(string name) => Assert.Equal(Text(name, "read"), Describe(PostgresSourceState.Read(Json(name))));

    [Theory, MemberData(nameof(States))]
    public void State_of_the_version_that_is_written_is_written_again_byte_for_byte(string name)
    {
        var state = PostgresSourceState.Read(Json(name));
        var written = SourceHarness<Item, ItemCodec>.Json(state);
        Assert.Equal(Describe(state), Describe(PostgresSourceState.Read(written)));
        if (Json(name).GetProperty("version").GetInt32() == written.GetProperty("version").GetInt32())
        {
            Assert.Equal(Text(name, "json").TrimEnd(), written.GetRawText());
        }
    }

    /// <summary>What a state says, in words that no version's form decides.</summary>
    private static string Describe(PostgresSourceState state)
    {
        var identity = state.Identity;
        var text = new StringBuilder();
        Line(text, "server", $"{identity.SystemIdentifier} timeline {identity.Timeline} database {identity.Database}");
        Line(text, "slot", $"{identity.Slot} made at {identity.SlotCreatedAt}");
        Line(text, "resume at", $"{state.ResumeAt}");
        Line(text, "last commit ended at", $"{state.LastCommitEnd}");
        Line(text, "inside", state.Inside is { } inside ? $"transaction {inside.CommitLsn} at event {inside.Event}" : "");
        Line(text, "publication", state.Publication is { } publication ? $"{publication.Name} oid {publication.Oid}{(publication.IsOurs ? " ours" : "")}" : "");
        Line(text, "last request", state.Resnapshot);
        foreach (var table in state.Tables)
        {
            Describe(text, table);
            Describe(text, state.Schemas.GetValueOrDefault(table.Table));
        }

        return text.ToString();
    }

    private static void Describe(StringBuilder text, TableSnapshotState table)
    {
        Line(text, "table", $"{table.Table} {(table.IsComplete ? "complete" : "open")}{(table.IsAgain ? " again" : "")} rows {table.Rows}");
        Line(text, "  after", table.Frontier is { } frontier ? string.Join(" | ", frontier.Values) : "");
        Line(text, "  key", table.Key);
        Line(text, "  form", table.Form);
        Line(text, "  published", table.Published);
        Line(text, "  values read ahead up to", $"{table.ReselectedUpTo}");
        if (table.Facts is { } facts)
        {
            Describe(text, facts);
        }
    }

    private static void Describe(StringBuilder text, TableFacts facts)
    {
        Line(text, "  primary key", $"{facts.PrimaryKey}");
        Lines(text, "  partition", facts.Partitions.Select(fact => $"{fact.Key} {fact.Value.Name} by {fact.Value.Links}"));
        Lines(text, "  file", facts.Files.Select(fact => $"{fact.Key} {fact.Value}"));
        Lines(text, "  fact", facts.Columns.Select(fact => $"column {fact.Key} {fact.Value.Name} written by {fact.Value.WrittenBy}{(fact.Value.HasOlderValue ? " with an older value" : "")}"));
        Lines(text, "  labels", facts.Labels.Select(fact => $"{fact.Key} {fact.Value}"));
    }

    private static void Describe(StringBuilder text, TableSchema? schema)
    {
        Line(text, "  identity", schema?.Identity);
        foreach (var column in schema?.Columns ?? [])
        {
            var nullable = column.IsNullable switch { true => " null", false => " not null", null => "" };
            Line(text, "  column", $"{column.Name} {column.TypeName} identity {column.Identity ?? "-"} of type {column.TypeIdentity ?? "-"}{nullable}{(column.IsKey ? " key" : "")}");
        }
    }

    private static void Line(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
        }
    }

    private static void Lines(StringBuilder text, string name, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            Line(text, name, value);
        }
    }

    private static JsonElement Json(string name) => JsonDocument.Parse(Text(name, "json")).RootElement;

    private static string Text(string name, string extension) => File.ReadAllText(Path.Combine(Folder, $"{name}.{extension}"));
}
