using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

// Two programs of one name are versions of one program, of which one runs after the other.
#pragma warning disable CDCF004

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>A row with a value that the log does not repeat while it does not change.</summary>
[Table("t")]
public sealed record Toasted([property: Key] long Id, string? Value, int N);

[CdcPipeline("toasted")]
public sealed partial class ToastedByRow
{
    [PostgresSource("source")]
    public partial Changes<Toasted> Rows { get; }

    [Transform(From = nameof(Rows)), PostgresSink("sink")]
    public static Toasted Keep(Toasted row) => row with { Value = row.Value?.ToLowerInvariant() };
}

/// <summary>The same by changes.</summary>
[CdcPipeline("toasted")]
public sealed partial class ToastedByChange
{
    [PostgresSource("source")]
    public partial Changes<Toasted> Rows { get; }

    [Transform(From = nameof(Rows)), PostgresSink("sink")]
    public static Change<Toasted> Keep(Change<Toasted> change) => change.After is { } row && change.IsAvailable(nameof(Toasted.Value))
        ? new Change<Toasted>(change.Operation, change.BeforeState, change.Before, row with { Value = row.Value?.ToLowerInvariant() }, change.Missing, change.Metadata)
        : change;
}

/// <summary>A word of a text.</summary>
[Table("words")]
public sealed record Word([property: Key] long Id, [property: Key] int Place, string Text);

[CdcPipeline("words")]
public sealed partial class WordsTakenBack
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    [Transform(From = nameof(Rows)), PostgresSink("sink")]
    public static IEnumerable<Word> Split(Item item) => (item.Value ?? "").Split(' ').Select((text, place) => new Word(item.Id, place + 1, text));
}

/// <summary>The same, which leaves what it had made of the old row.</summary>
[CdcPipeline("words")]
public sealed partial class WordsLeft
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    [Transform(From = nameof(Rows), OnDrop = OnDrop.Ignore), PostgresSink("sink")]
    public static IEnumerable<Word> Split(Item item) => (item.Value ?? "").Split(' ').Select((text, place) => new Word(item.Id, place + 1, text));
}

[Table("t")]
public sealed record Certain([property: Key] long Id, string Value);

[CdcPipeline("nulls")]
public sealed partial class WithoutNulls
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Certain> Rows { get; }
}

/// <summary>The same with nulls.</summary>
[CdcPipeline("nulls")]
public sealed partial class WithNulls
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Item> Rows { get; }
}

[Table("t")]
public sealed record CertainItems([property: Key] long Id, string[] Value);

[Table("t")]
public sealed record UncertainItems([property: Key] long Id, string?[] Value);

[CdcPipeline("lists")]
public sealed partial class ListsWithoutNulls
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<CertainItems> Rows { get; }
}

/// <summary>The same with nulls in the lists.</summary>
[CdcPipeline("lists")]
public sealed partial class ListsWithNulls
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<UncertainItems> Rows { get; }
}

[Table("t")]
public sealed record NodeDocument([property: Key] long Id, System.Text.Json.Nodes.JsonNode? Value);

[Table("t")]
public sealed record ElementDocument([property: Key] long Id, System.Text.Json.JsonElement? Value);

[CdcPipeline("documents")]
public sealed partial class NodeDocuments
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<NodeDocument> Rows { get; }
}

/// <summary>The same with JSON that tells its own null from the server's.</summary>
[CdcPipeline("documents")]
public sealed partial class ElementDocuments
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<ElementDocument> Rows { get; }
}

public enum Mood
{
    Sad,
}

public enum MoreMoods
{
    Sad,
    VeryHappy,
}

[Table("t")]
public sealed record Person([property: Key] long Id, Mood Value);

[Table("t")]
public sealed record MoodyPerson([property: Key] long Id, MoreMoods Value);

[CdcPipeline("moods")]
public sealed partial class FewMoods
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Person> Rows { get; }
}

/// <summary>The same with one more member.</summary>
[CdcPipeline("moods")]
public sealed partial class AllMoods
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<MoodyPerson> Rows { get; }
}

/// <summary>The same with a text.</summary>
[CdcPipeline("moods")]
public sealed partial class TextMoods
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>A row with a column that the server computes.</summary>
[Table("t")]
public sealed record Computed([property: Key] long Id, int N, int Twice);

/// <summary>The same without it.</summary>
[Table("t")]
public sealed record Plain([property: Key] long Id, int N);

[CdcPipeline("computed")]
public sealed partial class ComputedByServer
{
    [PostgresSource("source")]
    public partial Changes<Computed> Rows { get; }

    [Transform(From = nameof(Rows)), PostgresSink("sink")]
    public static Computed Copy(Computed row) => new(row.Id, row.N, row.Twice);
}

/// <summary>The same, which computes the value itself.</summary>
[CdcPipeline("computed")]
public sealed partial class ComputedByTransform
{
    [PostgresSource("source")]
    public partial Changes<Plain> Rows { get; }

    [Transform(From = nameof(Rows)), PostgresSink("sink")]
    public static Computed Copy(Plain row) => new(row.Id, row.N, row.N * 2);
}

[CdcPipeline("stale")]
public sealed partial class ComputedAsItIs
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Computed> Rows { get; }
}

/// <summary>The same without the column.</summary>
[CdcPipeline("stale")]
public sealed partial class PlainAsItIs
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Plain> Rows { get; }
}
