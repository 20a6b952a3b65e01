using System.Globalization;
using System.Text;
using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.Postgres.Wire;
using CdcFlow.Postgres.Wire.Passwords;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Tests.Wire;

public class PasswordTests(PostgresFixture fixture)
{
    // What SASLprep folds, drops or forbids (then it is used as it is).
    private static readonly string[] passwords =
    [
        "plain", "with space", "IX", "I\u00ADX", "\u2168", "\u00AA", "e\u0301", "\u00E9", "\uFB01sh", "\u00A0nbsp", "a\u3000b", "\u200Bzero", "\uFF21\uFF22",
        "\u1E9B\u0323", "\uD55C\uAE00", "\u1112\u1161\u11AB", "\u0627\u0628", "\u0627a", "\u06271", "\u0007bell\u00E9", "\uE000private", "\uD83D\uDE00", "\u0221new",
        "\uFDFA", "\u2126", "\u212B", "\uD834\uDD5E", "\u0958", "\u00AD", "q\u0307\u0323", "\u3300", "Stra\u00DFe", "\u01C4",
    ];

    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_password_that_the_server_takes_logs_both_clients_in()
    {
        var server = await fixture.ServerAsync();
        for (var i = 0; i < passwords.Length; i++)
        {
            var role = new PostgresRole($"pass{i}", passwords[i]);
            await server.ExecuteAsync($"CREATE ROLE {role.Name} LOGIN PASSWORD {SqlText.Literal(role.Password)}", cancellationToken: cancellationToken);
            var text = server.ConnectionString(role with { Password = $"'{role.Password}'" }); // in quotes: a blank at the end would be cut
            var settings = PostgresConnectionSettings.Parse(text);

            PostgresConnection.Open(settings, SessionKind.Sql, cancellationToken).Dispose();

            var npgsql = new NpgsqlConnectionStringBuilder(text) { Pooling = false };
            NpgsqlPolicy.Apply(settings, npgsql);
            await using var connection = new NpgsqlConnection(npgsql.ConnectionString);
            await connection.OpenAsync(cancellationToken);
        }
    }

    [Fact]
    public async Task A_password_that_folds_to_another_is_that_one_and_a_forbidden_one_is_not()
    {
        var server = await fixture.ServerAsync();
        await server.ExecuteAsync(
            "CREATE ROLE folded LOGIN PASSWORD 'IX'; CREATE ROLE forbidden LOGIN PASSWORD 'a'", cancellationToken: cancellationToken);

        PostgresConnection.Open(PostgresConnectionSettings.Parse(server.ConnectionString(new PostgresRole("folded", "\u2168\u00AD"))), SessionKind.Sql, cancellationToken).Dispose();
        Assert.Throws<PostgresServerException>(() => PostgresConnection.Open(
            PostgresConnectionSettings.Parse(server.ConnectionString(new PostgresRole("forbidden", "\u00AA\u0221"))), SessionKind.Sql, cancellationToken));
    }

    [Fact]
    public async Task Normal_form_is_the_servers_for_every_character_and_for_marks_in_any_order()
    {
        var server = await fixture.ServerAsync();
        var tables = UnicodeTables.Shared;
        var characters = (await server.QueryAsync(
            "SELECT c, normalize(chr(c), NFKC) FROM generate_series(1, 196607) c WHERE (c < 55296 OR c > 57343) AND chr(c) IS NOT NFKC NORMALIZED", cancellationToken: cancellationToken))
            .Select(row => (Character: int.Parse(row[0]!, CultureInfo.InvariantCulture), Normal: row[1]!))
            .Where(row => !tables.IsIn("unassigned", row.Character) && !tables.IsIn("prohibited", row.Character)).ToArray();
        Assert.All(characters, row => Assert.Equal(row.Normal, Normal(char.ConvertFromUtf32(row.Character))));
        Assert.True(characters.Length > 4000);

        const string mixed = "aAe\u0301\u0323\u0307\u0327\u0345\u00E9\u1E69\u1100\u1161\u11A8\uAC00\u0915\u093C\u05D0\u05BC\u30AB\u3099\uFF76\uFF9E\u1D15E\u0344";
        var random = new Random(4013);
        var texts = Enumerable.Range(0, 2000).Select(_ => string.Concat(Enumerable.Range(0, 6).Select(_ => mixed[random.Next(mixed.Length)]))).ToArray();
        var normal = await server.QueryAsync(
            $"SELECT normalize(t, NFKC) FROM unnest(ARRAY[{string.Join(',', texts.Select(SqlText.Literal))}]) WITH ORDINALITY AS u(t, n) ORDER BY n", cancellationToken: cancellationToken);
        Assert.Equal(normal.Select(row => row[0]), texts.Select(Normal));
    }

    private static string Normal(string text) =>
        string.Concat(NormalFormKC.Of(text.EnumerateRunes().Select(rune => rune.Value), UnicodeTables.Shared).Select(character => new Rune(character).ToString()));
}
