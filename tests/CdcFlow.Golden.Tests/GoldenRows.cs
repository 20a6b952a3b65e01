using CdcFlow.Formats.Tests;
using CdcFlow.Postgres;

namespace CdcFlow.Golden.Tests;

/// <summary>The changes that the golden SQL makes, built by hand.</summary>
internal static class GoldenRows
{
    private static readonly DateTimeOffset at = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>All changes.</summary>
    /// <param name="money">What row 1 has in its money column; the files differ in it.</param>
    internal static GoldenChanges Make(decimal money)
    {
        var changes = new GoldenChanges();
        changes.Of<Types>().AddRange(EveryType(money));
        changes.Of<PkComposite>().AddRange(Composites());
        changes.Of<NoPk>().AddRange([.. Read(new NoPk(1, "a"), new NoPk(1, "a"), new NoPk(null, null)), Change<NoPk>.Insert(new NoPk(2, "b"), Logged<NoPk>())]);
        changes.Of<FullIdentity>().AddRange(Identities());
        changes.Of<Toast>().AddRange(Toasts());
        changes.Of<OddName>().AddRange(
        [
            .. Read(new OddName(1, "dot", 1)),
            Change<OddName>.Update(null, new OddName(1, null, 8), Logged<OddName>()),
        ]);
        return changes;
    }

    private static IEnumerable<Change<Types>> EveryType(decimal money)
    {
        // The log does not carry generated columns.
        bool[] flags = [.. GoldenPipeline.TypesSchema.Columns.Select(column => column.Name == "c_generated")];
        var generated = new ColumnSet(GoldenPipeline.TypesSchema, flags, flags);
        Change<Types> Logged(Operation operation, Types after, int number = 1) =>
            new(operation, BeforeState.Absent, null, after, generated, Logged<Types>(number));
        return
        [
            .. Read(Ordinary(1, money) with { Generated = 1073741823 }, new Types { Id = 2 }, Edge(3) with { Generated = -536870912 }, Beyond(4)),
            Logged(Operation.Insert, Ordinary(11, money)), Logged(Operation.Insert, new Types { Id = 12 }, 2), Logged(Operation.Insert, Edge(13), 3), Logged(Operation.Insert, Beyond(14), 4),
            Logged(Operation.Update, Ordinary(11, money) with { Text = "changed", Num = new PostgresNumeric(150, 2) }),
            Change<Types>.DeleteByKey(new Types { Id = 12 }, Logged<Types>()), Logged(Operation.Insert, new Types { Id = 99 }, 2),
            Change<Types>.DeleteByKey(new Types { Id = 13 }, Logged<Types>()), Change<Types>.DeleteByKey(new Types { Id = 99 }, Logged<Types>(2)),
        ];
    }

    private static IEnumerable<Change<PkComposite>> Composites()
    {
        static Change<PkComposite> Insert(string tenant, long n, string v, int number) => Change<PkComposite>.Insert(new PkComposite(tenant, n, v), Logged<PkComposite>(number));
        static Change<PkComposite> Delete(string tenant, long n, int number) => Change<PkComposite>.DeleteByKey(new PkComposite(tenant, n, null), Logged<PkComposite>(number));
        return
        [
            .. Read(new PkComposite("a", 1, "x"), new PkComposite("a", 2, null), new PkComposite("ä", 1, "y")),
            Insert("b", 1, "d", 1), Insert("b", 2, "z", 2), Change<PkComposite>.Update(null, new PkComposite("b", 2, "zz"), Logged<PkComposite>(3)),
            Delete("b", 2, 4), Insert("b", 3, "zz", 5), Delete("b", 1, 6), Delete("b", 3, 7), Insert("sp", 1, "d", 1), Insert("sp", 3, "d", 2),
            Change<PkComposite>.Truncate(Logged<PkComposite>()),
        ];
    }

    private static IEnumerable<Change<FullIdentity>> Identities() =>
    [
        .. Read(new FullIdentity(1, "one"), new FullIdentity(2, "two")),
        Change<FullIdentity>.Update(new FullIdentity(1, "one"), new FullIdentity(1, "ONE"), Logged<FullIdentity>()),
        Change<FullIdentity>.Delete(new FullIdentity(2, "two"), Logged<FullIdentity>()),
        Change<FullIdentity>.Insert(new FullIdentity(20, "two"), Logged<FullIdentity>(2)),
        Change<FullIdentity>.Delete(new FullIdentity(20, "two"), Logged<FullIdentity>()),
        Change<FullIdentity>.Insert(new FullIdentity(3, "three"), Logged<FullIdentity>()),
        Change<FullIdentity>.Insert(new FullIdentity(4, "four"), Logged<FullIdentity>()),
    ];

    private static IEnumerable<Change<Toast>> Toasts()
    {
        var big = new ColumnSet(GoldenPipeline.ToastSchema, [false, false, true]);
        return
        [
            .. Read(new Toast(1, "s", new string('x', 10_000))),
            new Change<Toast>(Operation.Update, BeforeState.Absent, null, new Toast(1, "t", null), big, Logged<Toast>()),
            Change<Toast>.Update(null, new Toast(1, "t", new string('y', 10_000)), Logged<Toast>()),
            Change<Toast>.DeleteByKey(new Toast(1, null, null), Logged<Toast>()),
            new Change<Toast>(Operation.Insert, BeforeState.Absent, null, new Toast(2, "t", null), big, Logged<Toast>(2)),
            Change<Toast>.DeleteByKey(new Toast(2, null, null), Logged<Toast>()),
        ];
    }

