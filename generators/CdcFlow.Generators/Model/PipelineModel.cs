namespace CdcFlow.Generators.Model;

/// <summary>Everything that the emitter needs to write the other half of one pipeline class.</summary>
/// <remarks>
/// Invariant: this record and all it holds is immutable and structurally equal, and holds strings, numbers, enums and
/// <see cref="EquatableArray{T}"/> only. A symbol, syntax node or location in it would keep old compilations alive and make every keystroke
/// generate again; a test walks the model to hold this.
/// </remarks>
/// <param name="Home">The class.</param>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Delivery">The member of <c>Delivery</c>.</param>
/// <param name="IsDocumented">Whether the user wrote a summary.</param>
/// <param name="Services">Parameters of the constructor.</param>
/// <param name="Sources">In order of declaration.</param>
/// <param name="Nodes">Every node with an input, each after the node that feeds it.</param>
/// <param name="Sinks">In order of declaration.</param>
/// <param name="Rows">Every row type that the graph carries.</param>
/// <param name="MemberNames">Names that the user's half takes.</param>
internal sealed record PipelineModel(
    ClassModel Home, string Name, string Delivery, bool IsDocumented,
    EquatableArray<ServiceModel> Services, EquatableArray<SourceModel> Sources, EquatableArray<NodeModel> Nodes, EquatableArray<SinkModel> Sinks,
    EquatableArray<RowModel> Rows, EquatableArray<string> MemberNames)
{
    public TypeRef Type => Home.Type;
}

/// <summary>Where generated code stands.</summary>
/// <param name="Namespace">The class's namespace; null for the global one.</param>
/// <param name="OuterTypes">Headers of the types it is nested in, outermost first, as in <c>partial class Outer</c>.</param>
/// <param name="Name">The class's own name.</param>
/// <param name="Type">The class.</param>
internal sealed record ClassModel(string? Namespace, EquatableArray<string> OuterTypes, string Name, TypeRef Type);

/// <summary>What is written of a pipeline that a rule rejects: no more than lets the compiler come to the analyzers, which say what is wrong.</summary>
/// <param name="Home">The class.</param>
/// <param name="Header">Its header, as in <c>partial class Orders</c>.</param>
/// <param name="IsRunnable">Whether it can be what runs pipelines ask for.</param>
/// <param name="Properties">Its partial properties.</param>
internal sealed record SkeletonModel(ClassModel Home, string Header, bool IsRunnable, EquatableArray<SkeletonProperty> Properties);

/// <summary>A partial property that waits for its body.</summary>
/// <param name="Modifiers">Its modifiers.</param>
/// <param name="Type">The C# text of its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="HasGetter">Whether it can be read.</param>
/// <param name="Setter">The keyword of its setter; null where it has none.</param>
internal sealed record SkeletonProperty(string Modifiers, string Type, string Name, bool HasGetter, string? Setter);

/// <summary>What is wrong with a class that has no second half: the compiler comes to no analyzer, so the generator says it.</summary>
/// <param name="Id">The diagnostic.</param>
/// <param name="Title">Its title.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="HelpLink">Where more is said.</param>
/// <param name="Place">Where it is.</param>
internal sealed record Problem(string Id, string Title, string Message, string HelpLink, Place Place);

/// <summary>A place in a file.</summary>
/// <param name="Path">The file; empty for none.</param>
/// <param name="Start">The first character.</param>
/// <param name="Length">How many.</param>
/// <param name="FirstLine">The line of the first, from 0.</param>
/// <param name="FirstColumn">Its place in the line, from 0.</param>
/// <param name="LastLine">The line of the last.</param>
/// <param name="LastColumn">The place behind it.</param>
internal sealed record Place(string Path, int Start, int Length, int FirstLine, int FirstColumn, int LastLine, int LastColumn);

/// <summary>A type by its names.</summary>
/// <param name="Full">As generated code writes it: <c>global::Shop.Order</c>.</param>
/// <param name="Short">As a person writes it: <c>Order</c>.</param>
internal sealed record TypeRef(string Full, string Short);

/// <summary>A parameter of the pipeline's constructor.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Default">The C# text of its default value; null when it has none.</param>
internal sealed record ServiceModel(TypeRef Type, string? Default);

/// <summary>A source member.</summary>
/// <param name="Id">The node's id.</param>
/// <param name="Member">The property.</param>
/// <param name="Modifiers">Its modifiers, as in <c>public partial</c>.</param>
/// <param name="Row">Its row type.</param>
/// <param name="Attribute">The C# text that makes its attribute.</param>
/// <param name="Detail">Connector and connection, for people.</param>
/// <param name="RefAccess">The accessibility that a typed reference to it may have.</param>
/// <param name="Place">The table that it reads; null where no schema lock has it.</param>
/// <param name="Locked">The table as the schema lock has it; null: none does.</param>
internal sealed record SourceModel(
    string Id, string Member, string Modifiers, TypeRef Row, string Attribute, string Detail, string RefAccess, TablePlace? Place, LockedTableModel? Locked = null);

/// <summary>Where a table is.</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="Schema">The table's schema.</param>
/// <param name="Name">The table's name.</param>
internal sealed record TablePlace(string Connection, string Schema, string Name);

/// <summary>What of a locked table the program carries, to be compared with the server's.</summary>
/// <param name="Columns">Its columns, in the server's order.</param>
internal sealed record LockedTableModel(EquatableArray<LockedColumnModel> Columns);

/// <summary>A column of a locked table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the server writes it.</param>
/// <param name="IsNullable">Whether it takes NULL.</param>
/// <param name="IsKey">Whether it is of the key.</param>
internal sealed record LockedColumnModel(string Name, string Type, bool IsNullable, bool IsKey);

/// <summary>A sink.</summary>
/// <param name="Name">Its name, unique in the pipeline.</param>
/// <param name="Reference">The name of its typed reference.</param>
/// <param name="Input">What it takes.</param>
/// <param name="Row">The row type that it takes.</param>
/// <param name="Attribute">The C# text that makes its attribute.</param>
/// <param name="Detail">Connector and connection, for people.</param>
/// <param name="LeavesTransactions">Whether a dead instance's transaction stays open at its server.</param>
/// <param name="RefAccess">The accessibility that a typed reference to it may have.</param>
internal sealed record SinkModel(
    string Name, string Reference, Port Input, TypeRef Row, string Attribute, string Detail, bool LeavesTransactions, string RefAccess);

/// <summary>What a consumer takes: a node's output, or one branch of a route.</summary>
/// <param name="Node">The giving node's id.</param>
/// <param name="Branch">The member of the route's enum; null for all of the output.</param>
internal sealed record Port(string Node, string? Branch);
