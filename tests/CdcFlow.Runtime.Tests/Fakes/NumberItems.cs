using System.Buffers;
using System.Globalization;
using System.Text;
using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.State;

namespace CdcFlow.Runtime.Tests.Fakes;

/// <summary>Numbers the items that pass, as their version.</summary>
internal sealed class NumberItems(BatchCollector<Item> output, Total total) : IBatchOperator<Item>
{
    public void Process(ChangeBatch<Item> batch)
    {
        foreach (ref readonly var change in batch.Changes)
        {
            output.Add(new Change<Item>(change.Operation, change.BeforeState, change.Before, change.After! with { Version = total.Next() }, change.Missing, change.Metadata));
        }
    }
}

/// <summary>How many there were. A part of either kind is the number.</summary>
internal sealed class Total : INodeState
{
    private int count;
    private bool isChanged;

    /// <summary>As of a program that has changed what it keeps.</summary>
    public bool IsOfAnotherForm { get; init; }

    public int Next()
    {
        isChanged = true;
        return ++count;
    }

    public void WriteWhole(IBufferWriter<byte> part) => Write(part);

    public void WriteChanges(IBufferWriter<byte> part)
    {
        if (isChanged)
        {
            Write(part);
        }
    }

    public void Restore(ReadOnlySpan<byte> part) => count = IsOfAnotherForm
        ? throw new FormatException("it has no sum.")
        : int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);

    private void Write(IBufferWriter<byte> part)
    {
        part.Write(Encoding.ASCII.GetBytes(count.ToString(CultureInfo.InvariantCulture)));
        isChanged = false;
    }
}
