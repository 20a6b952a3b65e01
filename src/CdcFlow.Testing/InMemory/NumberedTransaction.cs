using System.Globalization;

namespace CdcFlow.Testing;

/// <summary>A transaction that bears its number.</summary>
internal sealed class NumberedTransaction(ulong number) : SourceTransaction(number)
{
    public override string? Name => Place.ToString(CultureInfo.InvariantCulture);

    public override string Describe(ulong detail) => Name!;
}
