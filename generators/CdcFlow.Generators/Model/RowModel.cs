namespace CdcFlow.Generators.Model;

/// <summary>A row type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Table">The table that it names.</param>
/// <param name="Schema">The database namespace that it names, or null.</param>
/// <param name="Columns">All its columns, those of the constructor first.</param>
/// <param name="HasCodec">Whether a source or sink carries it.</param>
/// <param name="HiddenConstructor">The constructor, where only its own class may call it; null where anybody may.</param>
internal sealed record RowModel(
    TypeRef Type, string Table, string? Schema, EquatableArray<ColumnModel> Columns, bool HasCodec, ConstructorModel? HiddenConstructor)
{
    /// <summary>Whether a row is made by members that only its own class may call.</summary>
    public bool IsMadeByHiddenMembers => HiddenConstructor is not null || Columns.Any(column => column.HiddenSetter is not null);

    /// <summary>The columns that the codec reads and writes; an index into it is a column's index.</summary>
    public IEnumerable<ColumnModel> UsedColumns() => Columns.Where(column => column.IsUsed);

    public IEnumerable<ColumnModel> KeyColumns() => Columns.Where(column => column.IsKey);
}

/// <summary>A property that is a column.</summary>
/// <param name="Property">The property.</param>
/// <param name="Argument">The constructor parameter that sets it; null when it is set by name.</param>
/// <param name="IsRequired">Whether every object initializer must set it.</param>
/// <param name="Name">The column's name.</param>
/// <param name="IsNameExplicit">Whether that was given.</param>
/// <param name="TypeName">The database type that was given, or null.</param>
/// <param name="IsKey">Whether it has <c>[Key]</c>.</param>
/// <param name="IsNullable">Whether it takes null.</param>
/// <param name="IsValueType">Whether its type, without nullability, is a value type.</param>
/// <param name="IsUsed">Whether anything in the pipeline may look at it.</param>
/// <param name="Value">How its value is read and written.</param>
/// <param name="HiddenSetter">Its setter, where an object initializer may not set it; null where it may, or where the constructor does.</param>
internal sealed record ColumnModel(
    string Property, string? Argument, bool IsRequired, string Name, bool IsNameExplicit, string? TypeName, bool IsKey,
    bool IsNullable, bool IsValueType, bool IsUsed, ValueModel Value, SetterModel? HiddenSetter);

/// <summary>A constructor that only its own class may call.</summary>
/// <param name="Parameters">What it takes.</param>
internal sealed record ConstructorModel(EquatableArray<ConstructorParameter> Parameters);

/// <summary>A constructor's parameter.</summary>
/// <param name="Type">The C# text of its type.</param>
/// <param name="Name">Its name.</param>
internal sealed record ConstructorParameter(string Type, string Name);

/// <summary>A setter that only its own class may call.</summary>
/// <param name="Owner">The C# text of the type that declares it, by its own type parameters.</param>
/// <param name="Value">The C# text of what it takes, by the owner's type parameters.</param>
/// <param name="TypeParameters">The owner's type parameters, as in <c>&lt;TKey&gt;</c>; empty for none.</param>
/// <param name="TypeArguments">What the row type gives for them, as in <c>&lt;long&gt;</c>.</param>
/// <param name="Constraints">The owner's constraints, as in <c>where TKey : struct</c>; empty for none.</param>
internal sealed record SetterModel(string Owner, string Value, string TypeParameters, string TypeArguments, string Constraints);

/// <summary>How a column's value is read and written.</summary>
/// <param name="Type">The type that the connector reads and writes, without nullability.</param>
/// <param name="Getter">The reader's method, as in <c>GetInt32</c>; null for an enum.</param>
/// <param name="HasOperator">Whether <c>==</c> compares its values.</param>
/// <param name="Enum">The enum that it is, or null.</param>
/// <param name="Conversion">What stands between it and the property, or null.</param>
/// <param name="RefusesNullInside">Whether its elements are of a type that takes no null, which only the compiler knows.</param>
internal sealed record ValueModel(TypeRef Type, string? Getter, bool HasOperator, EnumModel? Enum, Conversion? Conversion, bool RefusesNullInside);

/// <summary>How a property's value comes from its column's, and back.</summary>
/// <param name="FromColumn">The method that makes the property's value; null where it is read as it is.</param>
/// <param name="ToColumn">The method that makes the column's.</param>
/// <param name="TakesPlace">Whether the first is told schema and column, for messages.</param>
internal sealed record Conversion(string? FromColumn, string ToColumn, bool TakesPlace);

/// <summary>An enum.</summary>
/// <param name="Type">The type.</param>
/// <param name="Members">Its members, one for each value.</param>
internal sealed record EnumModel(TypeRef Type, EquatableArray<EnumMember> Members);

/// <summary>A member of an enum.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What columns have for it.</param>
/// <param name="IsLabelled">Whether an attribute says so; otherwise the label is the name, and case and underscores do not matter.</param>
/// <param name="Number">Its number, as 64 bits.</param>
internal sealed record EnumMember(string Name, string Label, bool IsLabelled, long Number);
