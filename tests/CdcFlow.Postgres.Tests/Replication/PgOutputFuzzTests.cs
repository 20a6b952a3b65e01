using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Types;
using static CdcFlow.Postgres.Tests.Replication.LogMessages;

namespace CdcFlow.Postgres.Tests.Replication;

/// <summary>Whatever bytes come, only the typed errors come out: no crash, no hang, no huge allocation.</summary>
public class PgOutputFuzzTests
{
    private const uint Orders = 16_500;

    private static readonly byte[][] honest =
    [
        Begin(7), Relation(Orders, "orders", null, "id", "v"), Insert(Orders, null, "1", "ä"), Update(Orders, null, ["1", null], ["2", "~"]),
        Delete(Orders, null, "2", "x"), Truncate(1, Orders), Message(true, "p", "c"), Commit(),
        StreamStart(10, true), Relation(Orders, "orders", 10, "id", "v"), Insert(Orders, 11, "3", "4"), StreamStop(), StreamAbort(10, 11),
        StreamStart(10, false), Insert(Orders, 10, "5", null), StreamStop(), StreamCommit(10),
    ];

    [Fact]
    public void Mutated_messages_give_the_decoded_log_or_a_typed_error()
    {
        var refused = 0;
        for (var seed = 1; seed <= 20_000; seed++)
        {
            refused += Run(seed) ? 0 : 1;
        }

        Assert.InRange(refused, 1_000, 19_999); // The mutations bite, and not always.
    }

    [Fact]
    public void No_text_makes_a_decoder_throw()
    {
        string[] seeds =
        [
            "12345678901234567890.123", "-0.5", "NaN", "2026-11-22 10:20:30.123456+00", "24:00:00", "23:59:59.5-02:30", "1 year 2 mons -3 days 04:05:06.7",
            "{1,NULL,\"a\\\"b\"}", "[1,\"x\"\"y\")", "{[1,2),(,5]}", "\"k\"=>\"v\", \"n\"=>NULL", "\\xdeadbeef", "10.0.0.0/8", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "$1,234.50", "t", "",
        ];
        var decoders = Decoders().ToArray();
        for (var seed = 1; seed <= 5_000; seed++)
        {
            var random = new Random(seed);
            var text = Mutate(System.Text.Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]), random);
            foreach (var decode in decoders)
            {
                decode(text);
            }
        }
    }

    private static bool Run(int seed)
    {
        var random = new Random(seed);
        using var streamed = new StreamedTransactions(1 << 20, () => new MemoryStream());
        var decoder = new PgOutputDecoder(new RecordingHandler(), streamed);
        var victim = random.Next(honest.Length);
        try
        {
            for (var i = 0; i < honest.Length; i++)
            {
                decoder.Decode(new Lsn((ulong)i), i == victim ? Mutate(honest[i], random) : honest[i]);
            }

            return true;
        }
        catch (CdcFlowException e) when (e.Code is PostgresWireErrorCodes.Protocol or PostgresWireErrorCodes.UnsupportedLogMessage)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed} broke the decoder.", e);
        }
    }

    private static byte[] Mutate(byte[] message, Random random)
    {
        var mutated = message.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(mutated.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < mutated.Count:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1 when at < mutated.Count:
                    mutated.RemoveRange(at, random.Next(1, mutated.Count - at + 1));
                    break;
                case 2:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    mutated.InsertRange(at, [0x7F, 0xFF, 0xFF, 0xFF]);
                    break;
            }
        }

        return [.. mutated];
    }

    private static IEnumerable<Action<byte[]>> Decoders()
    {
        var element = new PostgresType("element", ValueKind.Text, "x");
        foreach (var kind in Enum.GetValues<ValueKind>())
        {
            var type = new PostgresType("t", kind, "x") { Element = element with { Element = element } };
            yield return Of<bool>(type);
            yield return Of<short>(type);
            yield return Of<long>(type);
            yield return Of<uint>(type);
            yield return Of<double>(type);
            yield return Of<decimal>(type);
            yield return Of<PostgresNumeric>(type);
            yield return Of<Guid>(type);
            yield return Of<DateOnly>(type);
            yield return Of<TimeOnly>(type);
            yield return Of<TimeSpan>(type);
            yield return Of<DateTime>(type);
            yield return Of<DateTimeOffset>(type);
            yield return Of<PostgresTimeTz>(type);
            yield return Of<PostgresInterval>(type);
            yield return Of<byte[]>(type);
            yield return Of<string[]>(type);
            yield return Of<int?[]>(type);
            yield return Of<PostgresRange<int>>(type);
            yield return Of<PostgresRange<DateTime>[]>(type);
            yield return Of<Dictionary<string, string?>>(type);
            yield return Of<System.Net.IPNetwork>(type);
        }
    }

    private static Action<byte[]> Of<T>(PostgresType type)
    {
        var decoder = (TextDecoder<T>)TextDecoders.For(typeof(T))!;
        return text => decoder.Decode(text, type, out _);
    }
}
