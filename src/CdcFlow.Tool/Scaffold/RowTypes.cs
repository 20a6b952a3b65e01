using System.Text;
using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Tool.Scaffold;

/// <summary>The row types and enums that are to be written. Pure.</summary>
/// <param name="Rows">The row types, in the tables' order.</param>
/// <param name="Enums">The enums that they use.</param>
internal sealed record RowTypes(IReadOnlyList<RowType> Rows, IReadOnlyList<EnumType> Enums)
{
    /// <summary>Types that properties have, and those that a file sees without a using: a record of such a name would hide it.</summary>
    private static readonly string[] used =
    [
        .. ColumnFit.Scalars.Select(name => name.Split('<')[0].Split('.')[^1].TrimEnd('[', ']')), "PostgresRange", "List", "Dictionary", "BitArray",
        "Task", "Thread", "Timer", "File", "Path", "Directory", "Stream", "Type", "Object", "Action", "Func", "Random", "Version", "Index", "Range", "Attribute", "Exception", "Console", "Environment",
        "Change", "Changes", "Key", "Table", "Column", "Transform", "Filter", "Route", "Sink", "Operation",
    ];

    /// <summary>A row type for each table. Names that would be one are told apart by numbers.</summary>
    internal static RowTypes Of(IReadOnlyList<DatabaseTable> tables)
    {
        var taken = new HashSet<string>(used, StringComparer.Ordinal);
        var names = tables.Select(table => CSharpName.Unique(CSharpName.Singular(CSharpName.Pascal(table.Definition.Id.Name, "Row")), taken)).ToList();
        var enums = tables.SelectMany(table => table.Columns).Select(column => column.Enum).OfType<DatabaseEnum>().DistinctBy(found => found.Id)
            .Select(found => (found.Id, Members: Members(found.Labels)))
            .Where(found => found.Members is not null)
            .ToDictionary(found => found.Id, found => new EnumType(CSharpName.Unique(CSharpName.Pascal(found.Id.Name, "Label"), taken), found.Id, found.Members!));
        return new([.. tables.Select((table, i) => RowOf(table, names[i], enums))], [.. enums.Values]);
    }

    // Labels that no member can be named after, or that would be one member, stay texts.
    private static List<string>? Members(IReadOnlyList<string> labels)
    {
        var members = labels.Select(label => CSharpName.Pascal(label, "")).ToList();
        var isExact = members.Select((member, i) => Names(labels[i], member) && labels.Count(label => Names(label, member)) == 1);
        return labels.Count > 0 && members.All(member => member.Length > 0) && isExact.All(exact => exact) ? members : null;
    }

    private static bool Names(string label, string member) => EnumLabel.Names(Encoding.UTF8.GetBytes(label), Encoding.UTF8.GetBytes(member));

    private static RowType RowOf(DatabaseTable table, string name, Dictionary<TableId, EnumType> enums)
    {
        var key = table.Definition.Key.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var reserved = Reserved(name, hasKey: key.Count > 0);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var columns = table.Columns.Select(column => column.Definition.Name).ToList();
        var carried = table.Columns.Where(column => column.Definition.CanBePublished).Select(column =>
        {
            var pascal = CSharpName.Pascal(column.Definition.Name, "Column");
            var property = CSharpName.Unique(reserved.Contains(pascal) ? $"{pascal}Value" : pascal, taken);
            var type = column.Enum is { } labels && enums.TryGetValue(labels.Id, out var found) ? new PropertyType(found.Name) : PropertyType.Of(column.Type.Shape, column.Definition.TypeName, column.Dimensions);
            return new RowTypeProperty(property, type, column.Definition.IsNullable, key.Contains(column.Definition.Name), IsFound(property, column, columns) ? null : column.Definition.Name);
        });
        return new(name, table.Definition.Id, [.. carried], [.. Remarks(table)]);
    }

    // As the source itself looks for the column of a property that names none.
    private static bool IsFound(string property, DatabaseColumn column, List<string> columns) =>
        ColumnMatch.Find(new ColumnDescriptor(property, property, typeof(object), IsNullable: true, IsKey: false), columns) is >= 0 and var index
        && columns[index] == column.Definition.Name;

    // What a record has of its own, and without a key what would be taken for one by its name.
    private static HashSet<string> Reserved(string name, bool hasKey) => new(StringComparer.OrdinalIgnoreCase)
    {
        name, "Clone", "Deconstruct", "EqualityContract", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "PrintMembers", "ReferenceEquals", "ToString",
        hasKey ? "" : "Id", hasKey ? "" : $"{name}Id",
    };

    private static IEnumerable<string> Remarks(DatabaseTable table)
    {
        var computed = table.Columns.Where(column => !column.Definition.CanBePublished).Select(column => column.Definition.Name).ToList();
        if (computed.Count > 0)
        {
            yield return $"Without columns that the server computes, which its log does not carry: {string.Join(", ", computed)}.";
        }

        if (table.Definition.Key.Count == 0)
        {
            yield return table.Definition.HasWholeOldRows
                ? "The table has no key: its log carries the whole old row."
                : "The table has no key: its updates and deletes need REPLICA IDENTITY FULL.";
        }
    }
}

/// <summary>A row type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">The table.</param>
/// <param name="Properties">Its properties, in the table's order.</param>
/// <param name="Remarks">What a reader should know of it; sentences.</param>
internal sealed record RowType(string Name, TableId Table, IReadOnlyList<RowTypeProperty> Properties, IReadOnlyList<string> Remarks);

/// <summary>A property of a row type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, without its nullability.</param>
/// <param name="IsNullable">Whether it takes null.</param>
/// <param name="IsKey">Whether it is of the key.</param>
/// <param name="Column">The column's name, where the property's does not tell it; null otherwise.</param>
internal sealed record RowTypeProperty(string Name, PropertyType Type, bool IsNullable, bool IsKey, string? Column);

/// <summary>An enum, with a member for each label.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">The enum of the database.</param>
/// <param name="Members">Its members.</param>
internal sealed record EnumType(string Name, TableId Id, IReadOnlyList<string> Members);