    private static Types Ordinary(int id, decimal money) => new()
    {
        Id = id,
        Bool = true,
        Int2 = short.MaxValue,
        Int4 = int.MaxValue,
        Int8 = long.MaxValue,
        Float4 = float.MaxValue,
        Float8 = double.MaxValue,
        Num = Numeric("12345678901234567890.12345678901234567890"),
        Num10 = 12345678.99m,
        Num38 = Numeric("1234567890123456789012345678.0123456789"),
        Money = money,
        Char = "ab   ",
        Varchar = "Straße 😀",
        Text = "tab\t quote\" back\\slash \u0001 line\nend",
        Name = "nm",
        Bytea = [0xde, 0xad, 0xbe, 0xef, 0],
        Bit1 = true,
        Bit8 = "10100101",
        Varbit = "101",
        Date = "2026-02-28",
        Time = new TimeSpan(0, 23, 59, 59, 999, 999),
        Time3 = new TimeOnly(12, 34, 56, 789),
        TimeTz = new PostgresTimeTz(new TimeSpan(0, 23, 59, 59, 999, 999), TimeSpan.FromHours(2)),
        Ts = "2026-03-29 01:30:00.123456",
        Ts3 = new DateTime(2026, 3, 29, 1, 30, 0, 123),
        TsTz = "2026-03-29 01:30:00.123456+00",
        Interval = new PostgresInterval(14, 3, 14_706_789_000),
        Uuid = new Guid("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        Json = """{"b": 1, "a": [1, 2.50, null]}""",
        Jsonb = """{"a": [1, 2.50, null], "b": 1}""",
        Xml = "<a>1</a>",
        Inet = "192.168.0.1/24",
        Cidr = "10.0.0.0/8",
        MacAddr = "08:00:2b:01:02:03",
        Int4Array = [1, 2, null],
        TextArray = ["a", "b,c", null, "d\"e"],
        NumArray = [1.10m, 2.20m],
        TsArray = [new DateTime(2026, 1, 1)],
        Enum = "ok",
        EnumArray = ["sad", "happy"],
        Domain = 5,
        Point = "(1.5,-2.5)",
        Int4Range = new PostgresRange<int>(1, 5, true, false),
        TsTzRange = new PostgresRange<DateTimeOffset>(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), true, false),
        NumRange = new PostgresRange<decimal>(1.1m, 2.2m, false, true),
        DateRange = new PostgresRange<DateOnly>(new(2026, 1, 1), new(2026, 1, 5), true, false),
        Oid = uint.MaxValue,
        TsVector = "'a':1 'b':2",
        Hstore = "\"k\"=>\"v\", \"n\"=>NULL",
    };

    private static Types Edge(int id) => new()
    {
        Id = id,
        Bool = false,
        Int2 = short.MinValue,
        Int4 = -1073741824,
        Int8 = long.MinValue,
        Float4 = -0f,
        Float8 = -0d,
        Num = Numeric("0"),
        Num10 = -0.01m,
        Num38 = Numeric("-0.0000000001"),
        Money = -0.01m,
        Char = "     ",
        Varchar = "",
        Text = "",
        Bytea = [],
        Bit8 = "00000000",
        Varbit = "",
        Date = "0001-01-01",
        Time = TimeSpan.Zero,
        Time3 = new TimeOnly(0, 0, 0, 1),
        TimeTz = new PostgresTimeTz(TimeSpan.Zero, TimeSpan.FromHours(14)),
        Ts = "0001-01-01 00:00:00",
        Ts3 = new DateTime(1969, 12, 31, 23, 59, 59, 999),
        TsTz = "1969-12-31 23:59:59.999999+00",
        Interval = new PostgresInterval(-1, -1, -1_000_000),
        Json = "null",
        Jsonb = "[]",
        Int4Array = [],
        TextArray = [],
        Int4Range = new PostgresRange<int>(null, null, false, false) { IsEmpty = true },
        TsTzRange = new PostgresRange<DateTimeOffset>(null, null, false, false),
        Hstore = "",
        Oid = 0,
    };

    private static Types Beyond(int id) => new()
    {
        Id = id,
        Float4 = float.NaN,
        Float8 = double.PositiveInfinity,
        Num = PostgresNumeric.NaN,
        Date = "infinity",
        Ts = "-infinity",
        TsTz = "infinity",
        Time = TimeSpan.FromDays(1),
        Interval = new PostgresInterval(2_136_000_000, 0, 0),
    };

    private static PostgresNumeric Numeric(string text) =>
        PostgresNumeric.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var value) ? value : throw new FormatException(text);

    private static IEnumerable<Change<T>> Read<T>(params T[] rows)
        where T : class => rows.Select(row => Change<T>.SnapshotRead(row, new ChangeMetadata(Origin<T>(null), 0, 0)));

    // The golden transactions are each about one table, so a change has the same number twice.
    private static ChangeMetadata Logged<T>(int number = 1) => new(Origin<T>("756"), 0, 0) { Order = new TransactionOrder(number, number) };

    private static ChangeOrigin Origin<T>(string? transaction) => new(
        new TableOrigin("golden", new TableId("golden", GoldenPipeline.TableOf<T>())) { Connector = "postgresql", Database = "app" }, new NamedTransaction(29144736, transaction) { CommittedAt = at });
}
