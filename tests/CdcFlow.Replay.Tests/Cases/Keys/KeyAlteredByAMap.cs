using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

// Versions of one program have one pipeline name.
#pragma warning disable CDCF004

[Report("apache/kafka", "#8280", "A transform gave rows another key than the records that delete them.")]
[Report("apache/doris-flink-connector", "#169", "Where the key downstream is another than upstream, old rows stayed.")]
public sealed partial class KeyAlteredByAMap : Case<KeyAlteredByAMap.Pipeline>
{
    [Table("t")]
    public sealed record Person([property: Key] string Name, long Age);

    /// <summary>Its map gives another key, in a method that the compiler does not look into.</summary>
    [CdcPipeline("people")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source")]
        public partial Changes<Person> People { get; }

        [Transform(From = nameof(People)), PostgresSink("sink")]
        public static Person Shout(Person person) => Shouted(person);

        private static Person Shouted(Person person) => new(person.Name.ToUpperInvariant(), person.Age);
    }

    /// <summary>The same method, called for deletes too.</summary>
    [CdcPipeline("people")]
    public sealed partial class WholeChanges
    {
        [PostgresSource("source")]
        public partial Changes<Person> People { get; }

        [Transform(From = nameof(People)), PostgresSink("sink")]
        public static Person Shout(Change<Person> change) => new(change.Row.Name.ToUpperInvariant(), change.Row.Age);
    }

    /// <summary>A fan-out of one row.</summary>
    [CdcPipeline("people")]
    public sealed partial class FanOut
    {
        [PostgresSource("source")]
        public partial Changes<Person> People { get; }

        [Transform(From = nameof(People)), PostgresSink("sink")]
        public static IEnumerable<Person> Shout(Person person) => [new($"{person.Name.ToUpperInvariant()} {person.Age}", person.Age)];
    }

    [Fact, Trait("WayOut", "CDCF2050")]
    public async Task Is_stopped_at_and_goes_on_in_a_method_that_is_called_for_deletes_too()
    {
        await RefusedAsync();
        Deploy<WholeChanges>();
        await RunAsync();
        await SourceAsync("UPDATE t SET age = 37 WHERE name = 'ada'; UPDATE t SET name = 'grace' WHERE name = 'bob'; DELETE FROM t WHERE name = 'eve'");
        await RunAsync();
        await SameAsync(sourceTable: "(SELECT upper(name) AS name, age FROM t) AS shouted");
    }

    [Fact, Trait("WayOut", "CDCF2050")]
    public async Task Is_stopped_at_and_goes_on_in_a_fan_out_of_whole_old_rows()
    {
        await RefusedAsync();
        await SourceAsync("ALTER TABLE t REPLICA IDENTITY FULL");
        Deploy<FanOut>();
        await RunAsync();
        await SourceAsync("UPDATE t SET age = 37 WHERE name = 'ada'; UPDATE t SET name = 'grace' WHERE name = 'bob'; DELETE FROM t WHERE name = 'eve'");
        await RunAsync();
        await SameAsync(sourceTable: "(SELECT upper(name) || ' ' || age AS name, age FROM t) AS shouted");
    }

    private async Task RefusedAsync()
    {
        await SourceAsync("CREATE TABLE t (name text PRIMARY KEY, age bigint NOT NULL)");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES ('ada', 36), ('bob', 1), ('eve', 2)");
        await RefusedTwiceAsync(
            "CDCF2050", "'Shout' gave KeyAlteredByAMap.Person.Name another value than KeyAlteredByAMap.Person.Name has", "(key ada)", "take Change<T> in 'Shout'",
            "or return IEnumerable<…>, which takes back what it made of the whole old row (REPLICA IDENTITY FULL)");
    }
}
