using System.Collections.Concurrent;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Tests;

public class SnapshotReaderTests(SharedServer shared)
{
    private readonly BlockingCollection<SnapshotWork> todo = [];
    private readonly List<string> steps = [];
    private int connections;

    [Fact]
    public async Task Next_piece_is_asked_before_the_answer_to_the_last_is_read()
    {
        using var reader = await ReaderAsync(new Piece(1, steps), new Piece(2, steps), new Piece(3, steps));

        DoAll(reader, 3);
        Assert.Equal(["ask 1", "ask 2", "answer 1", "ask 3", "answer 2", "answer 3"], steps);
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task Piece_whose_connection_is_lost_before_its_turn_is_asked_again_on_the_next()
    {
        using var reader = await ReaderAsync(new Piece(1, steps) { BreaksConnection = true }, new Piece(2, steps));

        DoAll(reader, 2);
        Assert.Equal(["ask 1", "ask 2", "answer 1", "ask 2", "answer 2"], steps);
        Assert.Equal(2, connections);
    }

    [Fact]
    public async Task Nothing_is_asked_behind_a_piece_that_has_more_to_ask()
    {
        using var reader = await ReaderAsync(new Piece(1, steps) { AsksAtOnce = false }, new Piece(2, steps));

        DoAll(reader, 2);
        Assert.Equal(["ask 1", "answer 1", "ask 2", "answer 2"], steps);
    }

    [Fact]
    public async Task Large_question_waits_for_its_turn()
    {
        using var reader = await ReaderAsync(new Piece(1, steps), new Piece(2, steps) { IsLarge = true });

        DoAll(reader, 2);
        Assert.Equal(["ask 1", "answer 1", "ask 2", "answer 2"], steps);
    }

    private static void DoAll(SnapshotReader reader, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            Assert.Equal(number, Assert.IsType<Piece>(reader.DoNext()).Number);
        }
    }

    private async Task<SnapshotReader> ReaderAsync(params Piece[] pieces)
    {
        var settings = PostgresConnectionSettings.Parse((await shared.CreateAsync()).ConnectionString);
        Array.ForEach(pieces, todo.Add);
        var stopping = TestContext.Current.CancellationToken;
        return new SnapshotReader(todo, Open, new WaitWatch(Open, new RecordingLog(), TimeProvider.System, stopping), stopping);

        PostgresConnection Open(CancellationToken ending)
        {
            connections++;
            return PostgresConnection.Open(settings, SessionKind.Sql, ending);
        }
    }

    /// <summary>Asks for its number, and requires it as the answer.</summary>
    private sealed class Piece(int number, List<string> steps) : SnapshotWork
    {
        public int Number => number;

        public bool BreaksConnection { get; init; }

        public bool AsksAtOnce { get; init; } = true;

        public bool IsLarge { get; init; }

        internal override bool IsAskedAtOnce => AsksAtOnce;

        internal override bool IsSmall => !IsLarge;

        internal override void Ask(PostgresConnection connection)
        {
            steps.Add($"ask {number}");
            connection.Ask($"SELECT {number}");
        }

        internal override bool Execute(PostgresConnection connection)
        {
            steps.Add($"answer {number}");
            Assert.Equal($"{number}", connection.Answer().Rows[0][0]);
            return !BreaksConnection;
        }

        internal override void Apply()
        {
        }
    }
}
