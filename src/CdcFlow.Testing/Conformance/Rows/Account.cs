using System.ComponentModel.DataAnnotations;
using CdcFlow.Rows;

namespace CdcFlow.Testing.Conformance.Rows;

/// <summary>A row with a simple key, a text that takes null, and values that sums can be checked with.</summary>
public sealed record Account(
    [property: Key] long Id, string Owner, decimal Balance, string? Note);

/// <summary>What the compiler would write for <see cref="Account"/>.</summary>
public readonly struct AccountCodec : IRowCodec<Account>
{
    /// <inheritdoc/>
    public static RowSchema Schema { get; } = new(
        nameof(Account), "accounts", null,
        new ColumnDescriptor("Id", nameof(Account.Id), typeof(long), false, true),
        new ColumnDescriptor("Owner", nameof(Account.Owner), typeof(string), false, false),
        new ColumnDescriptor("Balance", nameof(Account.Balance), typeof(decimal), false, false),
        new ColumnDescriptor("Note", nameof(Account.Note), typeof(string), true, false));

    /// <inheritdoc/>
    public static Account Read<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(
            reader.IsUnchanged(0) ? default : reader.GetInt64(0),
            reader.IsUnchanged(1) ? default! : reader.GetString(1),
            reader.IsUnchanged(2) ? default : reader.GetDecimal(2),
            reader.IsNull(3) ? null : reader.GetString(3));

    /// <inheritdoc/>
    public static Account ReadKey<TReader>(ref TReader reader)
        where TReader : struct, IRowReader, allows ref struct => new(
            reader.GetInt64(0),
            default!,
            default,
            default);

    /// <inheritdoc/>
    public static void Write<TWriter>(Account row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
        writer.Write(1, row.Owner);
        writer.Write(2, row.Balance);
        if (row.Note is null)
        {
            writer.WriteNull(3);
        }
        else
        {
            writer.Write(3, row.Note);
        }
    }

    /// <inheritdoc/>
    public static void WriteKey<TWriter>(Account row, ref TWriter writer)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        writer.Write(0, row.Id);
    }

    /// <inheritdoc/>
    public static int KeyHash(Account row) => StableHash.Of(row.Id);

    /// <inheritdoc/>
    public static bool KeyEquals(Account left, Account right) => left.Id == right.Id;

    /// <inheritdoc/>
    public static object Key(Account row) => row.Id;
}
