using CdcFlow.Rows;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Formats.Tests;

/// <summary>Accounts whose row type has no key.</summary>
internal readonly struct KeylessAccountCodec : IRowCodec<Account>
{
    public static RowSchema Schema { get; } = new("Account", "accounts", null, [.. AccountCodec.Schema.Columns.Select(column => column with { IsKey = false })]);

    public static Account Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => AccountCodec.Read(ref reader);

    public static Account ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => AccountCodec.Read(ref reader);

    public static void Write<TWriter>(Account row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => AccountCodec.Write(row, ref writer);

    public static void WriteKey<TWriter>(Account row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
    }

    public static int KeyHash(Account row) => row.GetHashCode();

    public static bool KeyEquals(Account left, Account right) => left == right;

    public static object Key(Account row) => row;
}
