using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Building;

/// <summary>Property types that say the same as a type which connectors know, and are read and written as that.</summary>
internal static class StoredForm
{
    private const string Value = "global::CdcFlow.Rows.PropertyValue.";

    /// <summary>How the value travels; null for a type that travels as it is.</summary>
    /// <param name="type">The property's type, without null.</param>
    /// <param name="takesNull">Whether the property takes null.</param>
    public static ValueModel? Of(ITypeSymbol type, bool takesNull) =>
        ColumnTypes.ListElement(type) is { } element ? ArrayOf(element, $"{Value}ToList<{element.FullNameWithNulls()}>")
        : ColumnTypes.MemoryElement(type) is { } item ? ArrayOf(item, $"{(takesNull ? $"({type.FullName()}?)" : "")}new {type.FullName()}") // a bare null would be an empty block
        : type.Is(KnownNames.BitArray) ? Bits()
        : type.Is(KnownNames.JsonDocument) ? Json("ToDocument", takesPlace: false)
        : type.Is(KnownNames.JsonNode) ? Json("ToNode", takesPlace: true)
        : null;

    private static ValueModel ArrayOf(ITypeSymbol element, string fromColumn)
    {
        var refusesNull = element is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated };
        var name = element.FullName() + "[]";
        return new ValueModel(
            new TypeRef(name, element.ShortName() + "[]"), $"Get<{name}>", HasOperator: false, null, new Conversion(fromColumn, Value + "ToArray", TakesPlace: false), refusesNull);
    }

    // Bits are written as text, as an enum's label is: no sink need know them.
    private static ValueModel Bits()
    {
        const string Bits = "global::System.Collections.BitArray";
        return new ValueModel(new TypeRef(Bits, "BitArray"), $"Get<{Bits}>", HasOperator: false, null, new Conversion(null, Value + "ToText", TakesPlace: false), RefusesNullInside: false);
    }

    private static ValueModel Json(string fromColumn, bool takesPlace)
    {
        const string Element = "global::System.Text.Json.JsonElement";
        return new ValueModel(
            new TypeRef(Element, "JsonElement"), $"Get<{Element}>", HasOperator: false, null, new Conversion(Value + fromColumn, Value + "ToJson", takesPlace), RefusesNullInside: false);
    }
}
