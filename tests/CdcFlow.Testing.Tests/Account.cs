using CdcFlow.Rows;

namespace CdcFlow.Testing.Tests;

/// <summary>A row type with a hand-written codec, so that these tests need no generator.</summary>
public sealed record Account(long Id, string Owner, decimal Balance = 0);

public readonly struct AccountCodec : IRowCodec<Account>
{
    public static RowSchema Schema { get; } = new(
        nameof(Account), "accounts", "bank",
        new ColumnDescriptor("id", nameof(Account.Id), typeof(long), IsNullable: false, IsKey: true),
        new ColumnDescriptor("owner", nameof(Account.Owner), typeof(string), IsNullable: false, IsKey: false),
        new ColumnDescriptor("balance", nameof(Account.Balance), typeof(decimal), IsNullable: false, IsKey: false));

    public static Account Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), reader.GetString(1), reader.GetDecimal(2));

    public static Account ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(reader.GetInt64(0), "");

    public static void Write<TWriter>(Account row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
        writer.Write(1, row.Owner);
        writer.Write(2, row.Balance);
    }

    public static void WriteKey<TWriter>(Account row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct => writer.Write(0, row.Id);

    public static int KeyHash(Account row) => StableHash.Of(row.Id);

    public static bool KeyEquals(Account left, Account right) => left.Id == right.Id;

    public static object Key(Account row) => row.Id;
}
