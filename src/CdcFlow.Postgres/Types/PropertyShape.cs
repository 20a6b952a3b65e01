namespace CdcFlow.Postgres.Types;

/// <summary>What a property's type is, as far as reading a column into it goes.</summary>
/// <remarks>Compiled into the generator too, which makes it of a symbol where the run time makes it of a type.</remarks>
/// <param name="Name">Its full name, with type arguments after it; or <see cref="Array"/>, <see cref="Nullable"/>, <see cref="Range"/>, which have an element.</param>
/// <param name="Element">Of an array, its elements; of a nullable value, the value; of a range, its bounds. Null of others.</param>
internal sealed record PropertyShape(string Name, PropertyShape? Element = null)
{
    internal const string Array = "[]";

    internal const string Nullable = "?";

    internal const string Range = "CdcFlow.Postgres.PostgresRange";
}
